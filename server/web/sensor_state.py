"""How well a sensor is, from what it last said and when. Every doubt is named."""

from dataclasses import dataclass

from wire.report import Position, Report, TimeSource

LATE_NS = 60 * 10**9
SILENT_NS = 180 * 10**9
MOST_CLIPPED = 0.01  # share of samples; more, and levels and spectra are no longer true
MOST_LOST = 0.001
LONG_QUEUE = 500  # reports
HOT_C = 80.0  # small computers slow down above

UNTRUSTED_TIME = (TimeSource.NONE, TimeSource.SYSTEM)
GOOD, WARNING, BAD, SILENT, WAITING, REVOKED = "good", "warning", "bad", "silent", "waiting", "revoked"


@dataclass(frozen=True, slots=True)
class Doubt:
    """code: catalogue entry web.doubt.<code>, filled from `values`."""

    code: str
    state: str  # what the sensor is at best with this doubt
    values: dict[str, str | int]


def doubts(report: Report | None, position: Position | None, *, silent_ns: int | None, revoked: bool) -> list[Doubt]:
    """silent_ns: since it was last heard of; None: never."""
    if revoked:
        return [Doubt("revoked", REVOKED, {})]
    if silent_ns is None or report is None:
        return [Doubt("never", WAITING, {})]
    found = _late(silent_ns)
    if position is None:
        found.append(Doubt("no_position", WARNING, {}))
    return found + _health_doubts(report)


def _late(silent_ns: int) -> list[Doubt]:
    if silent_ns > SILENT_NS:
        return [Doubt("silent", SILENT, {"minutes": silent_ns // (60 * 10**9)})]
    if silent_ns > LATE_NS:
        return [Doubt("late", WARNING, {"seconds": silent_ns // 10**9})]
    return []


def _health_doubts(report: Report) -> list[Doubt]:
    health = report.health
    if health is None:
        return [Doubt("no_health", WARNING, {})]
    all_samples = health.samples_read + health.samples_lost
    lost = health.samples_lost / all_samples if all_samples else 0.0
    clipped, hot = health.clipped_share, health.temperature_c
    checks: tuple[tuple[bool, str, str, dict[str, str | int]], ...] = (
        (health.deaf is True, "deaf", BAD, {}),
        (not health.durable, "not_durable", BAD, {}),
        (lost > MOST_LOST, "lost", WARNING, {"share": f"{lost:.2%}"}),
        (clipped is not None and clipped > MOST_CLIPPED, "clipped", WARNING, {"share": f"{clipped or 0:.1%}"}),
        (health.queue_length > LONG_QUEUE, "queue", WARNING, {"count": health.queue_length}),
        (hot is not None and hot > HOT_C, "hot", WARNING, {"celsius": f"{hot or 0:.0f}"}),
        (report.time_source in UNTRUSTED_TIME, "time", WARNING, {}),
    )
    return [Doubt(code, state, values) for true, code, state, values in checks if true]


def state_of(found: list[Doubt]) -> str:
    """The worst of them."""
    order = (REVOKED, SILENT, WAITING, BAD, WARNING)
    return next((state for state in order if any(doubt.state == state for doubt in found)), GOOD)
