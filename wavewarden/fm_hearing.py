"""Receive and judge look after look of the FM band; what is known of a station goes on from one look to the next."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from dsp.fm.look import FmLook
from dsp.fm.receive import receive_fm
from dsp.fm.station import StationMemory
from dsp.fm.values import FmStation
from dsp.iq import IqBlock
from dsp.signatures.finding import Finding
from dsp.signatures.history import SiteHistory
from dsp.signatures.licences import FmLicence, Licences
from dsp.signatures.on_air_week import OnAirWeek
from dsp.signatures.registry import judge_fm
from dsp.signatures.scene import FmScene
from sensor.level import calibrated
from sensor.listen import USABLE, block_ns


@dataclass(frozen=True, slots=True, eq=False)
class Sighting:
    """One station in one look. licence: whose channel it is; None: nobody's, or no list was given"""

    station: FmStation
    findings: tuple[Finding, ...]
    licence: FmLicence | None
    week: OnAirWeek | None = None


@dataclass(frozen=True, slots=True, eq=False)
class FmHeard:
    """low_hz, high_hz: where a station would have been heard"""

    look: FmLook
    sightings: tuple[Sighting, ...]
    low_hz: float
    high_hz: float


@dataclass
class FmHearing:
    """Remembers the stations' texts and what a history keeps of them. A new one has heard nothing."""

    licences: Licences
    memory: StationMemory = field(default_factory=StationMemory)
    history: SiteHistory = field(default_factory=SiteHistory)

    def hear(self, block: IqBlock, dbm_at_full_scale: float | None) -> FmHeard:
        """Raises SignalError of receive_fm."""
        look = receive_fm(block)
        stations = calibrated(self.memory.describe(look), block.gain_db, dbm_at_full_scale)
        licences = self.licences if block.centre_hz else Licences()  # of offsets nothing can be said
        now_ns, before = block_ns(block), self.history
        findings = judge_fm(stations, before, licences, now_ns=now_ns)
        half_hz = USABLE * block.rate_hz / 2
        swept = [(block.centre_hz - half_hz, block.centre_hz + half_hz)]
        self.history = before.with_look(stations, now_ns=now_ns, findings=findings, swept_fm=swept)
        scene = FmScene(stations, before, self.history, licences, now_ns)
        return FmHeard(
            look,
            tuple(_sighting(index, station, findings, scene) for index, station in enumerate(stations)),
            block.centre_hz - half_hz,
            block.centre_hz + half_hz,
        )


def _sighting(index: int, station: FmStation, findings: Sequence[Finding], scene: FmScene) -> Sighting:
    about = tuple(finding for finding in findings if finding.about == index)
    record = scene.record(station)
    week = None if record is None else record.week
    return Sighting(station, about, next(iter(scene.licensed(station)), None), week)
