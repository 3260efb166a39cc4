"""docs/judging.md says what the code does."""

import re
from pathlib import Path

from fusion import kinds
from fusion.judge import CAPS_DB, THRESHOLDS_DB
from shell import words
from shell.data import data_names

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "judging.md").read_text(encoding="utf-8")


def test_caps_and_thresholds_are_those_of_the_code():
    for group, cap_db in CAPS_DB.items():
        name = words.say(f"group.{group.value}", "en").lower()
        if group.value not in ("licence", "programme"):  # of FM
            assert re.search(rf"\| {name} \| {cap_db:g} \|", PAGE), name
    for level, least_db in THRESHOLDS_DB.items():
        assert re.search(rf"\| {level.name.lower()} \| {least_db:g} dB", PAGE), level


def test_every_kind_that_is_no_rogue_is_named_with_its_level():
    for kind in vars(kinds).values():
        if isinstance(kind, kinds.Kind) and kind.name != "rogue_bts":
            row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{kind.name}`"))
            assert kind.least is None or row.rstrip(" |").endswith(kind.least.name.lower())


def test_the_plans_that_ship_are_named():
    assert all(f"`{name}`" in PAGE for name in data_names("plans"))
