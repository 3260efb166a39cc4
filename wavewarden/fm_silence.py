"""Why no station was found, or what was wrong where some were: measured on the way."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np

from dsp.fm.receive import LEAST_RATE_HZ, LEAST_SECONDS
from dsp.iq import IqBlock
from recordings.read import Recording
from shell import words
from wavewarden.language import text
from wavewarden.silence import Reason, ServiceSilence

LOOKED_AT_S = 0.1  # of each look: enough to see what is always on
CLIPPED_SHARE = 1e-3  # above it deviations are no longer stated


@dataclass
class FmSilence(ServiceSilence):
    """rejected : lumps of the spectrum that were no FM carrier, by reason; deaf : looks all but without samples"""

    service: ClassVar[str] = "fm"
    rejected: Counter[str] = field(default_factory=Counter)
    deaf: int = 0
    looks: int = 0

    def measure(self, block: IqBlock) -> None:
        """All of the look where that is cheap, else its beginning."""
        few, before = round(LOOKED_AT_S * block.rate_hz), self.steps
        self.steps = 0
        ServiceSilence.measure(self, replace(block, samples=block.samples[:few], clipped_samples=None))
        self.looks += 1
        self.deaf += self.is_deaf
        self.steps = max(self.steps, before)
        rest = block.samples[few:]
        self.clipped += block.clipped_samples or 0
        self.samples += len(rest)
        self.seconds += len(rest) / block.rate_hz
        self.constant = self.constant and bool(np.all(rest == block.samples[:1]))

    @property
    def clipped_share(self) -> float:
        return self.clipped / max(self.samples, 1)

    def why(self, recording: Recording | None) -> Reason:
        return next(_reasons(self))

    def warnings(self) -> Iterator[str]:
        """Of a scan that found stations: what it may have missed, in words."""
        if self.clipped_share > CLIPPED_SHARE:
            yield text("fm.clipped", share=f"{self.clipped_share:.1%}")
        if 0 < self.deaf < self.looks:
            yield text("fm.deaf", looks=self.deaf, all=self.looks)
        if self.rejected:
            yield text("fm.rejected", count=self.rejected.total(), reasons=said(self.rejected))


def said(rejected: Counter[str]) -> str:
    """The reasons in words, with how often each."""
    parts = ((f"fm.rejected.{name}", name, count) for name, count in rejected.most_common())
    return text("fm.and").join(f"{text(key) if words.has(key) else name} × {count}" for key, name, count in parts)


def _reasons(silence: FmSilence) -> Iterator[Reason]:
    """Those that hold, the surest first."""
    if silence.is_zeros:
        yield Reason("zeros", {})
    if silence.widest_hz < LEAST_RATE_HZ:
        yield Reason("narrow", {"rate": f"{silence.widest_hz:g}"})
    if silence.seconds < LEAST_SECONDS:
        yield Reason("short", {"seconds": f"{silence.seconds:.2g}"})
    if silence.is_clipped:
        yield Reason("clipped", {"share": f"{silence.clipped_share:.0%}"})
    if silence.centred and "fm" not in silence.services:
        yield Reason("gsm" if "gsm" in silence.services else "elsewhere", {})
    if silence.is_deaf:
        yield Reason("deaf", {"steps": silence.steps})
    if silence.rejected:
        yield Reason("rejected", {"reasons": said(silence.rejected)})
    if silence.carriers:
        yield Reason("carriers", {})
    yield Reason("dc" if silence.is_own_dc else "empty", {})
