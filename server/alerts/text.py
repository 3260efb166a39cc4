"""An alert in words, in one language. Text that came from the air is stripped of control characters."""

from datetime import UTC, datetime

from fusion.values import Level
from server.alerts.alert import Alert
from shell import words


def title(alert: Alert, language: str) -> str:
    level = words.say(f"level.{Level(alert.level).name.lower()}", language)
    kind = _or_name(f"case.{alert.kind}", alert.kind, language)
    return words.say("alert.title", language, level=level, kind=kind, mhz=f"{alert.freq_hz / 1e6:.3f}")


def body(alert: Alert, language: str) -> str:
    lines = [_when(alert, language), _where(alert, language)]
    for standing in alert.findings:
        found = standing.finding
        lines.append(f"· {words.finding(found.name, 'what', found.evidence, language)}")
    return "\n".join(lines)


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
