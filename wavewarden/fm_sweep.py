"""Which windows a radio has to hear of the FM band."""

from hardware.radio import Window
from sensor.plan import band_windows
from sensor.settings import BandSettings


def windows(band_hz: tuple[float, float], rate_hz: float, dwell_s: float) -> list[Window]:
    """Every channel of the band well inside one of them, none in its middle. Raises BandNotUsable."""
    low_hz, high_hz = band_hz
    band = BandSettings(service="fm", low_mhz=low_hz / 1e6, high_mhz=high_hz / 1e6, seconds=dwell_s)
    return list(band_windows(band, rate_hz))
