"""Hear a band with a radio, window after window; of a replay, what it holds."""

from collections.abc import Iterator
from dataclasses import dataclass

from dsp.gsm.arfcn import SEGMENTS
from dsp.iq import IqBlock
from hardware.errors import BadWindow, EndOfRecording, NotInRecording, RadioError
from hardware.radio import Radio, Window
from hardware.replay import Replay
from sensor.plan import band_windows
from sensor.settings import BandSettings

BANDS = {
    "gsm900": ("r-gsm900", "e-gsm900", "p-gsm900"),
    "gsm850": ("gsm850",),
    "dcs1800": ("dcs1800",),
    "pcs1900": ("pcs1900",),
}
ALL = "all"


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """block : None where the radio cannot receive; share : of the sweep that is done with it"""

    window: Window
    block: IqBlock | None
    share: float


def windows(band: str, *, rate_hz: float, dwell_s: float) -> list[Window]:
    """Raises BandNotUsable."""
    names = BANDS if band == ALL else [band]
    return [window for name in names for window in _band_windows(name, rate_hz=rate_hz, dwell_s=dwell_s)]


def _band_windows(band: str, *, rate_hz: float, dwell_s: float) -> Iterator[Window]:
    parts = [segment for segment in SEGMENTS if segment.band in BANDS[band]]
    low_mhz, high_mhz = min(p.first_hz for p in parts) / 1e6, max(p.last_hz for p in parts) / 1e6
    return band_windows(BandSettings(service="gsm", low_mhz=low_mhz, high_mhz=high_mhz, seconds=dwell_s), rate_hz)


def sweep(radio: Radio, wanted: list[Window]) -> Iterator[Heard]:
    """Raises the RadioError family; for a window only when the radio can receive none of them."""
    refused: RadioError | None = None
    heard_any = False
    for number, window in enumerate(wanted, start=1):
        block = None
        try:
            block = radio.look(window.centre_hz, window.rate_hz, window.seconds)
            heard_any = True
        except (BadWindow, NotInRecording) as error:
            refused = error
        yield Heard(window, block, number / len(wanted))
    if refused is not None and not heard_any:
        raise refused


def follow(replay: Replay, *, dwell_s: float) -> Iterator[Heard]:
    """Whatever was recorded, in its order."""
    seconds, done_s = max(replay.recording.seconds, 1e-9), 0.0
    while True:
        try:
            window = replay.next_window(dwell_s)
            block = replay.look(window.centre_hz, window.rate_hz, window.seconds)
        except EndOfRecording:
            return
        done_s += block.seconds
        yield Heard(window, block, min(done_s / seconds, 1.0))
