"""A second look with the centre moved: what is on the air stays where it is, what the receiver makes of it moves.

Counted from the centre c of the window, an IQ image of f lies at −f, and what I and Q clipped each by itself make of
three at −(a + b + c); moved by Δ, the window shows the DC line Δ away, an image 2Δ away and such a product 4Δ away.
A spur of the receiver's crystal, and a product a + b − c, stay: those are told otherwise (`proof`, `own_products`).
"""

import enum

from dsp.fm.look import FmLook, FmReception

_SAME_HZ = 30e3
_GHOST_STEPS = (1, 2, 4)
_TRUSTED_SHARE = 0.45  # of the window's rate
_EDGE_HZ = 110e3
_LEAST_MOVE_HZ = 2 * _SAME_HZ


class Standing(enum.Enum):
    STAYED = "stayed"  # it is on the air
    MOVED = "moved"  # a ghost: it stands as far from where it was as a ghost would
    GONE = "gone"  # neither here nor there: off the air since, or a ghost that is too weak now
    UNSEEN = "unseen"  # the second look could not have shown it, or was not moved far enough


def standings(first: FmLook, second: FmLook) -> tuple[Standing, ...]:
    """Of each station of the first look."""
    move_hz = second.centre_hz - first.centre_hz
    if abs(move_hz) < _LEAST_MOVE_HZ:
        return (Standing.UNSEEN,) * len(first.stations)
    return tuple(_standing(station, first, second) for station in first.stations)


def _standing(station: FmReception, first: FmLook, second: FmLook) -> Standing:
    """What stood there before says nothing of where a ghost went."""
    if _heard(second, station.freq_hz):
        return Standing.STAYED
    if not _covers(second, station.freq_hz):
        return Standing.UNSEEN
    ghosts_hz = [station.freq_hz + steps * (second.centre_hz - first.centre_hz) for steps in _GHOST_STEPS]
    came = any(_heard(second, freq_hz) and not _heard(first, freq_hz) for freq_hz in ghosts_hz)
    return Standing.MOVED if came else Standing.GONE


def _heard(look: FmLook, freq_hz: float) -> bool:
    return any(abs(each.freq_hz - freq_hz) <= _SAME_HZ for each in (*look.stations, *look.others))


def _covers(look: FmLook, freq_hz: float) -> bool:
    reach_hz = min(_TRUSTED_SHARE * look.rate_hz, look.rate_hz / 2 - _EDGE_HZ)
    return abs(freq_hz - look.centre_hz) <= reach_hz
