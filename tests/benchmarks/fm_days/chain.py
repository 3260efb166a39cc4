"""Sensors that sweep the band, each with its signatures and history, and the server's fusion behind them.

Reports carry no position: nothing is located, so `fm_not_at_its_site` and the like stay silent.
"""

from collections import defaultdict
from dataclasses import dataclass, field

import msgspec

from dsp.fm.values import FmStation
from dsp.signatures.history import SiteHistory
from dsp.signatures.registry import judge_fm
from fusion.values import Case, Delays, FiledReport, Level, Rules, World
from fusion.world import take, tick
from hardware.radio import Window
from sensor.listen import USABLE
from sensor.plan import band_windows
from sensor.settings import BandSettings
from tests.benchmarks.fm_days.band import START_NS, Band
from tests.benchmarks.fm_days.receiver import Sensor
from tests.benchmarks.fm_days.transmitter import Transmitter
from wire.report import Report, Swept, TimeSource

SECOND = 10**9
DWELL_S, TUNE_S, RATE_HZ = 3.0, 0.15, 2.4e6
WINDOWS = tuple(band_windows(BandSettings(service="fm", low_mhz=87.0, high_mhz=108.0, seconds=DWELL_S), RATE_HZ))
SWEEP_S = len(WINDOWS) * (DWELL_S + TUNE_S)


@dataclass(frozen=True)
class Accused:
    time_s: float
    freq_hz: float
    level: Level
    kind: str
    findings: tuple[str, ...]


@dataclass
class Chain:
    """Remembers each sensor's history and the world. on_air: what transmits besides the band's own"""

    band: Band
    sensors: list[Sensor]
    delays: Delays = field(default_factory=Delays)
    histories: list[SiteHistory] = field(default_factory=list)
    world: World = field(default_factory=World)
    seq: int = 0

    def __post_init__(self) -> None:
        self.histories = self.histories or [SiteHistory() for _ in self.sensors]

    @property
    def rules(self) -> Rules:
        return Rules(licences=self.band.licences, fm=self.delays)

    def sweep(self, time_s: float, on_air: list[Transmitter]) -> list[Accused]:
        """Every sensor once through the band; they began at different moments."""
        channels = by_channel(on_air)
        accused: list[Accused] = []
        for turn, window in enumerate(WINDOWS):
            for place, _ in enumerate(self.sensors):
                mine = WINDOWS[(turn + 5 * place) % len(WINDOWS)] if place else window
                accused += self.look(place, mine, time_s + turn * (DWELL_S + TUNE_S), channels)
        self.tick(time_s + SWEEP_S)
        return accused

    def look(self, place: int, window: Window, time_s: float, channels: dict[int, list[Transmitter]]) -> list[Accused]:
        """Of cases that this look opened or changed."""
        half_hz = USABLE * window.rate_hz / 2
        low_hz, high_hz = window.centre_hz - half_hz, window.centre_hz + half_hz
        heard = []
        for key, channel in channels.items():
            if low_hz <= 50e3 * key <= high_hz:
                sent = [t for t in channel if t.on_air(time_s)]
                station = self.sensors[place].hear(sent, time_s, window.seconds)
                heard += [] if station is None else [station]
        heard.sort(key=lambda station: station.freq_hz)
        return self._judge(place, tuple(heard), time_s, (low_hz, high_hz), window.seconds)

    def restart(self, place: int) -> None:
        self.histories[place] = self.histories[place].restarted()

    def _judge(
        self, place: int, heard: tuple[FmStation, ...], time_s: float, swept: tuple[float, float], seconds: float
    ) -> list[Accused]:
        now_ns = ns(time_s + seconds)
        history = self.histories[place]
        found = judge_fm(heard, history, self.band.licences, now_ns=now_ns)
        self.histories[place] = history.with_look(heard, now_ns=now_ns, findings=found, swept_fm=(swept,))
        self.seq += 1
        report = Report(
            boot="0" * 32,
            seq=self.seq,
            time_utc_ns=now_ns,
            time_sigma_ns=10**7,
            time_source=TimeSource.NTP,
            created_utc_ns=now_ns,
            created_monotonic_ns=now_ns - START_NS,
            position=None,
            swept=(
                Swept(
                    service="fm",
                    low_hz=swept[0],
                    high_hz=swept[1],
                    seconds=seconds,
                    noise_dbfs_200k=-73.0,
                    lost_samples=0,
                    clipped_share=0.0,
                ),
            ),
            heard=heard,
            findings=found,
        )
        step = take(
            self.world,
            FiledReport(row=self.seq, sensor=f"s{place}", received_utc_ns=now_ns, report=report),
            self.rules,
        )
        self.world = step.world
        return [_accused(time_s + seconds, self.world.emitters[c.emitter_id].freq_hz, c) for c in step.cases]

    def tick(self, time_s: float) -> None:
        """Closes what fell silent; closed cases go to a store, and are dropped here."""
        world = tick(self.world, ns(time_s), self.rules).world
        cases = {key: case for key, case in world.cases.items() if case.closed_utc_ns is None}
        self.world = msgspec.structs.replace(world, cases=cases)


def by_channel(on_air: list[Transmitter]) -> dict[int, list[Transmitter]]:
    channels: dict[int, list[Transmitter]] = defaultdict(list)
    for each in on_air:
        channels[round(each.freq_hz / 50e3)].append(each)
    return dict(channels)


def ns(time_s: float) -> int:
    return START_NS + round(time_s * 1e9)


def _accused(time_s: float, freq_hz: float, case: Case) -> Accused:
    names = tuple(f"{s.finding.name}.{s.finding.variant or ''} {s.finding.weight_db:+.0f}" for s in case.findings)
    return Accused(time_s, freq_hz, case.level, case.kind, names)
