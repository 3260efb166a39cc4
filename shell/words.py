"""The one catalogue of what people read, in Chinese and English."""

import os
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib import resources

from shell.reasons import reason

LANGUAGES = ("zh", "en")


class UnknownWord(KeyError):
    def __init__(self, key: str) -> None:
        super().__init__(f"no entry {key!r} in the catalogue")
        self.key = key


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Every entry of shell/catalogue/*.toml: key → language → text. A key that stands twice is refused."""
    entries: dict[str, dict[str, str]] = {}
    for file in sorted(resources.files("shell").joinpath("catalogue").iterdir(), key=lambda f: f.name):
        if not file.name.endswith(".toml"):
            continue
        for key, texts in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if key in entries:
                raise ValueError(f"{file.name}: {key} stands in another catalogue file already")
            if set(texts) != set(LANGUAGES):
                raise ValueError(f"{file.name}: {key} needs exactly the texts {LANGUAGES}")
            entries[key] = texts
    return entries


def has(key: str) -> bool:
    return key in catalogue()


def say(key: str, language: str, /, **values: object) -> str:
    """The text of an entry with its values filled in. Raises UnknownWord."""
    try:
        text = catalogue()[key][language]
    except KeyError:
        raise UnknownWord(key) from None
    return text.format(**values) if values else text


def clean(text: str) -> str:
    """Radio text for one line of a page, log or message: no control, format or line-breaking characters."""
    return "".join(c if unicodedata.category(c)[0] != "C" else " " for c in text).strip()


class _Unknown:
    """Stands where a sentence wants a value that is not there."""

    def __format__(self, spec: str) -> str:
        return "–"


class _Values(dict[str, object]):
    def __missing__(self, name: str) -> object:
        return _Unknown()


def finding(name: str, part: str, evidence: Mapping[str, object], language: str) -> str:
    """Entry finding.<name>.<part> filled with the evidence; the bare name where the catalogue has none.

    A rule of another version may have looked at other values: what is missing is a dash, never a failed alert.
    """
    key = f"finding.{name}.{part}"
    if not has(key):
        return name
    values = _Values({k: clean(v) if isinstance(v, str) else v for k, v in evidence.items()})
    return catalogue()[key][language].format_map(values)


def explain(error: Exception, language: str) -> str:
    """The sentence for an error: entry error.<Class> filled from its attributes; else what it says itself."""
    for cls in type(error).__mro__:
        if language != "en" and has(f"error.{cls.__name__}"):
            return say(f"error.{cls.__name__}", language, **_told(error, language))
    return str(error)


REASONS = ("reason", "why", "hint", "allowed")  # attributes that may hold a sentence of somebody else's


def _told(error: Exception, language: str) -> dict[str, object]:
    """What a sentence about the error may name."""
    values: dict[str, object] = {"text": str(error), **vars(error)}
    sentences = {k: v for k, v in values.items() if k in REASONS and isinstance(v, str)}
    return values | {k: reason(v, catalogue(), language) for k, v in sentences.items()}


def terminal_language(asked: str | None = None) -> str:
    """What was asked for, else WAVEWARDEN_LANG, else Chinese in a Chinese locale and English elsewhere."""
    for wish in (asked, os.environ.get("WAVEWARDEN_LANG")):
        if wish in LANGUAGES:
            return wish
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh" if locale.lower().startswith("zh") else "en"
