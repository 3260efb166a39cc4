"""When a cell was on the air: from and to, of the last few times. It is gone once looks at its channel went without it.

A sensor that was off or looked elsewhere ends no visit: only looks that covered the channel count.
"""

import msgspec

MOST_VISITS = 6
GONE_LOOKS = 3  # in a row that covered the channel
GONE_NS = 600 * 10**9


class Visit(msgspec.Struct, frozen=True, array_like=True):
    first_ns: int
    last_ns: int

    @property
    def length_ns(self) -> int:
        return self.last_ns - self.first_ns


def with_visit(visits: tuple[Visit, ...], now_ns: int, *, missed: int) -> tuple[Visit, ...]:
    """Heard now, after `missed` looks at its channel in vain."""
    last = visits[-1] if visits else None
    if last is None or now_ns < last.last_ns:  # first of all, or a clock set back
        return (*visits, Visit(now_ns, now_ns))[-MOST_VISITS:]
    if missed >= GONE_LOOKS and now_ns - last.last_ns >= GONE_NS:
        return (*visits, Visit(now_ns, now_ns))[-MOST_VISITS:]
    return (*visits[:-1], Visit(last.first_ns, now_ns))
