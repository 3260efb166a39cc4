"""Names and sentences for what the server knows, in one language. Text from the air is cleaned, never trusted."""

import string
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Literal

from dsp.signatures.finding import Finding
from fusion.values import Case, Emitter, Level
from server.alerts.alert import Alert
from shell import words
from shell.words import clean

UNKNOWN = "–"
LevelName = Literal["note", "watch", "high"]
LEVEL_NAMES: dict[Level, LevelName] = {Level.NOTE: "note", Level.WATCH: "watch", Level.HIGH: "high"}


def or_name(key: str, name: str, language: str) -> str:
    """The catalogue's text; the bare name where it has none."""
    return words.say(key, language) if words.has(key) else name


def level_name(level: int) -> LevelName:
    return LEVEL_NAMES[Level(level)]


def level_text(level: int, language: str) -> str:
    name = level_name(level)
    return or_name(f"level.{name}", name, language)


def kind_text(kind: str, language: str) -> str:
    return or_name(f"case.{kind}", kind, language)


def finding_text(finding: Finding, part: str, language: str) -> str:
    """Title, what or innocent of a finding; where it lacks a value that the sentence asks for, a dash stands."""
    try:
        return words.finding(finding.name, part, finding.evidence, language)
    except (KeyError, ValueError, IndexError, TypeError):
        return _Lenient().format(words.say(f"finding.{finding.name}.{part}", language), **finding.evidence)


class _Lenient(string.Formatter):
    """An evidence of another version of the rule must not take a page down."""

    def get_value(self, key: int | str, args: object, kwargs: Mapping[str, object]) -> object:
        return kwargs.get(str(key), UNKNOWN)

    def format_field(self, value: object, format_spec: str) -> str:
        try:
            return format(clean(value) if isinstance(value, str) else value, format_spec)
        except (TypeError, ValueError):
            return str(value)


def evidence_text(value: float | int | str | bool, language: str) -> str:
    if isinstance(value, bool):
        return words.say("web.yes" if value else "web.no", language)
    if isinstance(value, float):
        return f"{value:.10g}" if abs(value) >= 1e5 else f"{value:.6g}"
    return clean(value) if isinstance(value, str) else str(value)


SHOWN_APART = ("system_information", "ps", "rt", "programme")


def field_texts(heard: Mapping[str, object]) -> list[tuple[str, str]]:
    """What a sensor heard, by the standard's names; what is unknown or empty is left out."""
    said = {name: value for name, value in heard.items() if name not in SHOWN_APART and value not in (None, (), [])}
    return [(name, field_text(name, value)) for name, value in said.items()]


def field_text(name: str, value: object) -> str:
    if name == "pi" and isinstance(value, int):
        return f"{value:04X}"
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, list | tuple):
        return " ".join(field_text("", one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} {field_text('', one)}" for key, one in value.items())
    return clean(str(value))


def mhz(freq_hz: float) -> str:
    """97.4 and 947.2, but 97.44. A name is to 10 kHz: an alert's and its case's, measured apart, are the same."""
    text = f"{freq_hz / 1e6:.2f}".rstrip("0")
    return text + "0" if text.endswith(".") else text


def emitter_name(emitter: Emitter) -> str:
    """What tells it from others: frequency first, then the identity it broadcasts."""
    if emitter.service == "gsm":
        plmn = f"{emitter.mcc}-{emitter.mnc}" if emitter.mcc is not None else None
        parts = (plmn, emitter.lac, emitter.ci)
        identity = "/".join(str(part) for part in parts if part is not None)
    else:
        identity = emitter.licence_name or emitter.ps or (f"PI {emitter.pi:04X}" if emitter.pi is not None else "")
    return " ".join(filter(None, (f"{mhz(emitter.freq_hz)} MHz", clean(identity))))


def case_title(case: Case, emitter: Emitter | None, language: str) -> str:
    kind = kind_text(case.kind, language)
    return f"{kind} {emitter_name(emitter)}" if emitter is not None else kind


def alert_title(alert: Alert, language: str) -> str:
    return f"{kind_text(alert.kind, language)} {mhz(alert.freq_hz)} MHz"


def iso(time_utc_ns: int) -> str:
    """UTC to the millisecond, as scripts and people read it."""
    moment = datetime.fromtimestamp(time_utc_ns // 10**6 / 1000, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{time_utc_ns // 10**6 % 1000:03d}Z"


def iso_or_none(time_utc_ns: int | None) -> str | None:
    return None if time_utc_ns is None else iso(time_utc_ns)
