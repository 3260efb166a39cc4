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
from sensor.bands import allocated
from sensor.listen import listen
from sensor.memories import Memories
from wavewarden.heard_multiplex import FmMultiplex, describe

LONGEST_S = 2.0  # of one look: eight 51-multiframes, so that every System Information is in it
CLIPPED_SHARE = 0.02  # above this, clipping is the likelier reason why nothing was decoded
CARRIER_OVER_MEDIAN = 10.0  # of the averaged spectrum: something transmits
DC_SHARE = 0.9  # of the power: the receiver hears little but itself
NARROWEST_HZ = 200e3  # one carrier of either service
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
    widest_hz: float = 0.0
    planned: bool = False  # some capture lies where GSM or FM may be, or nobody knows where it lies
    dc_w: float = 0.0  # power of the mean, times seconds
    all_w: float = 0.0

    def why_nothing(self) -> str:
        """Catalogue key of the likely reason that nothing was heard."""
        reasons = {
            "narrow": self.widest_hz < NARROWEST_HZ,
            "zeros": self.constant and self.samples > 1,
            "clipped": self.clipped > CLIPPED_SHARE * self.samples,
            "short": self.seconds < SHORT_S["fm"],
            "elsewhere": not self.planned,
            "carriers": self.carriers,
            "dc": self.dc_w > DC_SHARE * self.all_w,
        }
        return "replay.why." + next((name for name, holds in reasons.items() if holds), "empty")


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
    result.widest_hz = max(result.widest_hz, block.rate_hz)
    result.planned |= _is_planned(block)
    if len(block.samples):
        result.constant &= bool(np.all(block.samples == block.samples[0]))
        result.dc_w += block.seconds * float(abs(np.mean(block.samples, dtype=np.complex128)) ** 2)
        result.all_w += block.seconds * float(np.mean(np.abs(block.samples.astype(np.complex128)) ** 2))
    result.carriers |= _has_carrier(block)


def _is_planned(block: IqBlock) -> bool:
    half_hz = block.rate_hz / 2
    return block.centre_hz == 0 or bool(allocated(block.centre_hz - half_hz, block.centre_hz + half_hz))


def _has_carrier(block: IqBlock, bins: int = 1024) -> bool:
    """Whether any part of the averaged spectrum stands well above its median; the receiver's own centre is left out."""
    rows = len(block.samples) // bins
    if rows == 0:
        return False
    spectra = np.fft.fft(block.samples[: rows * bins].reshape(rows, bins)).astype(np.complex128)
    power = np.mean(np.abs(spectra) ** 2, axis=0)
    away = power[4:-3]
    return bool(np.max(away) > CARRIER_OVER_MEDIAN * max(float(np.median(away)), 1e-30))


def _multiplex(recording: Multiplex) -> Result:
    """One channel: there is no carrier to find and none to judge; what it says is told."""
    samples = recording.samples
    constant = bool(np.all(samples == samples[:1]))
    result = Result(samples=len(samples), seconds=recording.seconds, constant=constant, widest_hz=recording.rate_hz)
    result.planned = True
    if result.constant:
        return result
    told = describe(receive_multiplex(samples, recording.rate_hz))
    result.carriers = True
    if told.pilot_hz is not None or told.pi is not None:
        result.heard["fm", "multiplex"] = told
    return result
