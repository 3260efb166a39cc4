import pytest

from sensor.settings import SensorSettings
from shell.exits import Exit
from shell.settings import parse_settings
from tests.wavewarden.running import invoke


def test_the_settings_that_are_printed_are_accepted_and_are_the_defaults(monkeypatch):
    printed = invoke(monkeypatch, "sensor", "settings").stdout
    assert parse_settings(printed, SensorSettings, file="printed") == SensorSettings(language="en")  # of the run


def test_enrolling_twice_gives_the_same_key(monkeypatch, tmp_path):
    config = tmp_path / "sensor.toml"
    config.write_text(f'[link]\nserver = "tcp://a:1"\nserver_key = "x"\nkey = "{tmp_path / "my.key"}"\n')
    first, second = (invoke(monkeypatch, "sensor", "enrol", "-c", config) for _ in range(2))
    assert first.exit_code == Exit.DONE
    assert first.stdout == second.stdout
    assert len(first.stdout.split()[-1]) == 40
    assert (tmp_path / "my.key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("command", ["drain", "numbered", "enrol", ""])
def test_without_a_settings_file_it_is_said_how_to_get_one(monkeypatch, tmp_path, command):
    log = ("--log", str(tmp_path / "log")) if command == "numbered" else ()
    words = [command] if command else []
    done = invoke(monkeypatch, "sensor", *words, *log, "-c", tmp_path / "none.toml")
    assert done.exit_code == Exit.BAD_INPUT
    assert f"wavewarden sensor settings > {tmp_path / 'none.toml'}" in done.stderr
