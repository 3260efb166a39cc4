"""ISO 8601 times with nanoseconds, as SigMF writes them."""

import re
from datetime import UTC, datetime

ISO = re.compile(r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d)(?:\.(\d{1,}))?(Z|[+-]\d\d:?\d\d)?", re.ASCII)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def utc_ns(text: str) -> int:
    """Nanoseconds UTC; a time without a zone is taken as UTC, as SigMF says. Raises ValueError."""
    match = ISO.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    whole, fraction, zone = match.groups()
    moment = datetime.fromisoformat(whole + (zone or "Z"))
    elapsed = moment - EPOCH
    return (elapsed.days * 86_400 + elapsed.seconds) * 1_000_000_000 + int((fraction or "")[:9].ljust(9, "0"))


def iso_utc(time_utc_ns: int) -> str:
    """The way back, all nine digits."""
    seconds, rest = divmod(time_utc_ns, 1_000_000_000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:09d}Z"
