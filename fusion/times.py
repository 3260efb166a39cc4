"""Which instant a report belongs to, and whether two clocks can be compared."""

from fusion.values import FiledReport
from wire.report import Report, TimeSource

DISCIPLINED = (TimeSource.NTP, TimeSource.GNSS, TimeSource.PPS)
CLOCKED = (*DISCIPLINED, TimeSource.SYSTEM)
WEEK_NS = 7 * 86400 * 10**9
MINUTE_NS = 60 * 10**9


def heard_ns(report: Report) -> int:
    """When the signal was on the air; of a recording, when it was recorded."""
    return report.time_utc_ns if report.time_utc_ns is not None else report.created_utc_ns


def world_ns(filed: FiledReport) -> int:
    """When it happened for cases and ages: a replayed recording happens now, a backlog when it was made.

    A clock that runs ahead of the server, or is a week behind without any source, is not believed.
    """
    report, received = filed.report, filed.received_utc_ns
    clocked = report.time_source in CLOCKED and report.time_utc_ns is not None
    said = report.time_utc_ns if clocked and report.time_utc_ns is not None else report.created_utc_ns
    if said > received or (not clocked and said < received - WEEK_NS):
        return received
    return said
