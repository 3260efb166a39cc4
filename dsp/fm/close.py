"""Two stations about 100 kHz apart that look like one: taken apart when each proves to be a carrier of its own.

A lump whose envelope varies far more than its noise explains has more than one signal in it. Looked at with a finer
eye it may fall into two; a station whose own modulation splits its spectrum does too, but then both halves lead back
to the same carrier, and it stays one.
"""

import itertools
from collections.abc import Sequence

from dsp.fm.look import FmReception
from dsp.spectrum import Carrier

_UNSTEADY_DB = 6.0  # of SINR under CNR: noise alone makes no more than 2
_REACH_HZ = 130e3
_OTHERS_HZ = 60e3
_LEAST_SINR_DB = 3.0
_MOST_OFFSET_HZ = 20e3
_LEAST_APART_HZ = 70e3
_BESIDE_HZ = (110e3, 200e3)


def unsteady(seen: FmReception) -> bool:
    return seen.sinr_db is None or seen.sinr_db < seen.carrier.cnr_db - _UNSTEADY_DB


def parts_of(seen: FmReception, others: Sequence[FmReception], fine: Sequence[Carrier]) -> tuple[Carrier, ...]:
    """The finer lumps that this one may consist of, none of them another's; fewer than two: it is one."""
    parts = tuple(
        part
        for part in fine
        if abs(part.freq_hz - seen.carrier.freq_hz) <= _REACH_HZ
        and all(abs(part.freq_hz - other.carrier.freq_hz) > _OTHERS_HZ for other in others if other is not seen)
    )
    return parts if len(parts) > 1 else ()


def beside(lumps: Sequence[FmReception], fine: Sequence[Carrier]) -> tuple[Carrier, ...]:
    """Finer lumps that the broad eye lost on the slope of a stronger neighbour 110 to 200 kHz away."""
    return tuple(part for part in fine if _BESIDE_HZ[0] <= _nearest_hz(part, lumps) <= _BESIDE_HZ[1])


def stands(part: FmReception) -> bool:
    """A steady carrier where its lump is, and not what a neighbour's modulation looks like there."""
    return (
        part.sinr_db is not None
        and part.sinr_db >= _LEAST_SINR_DB
        and abs(part.freq_hz - part.carrier.freq_hz) <= _MOST_OFFSET_HZ
    )


def _nearest_hz(part: Carrier, lumps: Sequence[FmReception]) -> float:
    return min((abs(part.freq_hz - lump.carrier.freq_hz) for lump in lumps), default=float("inf"))


def proved(parts: Sequence[FmReception]) -> tuple[FmReception, ...]:
    """Those that are steady carriers where their lump is, if at least two remain and stand apart; else none."""
    good = [part for part in sorted(parts, key=lambda part: part.freq_hz) if stands(part)]
    apart = all(b.freq_hz - a.freq_hz >= _LEAST_APART_HZ for a, b in itertools.pairwise(good))
    return tuple(good) if len(good) > 1 and apart else ()
