"""Tables that ship with the program."""

import contextlib
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from shell import words
from shell.data import UnknownData, data_names, read_chosen, read_data
from shell.settings import UnreadableSettings


class Named(msgspec.Struct):
    name: str


def test_the_plans_that_ship_are_found_by_name():
    assert {"cn", "de", "none"} <= set(data_names("plans"))
    assert read_chosen("plans", "none", Named).name == "none"
    assert read_data("plans/none.toml", Named).name == "none"


def test_a_plan_of_ones_own_is_read_from_its_path(tmp_path: Path):
    (tmp_path / "mine.toml").write_text('name = "mine"\n', encoding="utf-8")
    assert read_chosen("plans", str(tmp_path / "mine.toml"), Named).name == "mine"
    with pytest.raises(UnreadableSettings):
        read_chosen("plans", str(tmp_path / "other.toml"), Named)


@pytest.mark.parametrize("choice", ["xx", "", "../weights", "cn/../cn"])
def test_an_unknown_name_is_refused_with_those_that_there_are(choice: str):
    with pytest.raises(UnknownData) as refusal:
        read_chosen("plans", choice, Named)
    for language in words.LANGUAGES:
        assert "cn, de, none" in words.explain(refusal.value, language)


def test_the_tables_are_in_the_wheel_and_are_read_from_it(tmp_path: Path):
    from hatchling.build import build_wheel

    root = Path(__file__).resolve().parents[2]
    with contextlib.chdir(root):
        wheel = tmp_path / build_wheel(str(tmp_path))
    read = "import shell.data as d; print(d.__file__, d.data_names('plans'))"
    script = f"import sys; sys.path.insert(0, {str(wheel)!r}); {read}"
    done = subprocess.run(
        [sys.executable, "-P", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert str(wheel) in done.stdout
    assert "'cn', 'de', 'none'" in done.stdout
