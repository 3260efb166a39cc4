"""Which windows a radio has to hear of the GSM bands."""

from collections.abc import Iterator

from dsp.gsm.arfcn import SEGMENTS
from hardware.radio import Window
from sensor.plan import band_windows
from sensor.settings import BandSettings

BANDS = {
    "gsm900": ("r-gsm900", "e-gsm900", "p-gsm900"),
    "gsm850": ("gsm850",),
    "dcs1800": ("dcs1800",),
    "pcs1900": ("pcs1900",),
}
ALL = "all"


def windows(band: str, *, rate_hz: float, dwell_s: float) -> list[Window]:
    """Raises BandNotUsable."""
    names = BANDS if band == ALL else [band]
    return [window for name in names for window in _band_windows(name, rate_hz=rate_hz, dwell_s=dwell_s)]


def _band_windows(band: str, *, rate_hz: float, dwell_s: float) -> Iterator[Window]:
    parts = [segment for segment in SEGMENTS if segment.band in BANDS[band]]
    low_mhz, high_mhz = min(p.first_hz for p in parts) / 1e6, max(p.last_hz for p in parts) / 1e6
    return band_windows(BandSettings(service="gsm", low_mhz=low_mhz, high_mhz=high_mhz, seconds=dwell_s), rate_hz)
