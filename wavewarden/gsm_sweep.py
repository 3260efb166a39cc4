"""Hear a band with a radio, window after window; of a replay, what it holds."""

from collections.abc import Iterator
from dataclasses import dataclass

from dsp.gsm.arfcn import SEGMENTS
from dsp.iq import IqBlock
from hardware.errors import BadWindow, EndOfRecording, NotInRecording, RadioError, SamplesLost
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
    """block : None where there is an error instead; share : of the sweep that is done with it"""

    window: Window
    block: IqBlock | None
    share: float
    error: RadioError | None = None


def windows(band: str, *, rate_hz: float, dwell_s: float) -> list[Window]:
    """Raises BandNotUsable."""
    names = BANDS if band == ALL else [band]
    return [window for name in names for window in _band_windows(name, rate_hz=rate_hz, dwell_s=dwell_s)]


def _band_windows(band: str, *, rate_hz: float, dwell_s: float) -> Iterator[Window]:
    parts = [segment for segment in SEGMENTS if segment.band in BANDS[band]]
    low_mhz, high_mhz = min(p.first_hz for p in parts) / 1e6, max(p.last_hz for p in parts) / 1e6
    return band_windows(BandSettings(service="gsm", low_mhz=low_mhz, high_mhz=high_mhz, seconds=dwell_s), rate_hz)


def sweep(radio: Radio, wanted: list[Window]) -> Iterator[Heard]:
    """What is wrong with one window is in its place; raised only when no window could be heard. What is wrong with the
    radio is raised: the RadioError family."""
    last: RadioError | None = None
    heard_any = False
    for number, window in enumerate(wanted, start=1):
        share = number / len(wanted)
        try:
            block = radio.look(window.centre_hz, window.rate_hz, window.seconds)
        except (BadWindow, NotInRecording, SamplesLost) as error:
            last = error
            yield Heard(window, None, share, error)
            continue
        heard_any = True
        yield Heard(window, block, share)
    if last is not None and not heard_any:
        raise last


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
