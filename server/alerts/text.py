"""An alert in words, in one language. Text that came from the air is stripped of control characters."""

import unicodedata
from datetime import UTC, datetime

from dsp.signatures.finding import Finding
from fusion.values import Level
from server.alerts.alert import Alert
from shell import words


def clean(text: str) -> str:
    """Radio text for one line of a message: no control, format or line-breaking characters."""
    return "".join(c if unicodedata.category(c)[0] != "C" else " " for c in text).strip()


def title(alert: Alert, language: str) -> str:
    level = words.say(f"level.{Level(alert.level).name.lower()}", language)
    kind = _or_name(f"case.{alert.kind}", alert.kind, language)
    return words.say("alert.title", language, level=level, kind=kind, mhz=f"{alert.freq_hz / 1e6:.3f}")


def body(alert: Alert, language: str) -> str:
    lines = [_when(alert, language), _where(alert, language)]
    lines += [f"· {in_words(standing.finding, language)}" for standing in alert.findings]
    return "\n".join(lines)


def in_words(finding: Finding, language: str) -> str:
    """What a finding saw, in a sentence, its values filled in; its name where the catalogue has no words."""
    key = f"finding.{finding.name}.what"
    if not words.has(key):
        return finding.name
    values = {name: clean(v) if isinstance(v, str) else v for name, v in finding.evidence.items()}
    return words.say(key, language, **values)


def _or_name(key: str, name: str, language: str) -> str:
    return words.say(key, language) if words.has(key) else name


def _when(alert: Alert, language: str) -> str:
    moment = datetime.fromtimestamp(alert.time_utc_ns / 1e9, UTC)
    return words.say("alert.when", language, utc=moment.strftime("%Y-%m-%d %H:%M:%S"), score=f"{alert.score_db:.0f}")


def _where(alert: Alert, language: str) -> str:
    fix = alert.fix
    if fix is None:
        return words.say("alert.nowhere", language)
    if fix.lat_deg is None or fix.lon_deg is None:
        return words.say("alert.region_only", language, km2=f"{fix.area_km2:.2f}")
    return words.say(
        "alert.where", language, lat=f"{fix.lat_deg:.5f}", lon=f"{fix.lon_deg:.5f}", km2=f"{fix.area_km2:.2f}"
    )
