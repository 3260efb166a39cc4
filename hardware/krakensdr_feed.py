"""Asking a KrakenSDR for its latest directions, over its web address or from the file itself.

The page shows the last result for ever, also after the receiver has stopped: a line counts once, and only when it is
recent or was seen to change.
"""

from collections import Counter
from pathlib import Path

import httpx

from hardware.clock import Clock
from hardware.errors import RadioError
from hardware.krakensdr import Doa, DoaRefused, Mounting, read_line

TIMEOUT_S = 3.0
MOST_BYTES = 1 << 20
RECENT_NS = 10 * 10**9
CHANNEL_HZ = 1e3


class NoDoaFeed(RadioError):
    def __init__(self, *, address: str, reason: str) -> None:
        super().__init__(f"no directions come from {address}: {reason}")
        self.address, self.reason = address, reason


class DoaStale(RadioError):
    def __init__(self, *, address: str, seconds: float) -> None:
        super().__init__(
            f"{address} has shown the same directions for {seconds:.0f} s; is the device's processing running?"
        )
        self.address, self.seconds = address, f"{seconds:.0f}"


class DoaFeed:
    """Remembers the last line of each channel, and why lines were refused."""

    def __init__(self, address: str, mounting: Mounting, clock: Clock) -> None:
        self.address, self._mounting, self._clock = address, mounting, clock
        self.refused: Counter[str] = Counter()
        self.last_refusal: DoaRefused | None = None
        self._last: dict[int, int] = {}  # channel → time of its last line

    def fresh(self) -> list[Doa]:
        """What is new since the last call. Raises NoDoaFeed."""
        self.last_refusal = None
        return [doa for doa in map(self._read, self._lines()) if doa is not None and self._is_new(doa)]

    def _read(self, line: str) -> Doa | None:
        try:
            return read_line(line, self._mounting)
        except DoaRefused as error:
            self.refused[type(error).__name__] += 1
            self.last_refusal = error
            return None

    def _is_new(self, doa: Doa) -> bool:
        channel = round(doa.freq_hz / CHANNEL_HZ)
        before = self._last.get(channel)
        self._last[channel] = doa.time_utc_ns
        if before is None:
            return abs(self._clock.utc_ns() - doa.time_utc_ns) <= RECENT_NS
        if doa.time_utc_ns == before:
            self.refused["same_line"] += 1
        return doa.time_utc_ns != before

    def _lines(self) -> list[str]:
        try:
            page = _over_http(self.address) if "://" in self.address else _from_file(self.address)
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise NoDoaFeed(address=self.address, reason=_why(error)) from error
        return [line for line in page.decode("utf-8", "replace").splitlines() if line.strip()]


def _over_http(url: str) -> bytes:
    with httpx.stream("GET", url, timeout=TIMEOUT_S, trust_env=False) as answer:
        answer.raise_for_status()
        page = b""
        for piece in answer.iter_bytes():
            page += piece
            if len(page) > MOST_BYTES:
                raise httpx.DecodingError("the page is too long to be one of directions")
        return page


def _from_file(path: str) -> bytes:
    with Path(path).open("rb") as file:
        return file.read(MOST_BYTES)


def _why(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).partition("\n")[0]
