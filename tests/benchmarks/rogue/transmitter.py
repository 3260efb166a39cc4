"""One base station on the air: what it says, how loud it is at the sensor, how its clock runs, whom it calls."""

import math
from dataclasses import dataclass, field

from dsp.signatures.frame_clock import FRAME_NS, HYPERFRAME_NS
from recordings.gsm.spec import GsmBroadcast
from tests.benchmarks.rogue.words import Words

DAY_S = 86400.0


@dataclass
class Oscillator:
    """Carrier and frame clock of one transmitter come from one oscillator, so the two agree.

    ppm        : off nominal, for good
    wander_ppm : amplitude of its daily wave (temperature)
    warm       : (since second, ppm then, time constant s): what is left of a cold start
    """

    ppm: float
    phase_ns: float  # instant of frame 0 at second 0, modulo a hyperframe
    wander_ppm: float = 0.0
    wander_at_s: float = 0.0
    warm: tuple[float, float, float] | None = None

    def ppm_at(self, time_s: float) -> float:
        wave = self.wander_ppm * math.sin(2 * math.pi * (time_s - self.wander_at_s) / DAY_S)
        return self.ppm + wave + self._warm_ppm(time_s)

    def phase_at(self, time_s: float) -> float:
        """A fast clock's frames come early: the phase runs back by the sum of its error."""
        turns = 2 * math.pi / DAY_S
        wave = self.wander_ppm / turns * (1 - math.cos(turns * (time_s - self.wander_at_s)))
        early_s = 1e-6 * (self.ppm * time_s + wave + self._warmed_ppm_s(time_s))
        return (self.phase_ns - early_s * 1e9) % HYPERFRAME_NS

    def frame_at(self, time_s: float) -> tuple[int, float]:
        """Frame number on the air, and the instant it began, in nanoseconds after second 0."""
        phase_ns = self.phase_at(time_s)
        frame = math.floor((time_s * 1e9 - phase_ns) / FRAME_NS)
        return frame % 2715648, phase_ns + frame * FRAME_NS

    def _warm_ppm(self, time_s: float) -> float:
        if self.warm is None or time_s < self.warm[0]:
            return 0.0
        since_s, ppm, tau_s = self.warm
        return ppm * math.exp(-(time_s - since_s) / tau_s)

    def _warmed_ppm_s(self, time_s: float) -> float:
        if self.warm is None or time_s < self.warm[0]:
            return 0.0
        since_s, ppm, tau_s = self.warm
        return ppm * tau_s * (1 - math.exp(-(time_s - since_s) / tau_s))


@dataclass
class Load:
    """What goes on in the common control channel.

    paging_per_s : identities of the location area in its busiest hour
    by_night     : share of that at four in the morning
    assignments_per_s, location_update_share : likewise, and how many of them are location updates
    """

    paging_per_s: float
    by_night: float = 0.15
    imsi_share: float = 0.07
    assignments_per_s: float = 0.3
    location_update_share: float = 0.4
    hopping_share: float = 0.5

    def of_hour(self, time_s: float) -> float:
        """Share of the busiest hour: least at four, most at sixteen."""
        wave = 0.5 - 0.5 * math.cos(2 * math.pi * (time_s / 3600.0 % 24.0 - 4.0) / 24.0)
        return self.by_night + (1.0 - self.by_night) * wave


@dataclass
class Transmitter:
    """`level_dbm` is the median at the sensor; `until_s` and `from_s` bound its life; `kind` is for the tables."""

    broadcast: GsmBroadcast
    clock: Oscillator
    load: Load
    level_dbm: float
    east_m: float = 0.0
    north_m: float = 0.0
    kind: str = "macro"
    fading_db: float = 1.5
    from_s: float = -math.inf
    until_s: float = math.inf
    silent: list[tuple[float, float]] = field(default_factory=list)
    level_steps: list[tuple[float, float]] = field(default_factory=list)  # (from second, dB)
    slope_db_s: float = 0.0  # of a car: level rises until it has passed
    passes_s: float = 0.0
    _words: Words | None = None

    def on_air(self, time_s: float) -> bool:
        return self.from_s <= time_s < self.until_s and not any(a <= time_s < b for a, b in self.silent)

    def median_dbm(self, time_s: float) -> float:
        steps = sum(db for since, db in self.level_steps if time_s >= since)
        return self.level_dbm + steps - self.slope_db_s * abs(time_s - self.passes_s)

    def say(self, broadcast: GsmBroadcast) -> None:
        """From now on something else."""
        self.broadcast, self._words = broadcast, None

    @property
    def words(self) -> Words:
        if self._words is None or self._words.broadcast is not self.broadcast:
            self._words = Words(self.broadcast)
        return self._words

    @property
    def channel(self) -> tuple[int, int]:
        return self.broadcast.arfcn, self.broadcast.bsic
