"""Stations of one window as phases: what a sensor sends so that its clock need not be trusted."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from dsp.channelise import channelise
from dsp.errors import SignalError
from dsp.fm.phase_steps import CHANNEL_RATE_HZ, PhaseSteps, phase_steps
from dsp.iq import IqBlock

PASS_HZ, _STOP_HZ = 95e3, 120e3


class OutsideWindow(SignalError):
    def __init__(self, *, freq_hz: float, centre_hz: float, rate_hz: float) -> None:
        super().__init__(
            f"{freq_hz / 1e6:.3f} MHz does not lie whole in {rate_hz / 1e6:.3f} MHz around {centre_hz / 1e6:.3f} MHz"
        )
        self.freq_hz, self.centre_hz, self.rate_hz = freq_hz, centre_hz, rate_hz


def phase_window(block: IqBlock, stations_hz: Sequence[float], *, first_s: float = 0.0) -> tuple[PhaseSteps, ...]:
    """In the order asked for. first_s : of the block's first sample, in the snippet's time.

    Raises OutsideWindow, BadRate, BlockTooShort.
    """
    for freq_hz in stations_hz:
        if abs(freq_hz - block.centre_hz) + PASS_HZ > block.rate_hz / 2:
            raise OutsideWindow(freq_hz=freq_hz, centre_hz=block.centre_hz, rate_hz=block.rate_hz)
    channels = channelise(
        block.samples,
        block.rate_hz,
        offsets_hz=[freq_hz - block.centre_hz for freq_hz in stations_hz],
        out_rate_hz=CHANNEL_RATE_HZ,
        pass_hz=PASS_HZ,
        stop_hz=_STOP_HZ,
    )
    clipped = None if block.clipped_samples is None else block.clipped_samples / max(len(block.samples), 1)
    return tuple(
        phase_steps(row, channels.rate_hz, freq_hz=freq_hz, first_s=first_s, clipped_share=clipped)
        for row, freq_hz in zip(channels.samples, stations_hz, strict=True)
    )


def cut(block: IqBlock, *, begin_utc_ns: int, seconds: float) -> IqBlock:
    """What of a dated block lies in the time asked for; all of it when that is nothing."""
    if block.time_utc_ns is None:
        return block
    begin = max(0, round((begin_utc_ns - block.time_utc_ns) * 1e-9 * block.rate_hz))
    end = min(len(block.samples), begin + round(seconds * block.rate_hz))
    if begin >= end:
        return block
    return replace(
        block,
        samples=np.ascontiguousarray(block.samples[begin:end]),
        first_sample=block.first_sample + begin,
        time_utc_ns=block.time_utc_ns + round(begin / block.rate_hz * 1e9),
    )
