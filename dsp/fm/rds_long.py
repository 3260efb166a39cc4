"""Names of other lengths put together: the programme type's (10A, eight characters) and the long name (15A, UTF-8)."""

from dataclasses import dataclass, field

from dsp.fm.rds_services import LongNamePart, TypeNamePart
from dsp.fm.rds_tally import Steady

_LONG_SEGMENTS = 8
_END = b"\r"


@dataclass(slots=True)
class TypeNameParts:
    """Remembers both halves since the A/B flag last changed."""

    halves: dict[int, bytes] = field(default_factory=dict)
    flag_b: bool | None = None

    def take(self, part: TypeNamePart) -> bytes | None:
        if part.flag_b != self.flag_b or self.halves.get(part.segment, part.codes) != part.codes:
            self.halves, self.flag_b = {}, part.flag_b
        self.halves[part.segment] = part.codes
        if len(self.halves) < 2:
            return None
        whole, self.halves = self.halves[0] + self.halves[1], {}
        return whole


@dataclass(slots=True)
class LongNameParts:
    """Remembers the parts of a long name; it ends at a carriage return or after 32 bytes."""

    parts: dict[int, bytes] = field(default_factory=dict)

    def take(self, part: LongNamePart) -> bytes | None:
        if self.parts.get(part.segment, part.codes) != part.codes:
            self.parts = {}
        self.parts[part.segment] = part.codes
        whole = b""
        for i in range(_LONG_SEGMENTS):
            if i not in self.parts:
                return None
            whole += self.parts[i]
            if _END in self.parts[i]:
                break
        self.parts = {}
        return whole


@dataclass(slots=True)
class Clocks:
    """Remembers the last clock time and how many before it led up to it.

    One that lies before the last, or more than a day after it, is believed when the next one follows it; of two that
    contradict each other the later one stands.
    """

    time_utc_ns: int | None = None
    times: int = 0
    offset_s: Steady[int] = field(default_factory=Steady)
    _doubtful_ns: int | None = None

    def take(self, time_utc_ns: int, utc_offset_s: int) -> None:
        if self.time_utc_ns is None or _follows(time_utc_ns, self.time_utc_ns):
            self.time_utc_ns, self.times, self._doubtful_ns = time_utc_ns, self.times + 1, None
            self.offset_s.take(utc_offset_s)
        elif self.times == 1:
            self.time_utc_ns, self.offset_s = time_utc_ns, Steady(utc_offset_s, 1)
        elif self._doubtful_ns is not None and _follows(time_utc_ns, self._doubtful_ns):
            self.time_utc_ns, self.times, self._doubtful_ns = time_utc_ns, 2, None
            self.offset_s.take(utc_offset_s)
        else:
            self._doubtful_ns = time_utc_ns


def _follows(later_ns: int, earlier_ns: int) -> bool:
    return 0 <= later_ns - earlier_ns <= 86_400_000_000_000
