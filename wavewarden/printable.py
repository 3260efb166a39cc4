"""JSON for a terminal: Chinese stays readable, what a terminal would obey is written as its number."""

import json
import unicodedata

UNPRINTED = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}  # controls, turns of direction, what is no character


def printable(line: str) -> str:
    return "".join(c if unicodedata.category(c) not in UNPRINTED else json.dumps(c)[1:-1] for c in line)
