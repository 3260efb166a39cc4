"""Why no cell was found: the likeliest reason, in words that say what to do."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from dsp.gsm.frame import SYMBOL_HZ
from dsp.gsm.receive import LEAST_RATE_HZ, receive_gsm
from dsp.gsm.symbol_lines import LEAST, symbol_lines
from dsp.iq import IqBlock
from recordings.read import Recording
from wavewarden.silence import Reason, ServiceSilence

SHORT_S = 0.1  # of air with the least that makes a cell known
TRIED_S = 0.5
MODULATION_S = 0.2  # of each look: enough to see the keying of what is always on
# what receivers are usually set to: dongles, sound-card rates of old, USRP's and LimeSDR's steps, multiples of a symbol
USUAL_RATES_HZ = (
    *(0.25e6, 0.3e6, 0.4e6, 0.5e6, 0.8e6, 0.9e6, 0.96e6, 1e6, 1.024e6, 1.2e6, 1.25e6, 1.4e6, 1.5e6, 1.536e6, 1.6e6),
    *(1.8e6, 1.92e6, 2e6, 2.048e6, 2.4e6, 2.5e6, 2.56e6, 2.88e6, 3e6, 3.2e6, 4e6, 5e6, 6e6, 6.144e6, 8e6, 10e6),
    *(n * SYMBOL_HZ for n in range(1, 13)),
)
SAME_RATE = 1e-4  # of the rate: the receiver itself finds cells this far off


@dataclass
class GsmSilence(ServiceSilence):
    """gsm_carriers : something is keyed as GSM is, cell or not"""

    service: ClassVar[str] = "gsm"
    gsm_carriers: bool = False

    def measure(self, block: IqBlock) -> None:
        ServiceSilence.measure(self, block)
        part = block.samples[: round(MODULATION_S * block.rate_hz)]
        self.gsm_carriers = self.gsm_carriers or symbol_lines(part, block.rate_hz) > LEAST

    def why(self, recording: Recording | None) -> Reason:
        return why_no_cell(self, recording)


def why_no_cell(silence: GsmSilence, recording: Recording | None) -> Reason:
    """`recording` None: from a radio, whose rate and samples need no doubt."""
    if silence.is_zeros:
        return Reason("zeros", {})
    misread = None if recording is None else _misread(recording)
    return misread or next(_reasons(silence))


def _reasons(silence: GsmSilence) -> Iterator[Reason]:
    """Those that hold, the surest first."""
    if silence.widest_hz < LEAST_RATE_HZ:
        yield Reason("narrow", {"rate": f"{silence.widest_hz:g}"})
    if silence.seconds < SHORT_S:
        yield Reason("short", {"seconds": f"{silence.seconds:.2g}"})
    if silence.is_clipped:
        yield Reason("clipped", {"share": f"{silence.clipped / max(silence.samples, 1):.0%}"})
    if silence.centred and "gsm" not in silence.services:
        yield Reason("fm" if "fm" in silence.services else "elsewhere", {})
    if silence.is_deaf:
        yield Reason("deaf", {"steps": silence.steps})
    if silence.gsm_carriers:
        yield Reason("traffic", {})
    if silence.carriers:
        yield Reason("carriers", {})
    yield Reason("dc" if silence.is_own_dc else "empty", {})


def _misread(recording: Recording) -> Reason | None:
    """Whether cells appear when the file is taken for what it was not said to be."""
    block = _middle(recording)
    if block is None:
        return None
    for rate_hz in sorted(USUAL_RATES_HZ, key=lambda rate: abs(np.log(rate / block.rate_hz))):
        if abs(rate_hz / block.rate_hz - 1) > SAME_RATE and _has_cell(block.samples, rate_hz):
            return Reason("rate", {"given": f"{block.rate_hz:.10g}", "rate": f"{rate_hz:.10g}"})
    return None


def _middle(recording: Recording) -> IqBlock | None:
    """As much of the longest capture as the highest rate needs."""
    capture = max(recording.captures, key=lambda each: each.samples, default=None)
    if capture is None:
        return None
    count = min(capture.samples, round(TRIED_S * max(USUAL_RATES_HZ)))
    return recording.read(capture, (capture.samples - count) // 2, count)


def _has_cell(samples: NDArray[np.complex64], rate_hz: float) -> bool:
    part = samples[: round(TRIED_S * rate_hz)]
    look = receive_gsm(IqBlock(samples=part, rate_hz=rate_hz, centre_hz=0.0))
    return any(each.blocks or len(each.syncs) > 1 for each in look.receptions)
