"""Reasons inside a refusal that somebody else's code put into English: TOML and JSON readers, the operating system.

The English text of an entry reason.* is a pattern; what stands in its fields goes into the other language's text.
"""

import re
import string
from collections.abc import Mapping
from functools import cache

PREFIX = "reason."
DEEPEST = 4  # a reason in a reason


def reason(text: str, entries: Mapping[str, Mapping[str, str]], language: str, *, depth: int = 0) -> str:
    """The text in `language`; as it is where no entry knows it."""
    for pattern, key in _patterns(tuple((k, v["en"]) for k, v in entries.items() if k.startswith(PREFIX))):
        found = pattern.fullmatch(text)
        if found is None:
            continue
        values = found.groupdict()
        if "reason" in values and depth < DEEPEST:
            values["reason"] = reason(values["reason"], entries, language, depth=depth + 1)
        return entries[key][language].format(**values)
    return text


@cache
def _patterns(english: tuple[tuple[str, str], ...]) -> tuple[tuple[re.Pattern[str], str], ...]:
    """What stands around another reason first; then those with the most fixed text, the most particular."""
    parsed = [(key, list(string.Formatter().parse(text))) for key, text in english]
    parsed.sort(key=lambda item: _rank(item[1]))
    return tuple((re.compile(_pattern(parts), re.DOTALL), key) for key, parts in parsed)


def _rank(parts: list[tuple[str, str | None, str | None, str | None]]) -> tuple[int, int]:
    fixed = sum(len(text) for text, *_ in parts)
    if "reason" not in [field for _, field, *_ in parts]:
        return 2, -fixed
    return int(not parts[0][0]), -fixed


def _pattern(parts: list[tuple[str, str | None, str | None, str | None]]) -> str:
    return "".join(re.escape(fixed) + (f"(?P<{field}>.+?)" if field else "") for fixed, field, *_ in parts)
