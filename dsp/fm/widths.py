"""How wide a channel each station is given: as its neighbours allow."""

from collections.abc import Sequence
from dataclasses import dataclass

from dsp.spectrum import Carrier


@dataclass(frozen=True, slots=True)
class Width:
    """rate_hz of the channel's samples; whole up to ±pass_hz, nothing beyond ±stop_hz."""

    rate_hz: float
    pass_hz: float
    stop_hz: float


WIDE = Width(300e3, 130e3, 165e3)  # over-deviation up to 110 kHz shows whole
NORMAL = Width(240e3, 100e3, 138e3)
NARROW = Width(240e3, 78e3, 108e3)
CLOSE = Width(240e3, 45e3, 75e3)  # another station 100 kHz away: what can be heard of both
_WEAK_DB = 16.0  # under it every kHz of noise brings the FM threshold nearer
_FAR_HZ, _NEAR_HZ = 290e3, 150e3
_MUCH_STRONGER_DB = 6.0


def choose_widths(carriers: Sequence[Carrier], rate_hz: float) -> tuple[Width, ...]:
    return tuple(_width(carrier, carriers, rate_hz) for carrier in carriers)


def _width(carrier: Carrier, carriers: Sequence[Carrier], rate_hz: float) -> Width:
    width = NORMAL if carrier.cnr_db < _WEAK_DB or rate_hz < WIDE.rate_hz else WIDE
    for other in carriers:
        apart_hz = abs(other.freq_hz - carrier.freq_hz)
        if other is carrier or apart_hz > 1.3 * _FAR_HZ:
            continue
        stronger_db = other.cnr_db - carrier.cnr_db
        if apart_hz < _NEAR_HZ or (apart_hz < _FAR_HZ and stronger_db > _MUCH_STRONGER_DB):
            return NARROW
        if apart_hz < _FAR_HZ or stronger_db > _MUCH_STRONGER_DB:
            width = NORMAL
    return width
