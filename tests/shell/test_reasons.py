import tomllib

import msgspec
import pytest

from shell.reasons import reason
from shell.settings import SettingsError, parse_settings
from shell.words import catalogue, explain


class Inner(msgspec.Struct, frozen=True):
    port: int = 1


class Outer(msgspec.Struct):
    name: str
    inner: Inner = Inner()


def zh(text: str) -> str:
    return reason(text, catalogue(), "zh")


@pytest.mark.parametrize(
    "text",
    [
        "a = = 1",
        "[a",
        'a = "x',
        "a = 1\na = 2",
        "[a]\n[a]",
        "a = 1 b",
        "a = [1",
        "a = {b = 1",
        "name = 1",
        'name = "a"\ninner = 3',
        'name = "a"\ninner.port = "x"',
        "",
        "nmae = 1",
        "zzzzzz = 1",
    ],
)
def test_what_a_settings_file_is_refused_for_is_said_in_chinese(text):
    with pytest.raises(SettingsError) as refusal:
        parse_settings(text, Outer, file="a.toml")
    said = explain(refusal.value, "zh").partition("`")[0].replace("a.toml", "").replace("TOML", "")
    assert not any(letter.isascii() and letter.isalpha() for letter in said.split("'")[0]), said


def test_a_reason_within_a_reason_is_told_too():
    try:
        tomllib.loads("a = = 1")
    except tomllib.TOMLDecodeError as error:
        assert zh(f"is not TOML: {error}") == "不是 TOML：第 1 行第 5 列：值不合语法"


def test_a_reason_that_nobody_knows_stays_as_it_is():
    assert zh("quite new") == "quite new"
    assert zh("cannot be read: quite new") == "读不出来：quite new"


def test_braces_in_a_reason_are_only_text():
    assert zh("Expected `{x}`, got `{0}`") == "应为 `{x}`，却是 `{0}`"
