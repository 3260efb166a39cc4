"""Receive and judge a recording: what was heard by its end, and every finding, once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from dsp.fm.multiplex import receive_multiplex
from dsp.fm.values import FmStation
from dsp.gsm.values import GsmCell
from dsp.iq import IqBlock
from dsp.signatures.finding import Finding
from dsp.signatures.history import SiteHistory, cell_key, station_key
from dsp.signatures.licences import Licences
from recordings.read import Multiplex, Recording
from sensor.listen import listen
from sensor.memories import Memories
from wavewarden.heard_multiplex import FmMultiplex, describe

LONGEST_S = 2.0  # of one look: eight 51-multiframes, so that every System Information is in it
CLIPPED_SHARE = 0.02  # above this, clipping is the likelier reason why nothing was decoded
CARRIER_OVER_MEDIAN = 10.0  # of the averaged spectrum: something transmits
SHORT_S = {"gsm": 0.1, "fm": 0.5}
Key = tuple[str, str]


@dataclass
class Result:
    """What a whole recording gave: the last, fullest description of each transmitter."""

    heard: dict[Key, GsmCell | FmStation | FmMultiplex] = field(default_factory=dict)
    findings: dict[tuple[Key | None, str], Finding] = field(default_factory=dict)
    clipped: int = 0
    samples: int = 0
    seconds: float = 0.0
    constant: bool = True
    carriers: bool = False

    def why_nothing(self) -> str:
        """Catalogue key of the likely reason that nothing was heard."""
        if self.constant:
            return "replay.why.zeros"
        if self.samples and self.clipped / self.samples > CLIPPED_SHARE:
            return "replay.why.clipped"
        if self.seconds < SHORT_S["fm"]:
            return "replay.why.short"
        return "replay.why.carriers" if self.carriers else "replay.why.empty"


def replay(
    recording: Recording | Multiplex, licences: Licences, *, progress: Callable[[float], None] | None = None
) -> Result:
    """Raises SignalError where the recording as a whole cannot be worked on, RecordingError where it cannot be read."""
    if isinstance(recording, Multiplex):
        return _multiplex(recording)
    result, memories, history = Result(), Memories(), SiteHistory()
    for done, block in pieces(recording):
        _measure(result, block)
        heard = listen(block, memories, history, licences)
        history = heard.history
        _keep(result, heard.values, heard.findings)
        if progress is not None:
            progress(done)
    return result


def pieces(recording: Recording) -> Iterator[tuple[float, IqBlock]]:
    """Every capture in looks of at most LONGEST_S, with the share of the recording they complete."""
    total, before = max(recording.seconds, 1e-9), 0.0
    for capture in recording.captures:
        count = max(1, round(capture.seconds / LONGEST_S))
        edges = np.linspace(0, capture.samples, count + 1).astype(int)
        for first, end in pairwise(edges):
            yield (before + end / capture.rate_hz) / total, recording.read(capture, int(first), int(end - first))
        before += capture.seconds


def _keep(result: Result, values: tuple[GsmCell | FmStation, ...], findings: tuple[Finding, ...]) -> None:
    for value in values:
        result.heard[_key(value)] = value
    for finding in findings:
        about = None if finding.about is None else _key(values[finding.about])
        result.findings[about, finding.name] = finding


def _key(value: GsmCell | FmStation) -> Key:
    return ("gsm", cell_key(value)) if isinstance(value, GsmCell) else ("fm", station_key(value.freq_hz))


def _measure(result: Result, block: IqBlock) -> None:
    """What explains silence later."""
    result.clipped += block.clipped_samples or 0
    result.samples += len(block.samples)
    result.seconds += block.seconds
    if len(block.samples):
        result.constant &= bool(np.all(block.samples == block.samples[0]))
    result.carriers |= _has_carrier(block)


def _has_carrier(block: IqBlock, bins: int = 1024) -> bool:
    """Whether any part of the averaged spectrum stands well above its median; the receiver's own centre is left out."""
    rows = len(block.samples) // bins
    if rows == 0:
        return False
    power = np.mean(np.abs(np.fft.fft(block.samples[: rows * bins].reshape(rows, bins))) ** 2, axis=0)
    away = power[4:-3]
    return bool(np.max(away) > CARRIER_OVER_MEDIAN * max(float(np.median(away)), 1e-30))


def _multiplex(recording: Multiplex) -> Result:
    """One channel: there is no carrier to find and none to judge; what it says is told."""
    samples = recording.samples
    result = Result(samples=len(samples), seconds=recording.seconds, constant=bool(np.all(samples == samples[:1])))
    if result.constant:
        return result
    told = describe(receive_multiplex(samples, recording.rate_hz))
    result.carriers = True
    if told.pilot_hz is not None or told.pi is not None:
        result.heard["fm", "multiplex"] = told
    return result
