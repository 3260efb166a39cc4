"""How a carrier came on the air here: at once, as somebody's switch does it, or swelling out of the noise.

What comes over the horizon swells by some decibels a minute, by ducting, or by half a decibel a second, by sporadic E;
a transmitter that is switched on is there at its full level. It shows only where its channel was listened to shortly
before.
"""

from collections.abc import Iterable, Sequence

import msgspec

GONE_NS = 900 * 10**9  # not heard for so long: what is heard next comes anew
SOON_NS = 120 * 10**9  # two turns of a sensor that sweeps the band; a duct brings up to 6 dB a minute
AT_ONCE_DB = 12.0  # CNR at the first hearing; a carrier is found from about 6 dB on
MOST_RISE_DB = 4.0  # since: it was still coming
EDGE_HZ = 100e3
MOST_WINDOWS = 64


class Listened(msgspec.Struct, frozen=True, array_like=True):
    """A window, and when it was last listened to."""

    low_hz: float
    high_hz: float
    at_ns: int


class Onset(msgspec.Struct, frozen=True, array_like=True):
    """vain_ns : when its channel was last listened to before that, in vain; None: never
    cnr_db    : at the first hearing
    breaks    : how often it was missed and came back since
    """

    since_ns: int
    vain_ns: int | None
    cnr_db: float
    breaks: int = 0

    def at_once(self, cnr_db: float) -> bool:
        """It was seen to come, as strong as it is now."""
        seen = self.vain_ns is not None and self.since_ns - self.vain_ns <= SOON_NS
        return seen and self.cnr_db >= AT_ONCE_DB and cnr_db - self.cnr_db < MOST_RISE_DB and not self.breaks

    def swelled(self, cnr_db: float) -> bool:
        """It was seen to come, and otherwise."""
        return self.vain_ns is not None and self.since_ns - self.vain_ns <= GONE_NS and not self.at_once(cnr_db)


def with_windows(old: tuple[Listened, ...], swept: Iterable[tuple[float, float]], now_ns: int) -> tuple[Listened, ...]:
    new = tuple(Listened(low_hz, high_hz, now_ns) for low_hz, high_hz in swept)
    again = {(each.low_hz, each.high_hz) for each in new}
    return (*(each for each in old if (each.low_hz, each.high_hz) not in again), *new)[-MOST_WINDOWS:]


def last_listened_ns(windows: Sequence[Listened], freq_hz: float) -> int | None:
    covering = (each.at_ns for each in windows if each.low_hz + EDGE_HZ <= freq_hz <= each.high_hz - EDGE_HZ)
    return max(covering, default=None)


def with_hearing(
    old: Onset | None, *, cnr_db: float, now_ns: int, last_ns: int | None, listened_ns: int | None
) -> Onset:
    """last_ns : when it was heard before
    listened_ns : when its channel was listened to before, with whatever success
    """
    if old is None or last_ns is None or not 0 <= now_ns - last_ns <= GONE_NS:
        vain = listened_ns is not None and (last_ns is None or listened_ns > last_ns)
        return Onset(now_ns, listened_ns if vain else None, cnr_db)
    missed = listened_ns is not None and last_ns < listened_ns < now_ns
    return msgspec.structs.replace(old, breaks=old.breaks + 1) if missed else old
