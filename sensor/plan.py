"""What to listen to, and in which order: windows that together cover the bands.

No carrier may lie on the receiver's own centre, where a small constant remains: centres stand half a channel beside
the raster. Neighbouring windows overlap, so that every carrier is well inside one of them.
"""

import math
from collections.abc import Iterator
from itertools import cycle
from typing import Protocol

from hardware.radio import Recorded, Window
from sensor.errors import BandNotUsable
from sensor.settings import BandSettings, PlanSettings

USABLE = 0.8  # of the rate: a dongle's filters fall off towards the ends
RASTER_HZ = {"gsm": 200e3, "fm": 100e3}  # 3GPP TS 45.005 §2; China's FM channels
HALF_SIGNAL_HZ = 100e3  # of one GSM or FM signal
LONGEST_S = 3.0  # of one look at a recording that is followed
DEFAULT_BANDS = (
    BandSettings(service="gsm", low_mhz=935.2, high_mhz=959.8),
    BandSettings(service="fm", low_mhz=87.0, high_mhz=108.0),
)


class Plan(Protocol):
    def next(self) -> Window: ...


class Rounds:
    """Round after round without end."""

    def __init__(self, windows: tuple[Window, ...]) -> None:
        self.windows = windows
        self._turn = cycle(windows)

    def next(self) -> Window:
        return next(self._turn)


class FollowRecording:
    """Whatever was recorded next."""

    def __init__(self, recorded: Recorded) -> None:
        self._recorded = recorded

    def next(self) -> Window:
        return self._recorded.next_window(LONGEST_S)


def rounds(settings: PlanSettings) -> Rounds:
    """The bands mixed evenly, so that each is heard early and often. Raises BandNotUsable."""
    visits = []
    for band in settings.bands or DEFAULT_BANDS:
        windows = tuple(band_windows(band, settings.rate_hz))
        for turn in range(band.visits):
            for place, window in enumerate(windows):
                visits.append(((turn + (place + 0.5) / len(windows)) / band.visits, window))
    return Rounds(tuple(window for _, window in sorted(visits, key=lambda visit: visit[0])))


def band_windows(band: BandSettings, rate_hz: float) -> Iterator[Window]:
    """Windows from low to high; each carrier of the band with its whole signal inside the usable part of one."""
    raster = RASTER_HZ[band.service]
    _refuse(band, rate_hz, raster)
    low, high = band.low_mhz * 1e6, band.high_mhz * 1e6
    half = USABLE * rate_hz / 2 - HALF_SIGNAL_HZ
    step = raster * math.floor(2 * half / raster)
    centre = beside_raster(low + half, raster)
    yield Window(centre, rate_hz, band.seconds)
    while centre + half < high:
        centre += step
        yield Window(centre, rate_hz, band.seconds)


def beside_raster(freq_hz: float, raster_hz: float) -> float:
    """The highest frequency up to this one that lies midway between two channels."""
    return (math.floor(freq_hz / raster_hz - 0.5 + 1e-9) + 0.5) * raster_hz


def _refuse(band: BandSettings, rate_hz: float, raster_hz: float) -> None:
    reason = None
    if not 0 < band.low_mhz <= band.high_mhz:
        reason = "low_mhz must be above zero and not above high_mhz"
    elif not (band.seconds > 0 and band.visits >= 1):
        reason = "seconds must be above zero and visits at least 1"
    elif USABLE * rate_hz / 2 - HALF_SIGNAL_HZ < raster_hz:
        reason = f"plan.rate_hz = {rate_hz:g} is too narrow for it"
    if reason is not None:
        raise BandNotUsable(low_mhz=band.low_mhz, high_mhz=band.high_mhz, reason=reason)
