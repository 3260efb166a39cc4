import stat
from pathlib import Path

import pytest

from sensor.keys import BadKeyFile, NoKey, enrol, make_keys, read_keys


def test_enrolling_makes_a_pair_once_and_prints_the_public_half(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "sensor.key"
    public = enrol(file)
    assert len(public) == 40 and enrol(file) == public == read_keys(file).public
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_secret_half_is_not_in_what_is_printed_of_a_pair(tmp_path: Path) -> None:
    keys = make_keys(tmp_path / "sensor.key")
    assert keys.secret not in repr(keys) and keys.secret != keys.public


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    make_keys(tmp_path / "sensor.key")
    (tmp_path / "sensor.key").chmod(0o644)
    with pytest.raises(BadKeyFile, match="others can read"):
        read_keys(tmp_path / "sensor.key")


def test_an_existing_key_is_never_overwritten(tmp_path: Path) -> None:
    keys = make_keys(tmp_path / "sensor.key")
    with pytest.raises(BadKeyFile):
        make_keys(tmp_path / "sensor.key")
    assert read_keys(tmp_path / "sensor.key") == keys


def test_a_missing_key_is_another_matter_than_a_bad_one(tmp_path: Path) -> None:
    with pytest.raises(NoKey):
        read_keys(tmp_path / "sensor.key")


@pytest.mark.parametrize("text", ["", "one line", "x" * 40 + "\n" + "y" * 40, "\x00\n\x01", "\u4f60\u597d"])
def test_a_file_that_is_no_key_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "sensor.key"
    file.write_text(text, encoding="utf-8")
    file.chmod(0o600)
    with pytest.raises(BadKeyFile):
        enrol(file)


def test_two_halves_of_different_pairs_are_refused(tmp_path: Path) -> None:
    one, two = make_keys(tmp_path / "one"), make_keys(tmp_path / "two")
    (tmp_path / "one").write_text(f"{one.public}\n{two.secret}\n")
    with pytest.raises(BadKeyFile, match="belong together"):
        read_keys(tmp_path / "one")


def test_a_new_public_key_never_looks_like_an_option_of_a_command_line(tmp_path, monkeypatch):
    pairs = iter([(b"-" + b"0" * 39, b"1" * 40), (b"0" * 40, b"2" * 40)])
    monkeypatch.setattr("sensor.keys.zmq.curve_keypair", lambda: next(pairs))
    assert make_keys(tmp_path / "key").public == "0" * 40
