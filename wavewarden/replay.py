"""Receive and judge a recording: what was heard by its end, and every finding, once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from dsp.fm.multiplex import receive_multiplex
from dsp.fm.values import FmStation
from dsp.gsm.values import GsmCell
from dsp.iq import IqBlock
from dsp.signatures.band_plan import BandPlan
from dsp.signatures.finding import Finding
from dsp.signatures.history import SiteHistory, cell_key, station_key
from dsp.signatures.licences import Licences
from dsp.signatures.weights import Weights
from recordings.read import Multiplex, Recording
from sensor.listen import listen
from sensor.memories import Memories
from wavewarden.heard_multiplex import FmMultiplex, describe
from wavewarden.silence import Silence

LONGEST_S = 2.0  # of one look: eight 51-multiframes, so that every System Information is in it
NARROWEST_HZ = 200e3  # one carrier of either service
SHORT_S = 0.5  # FM needs so much; GSM less
Key = tuple[str, str]


@dataclass
class Result(Silence):
    """What a whole recording gave: the last, fullest description of each transmitter."""

    heard: dict[Key, GsmCell | FmStation | FmMultiplex] = field(default_factory=dict)
    findings: dict[tuple[Key | None, str], Finding] = field(default_factory=dict)

    def why_nothing(self) -> str:
        """Catalogue key of the likely reason that nothing was heard."""
        reasons = {
            "narrow": self.widest_hz < NARROWEST_HZ,
            "zeros": self.is_zeros,
            "clipped": self.is_clipped,
            "short": self.seconds < SHORT_S,
            "elsewhere": not self.planned,
            "carriers": self.carriers,
            "dc": self.is_own_dc,
        }
        return "replay.why." + next((name for name, holds in reasons.items() if holds), "empty")


def replay(
    recording: Recording | Multiplex,
    licences: Licences,
    *,
    weights: Weights,
    plan: BandPlan | None,
    progress: Callable[[float], None] | None = None,
) -> Result:
    """Raises SignalError where the recording as a whole cannot be worked on, RecordingError where it cannot be read."""
    if isinstance(recording, Multiplex):
        return _multiplex(recording)
    result, memories, history = Result(), Memories(), SiteHistory()
    for done, block in pieces(recording):
        result.measure(block)
        heard = listen(block, memories, history, licences, weights=weights, plan=plan)
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
