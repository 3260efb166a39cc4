"""The language of this run, known before the command line is parsed: its help speaks it too."""

import sys
from functools import cache

from shell import words


@cache
def language() -> str:
    return words.terminal_language(_asked(sys.argv[1:]))


def _asked(arguments: list[str]) -> str | None:
    for index, argument in enumerate(arguments):
        if argument.startswith("--lang="):
            return argument.partition("=")[2]
        if argument == "--lang" and index + 1 < len(arguments):
            return arguments[index + 1]
    return None


def text(key: str, /, **values: object) -> str:
    """A catalogue entry in the language of this run."""
    return words.say(key, language(), **values)
