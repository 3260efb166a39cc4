"""Pirates and hijackers from careless to careful: how surely, and how soon, is each noted, watched, alarmed?

A band is learnt for a day by look-ins and then swept for ten minutes; each trial goes on from there. Swept: by sensors
that go through the whole band. Followed: by one that stays on the channel's window, two seconds a look.
"""

import copy
import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from fusion.values import Level
from hardware.radio import Window
from tests.benchmarks.fm_days.band import make_band
from tests.benchmarks.fm_days.chain import SWEEP_S, WINDOWS, Accused, Chain, by_channel
from tests.benchmarks.fm_days.innocent import DAY, make_sensors
from tests.benchmarks.fm_days.transmitter import GROUND, Transmitter, fading

LOOK_INS, RUN_IN_SWEEPS, TRIAL_S = 24, 15, 600.0
FOLLOW_S = 2.0
NEAR_HZ = 60e3


@dataclass(frozen=True)
class Rung:
    """over_db : of a hijacker over the station, at the first sensor; None: a pirate on a free channel"""

    name: str
    over_db: tuple[float, float] | None
    fields: Callable[[np.random.Generator, Transmitter], dict[str, object]]
    level_dbm: tuple[float, float] = (-80.0, -55.0)


def _cheap(rng: np.random.Generator) -> dict[str, object]:
    """A synthesiser and a coder by crystals of 8 and 5 ppm."""
    return {"carrier_hz": float(rng.normal(0, 800.0)), "pilot_mhz": float(rng.normal(0, 95.0))}


def _good(rng: np.random.Generator) -> dict[str, object]:
    """Compensated crystals of 1 ppm."""
    return {"carrier_hz": float(rng.normal(0, 100.0)), "pilot_mhz": float(rng.normal(0, 19.0))}


def _bare(rng: np.random.Generator, _: Transmitter) -> dict[str, object]:
    return _cheap(rng) | {"stereo": False}


def _pilot(rng: np.random.Generator, _: Transmitter) -> dict[str, object]:
    return _cheap(rng)


def _own_pi(rng: np.random.Generator, _: Transmitter) -> dict[str, object]:
    return _cheap(rng) | {"pi": int(rng.integers(0x1001, 0x7000)), "ps": "HOTLINE "}


def _copied(rng: np.random.Generator, station: Transmitter) -> dict[str, object]:
    return {"pi": station.pi, "ps": station.ps, "stereo": station.stereo}


RUNGS = (
    Rung("pirate, free channel, no RDS", None, _bare),
    Rung("the same, weak (CNR 13 to 18 dB)", None, _bare, (-90.0, -85.0)),
    Rung("hijack, own PI", (4.0, 15.0), _own_pi),
    Rung("hijack, pilot, no RDS", (4.0, 15.0), _pilot),
    Rung("hijack, mono, no RDS", (4.0, 15.0), _bare),
    Rung("hijack, PI and PS copied, cheap oscillators", (4.0, 15.0), lambda rng, s: _cheap(rng) | _copied(rng, s)),
    Rung("the same, good oscillators", (4.0, 15.0), lambda rng, s: _good(rng) | _copied(rng, s)),
    Rung(
        "the same, the station's carrier and injections, own pilot crystal",
        (4.0, 15.0),
        lambda rng, s: _good(rng) | _copied(rng, s) | {"carrier_hz": s.carrier_hz} | _injections(s),
    ),
    Rung(
        "the same, pilot locked too: nothing but louder",
        (4.0, 15.0),
        lambda rng, s: _copied(rng, s) | {"carrier_hz": s.carrier_hz, "pilot_mhz": s.pilot_mhz} | _injections(s),
    ),
    Rung("hijack, mono, hardly stronger", (1.0, 4.0), _bare),
)


def _injections(station: Transmitter) -> dict[str, object]:
    return {
        "pilot_deviation_hz": station.pilot_deviation_hz,
        "rds_deviation_hz": station.rds_deviation_hz,
        "pilot_wander_mhz": station.pilot_wander_mhz,
    }


@dataclass
class Ready:
    """A band that was learnt, at `now_s`."""

    chain: Chain
    now_s: float


@dataclass
class Outcome:
    rung: Rung
    captured: bool
    reached_s: dict[Level, float] = field(default_factory=dict)
    findings: tuple[str, ...] = ()

    def after(self, level: Level) -> float:
        return min((s for reached, s in self.reached_s.items() if reached >= level), default=math.inf)


def learn(seed: int, *, sensors: int) -> Ready:
    rng = np.random.default_rng((56, seed))
    band = make_band(rng, sensors=sensors)
    ready = Ready(Chain(band, make_sensors(rng, sensors)), 0.0)
    for hour in sorted(rng.uniform(0, 24, LOOK_INS)):
        _sweeps(ready, max(3600.0 * float(hour), ready.now_s), 1)
    _sweeps(ready, DAY + 3600.0 * float(rng.uniform(9, 20)), RUN_IN_SWEEPS)
    return ready


def _sweeps(ready: Ready, start_s: float, count: int) -> None:
    for turn in range(count):
        ready.chain.sweep(start_s + turn * SWEEP_S, ready.chain.band.transmitters)
    ready.now_s = start_s + count * SWEEP_S


def trial(ready: Ready, rung: Rung, seed: int, *, followed: bool) -> Outcome:
    rng = np.random.default_rng((57, seed, RUNGS.index(rung)))
    chain = copy.deepcopy(ready.chain)
    on_s = ready.now_s + float(rng.uniform(0, FOLLOW_S if followed else SWEEP_S))
    pirate = _transmitter(chain, rung, rng, on_s)
    outcome = Outcome(rung, captured=rung.over_db is None or rung.over_db[0] >= 3.0)
    time_s = ready.now_s
    while time_s < on_s + TRIAL_S and Level.HIGH not in outcome.reached_s:
        if followed:
            accused, step_s = _follow(chain, pirate, time_s), FOLLOW_S
        else:
            accused, step_s = chain.sweep(time_s, [*chain.band.transmitters, pirate]), SWEEP_S
        _note(outcome, accused, pirate.freq_hz, on_s)
        time_s += step_s
    return outcome


def _follow(chain: Chain, pirate: Transmitter, time_s: float) -> list[Accused]:
    nearest = min(WINDOWS, key=lambda window: abs(window.centre_hz - pirate.freq_hz))
    window = Window(nearest.centre_hz, nearest.rate_hz, FOLLOW_S)
    accused = chain.look(0, window, time_s, by_channel([*chain.band.transmitters, pirate]))
    chain.tick(time_s + FOLLOW_S)
    return accused


def _transmitter(chain: Chain, rung: Rung, rng: np.random.Generator, on_s: float) -> Transmitter:
    """Its levels at the other sensors scatter by 12 dB about that at the first."""
    count = len(chain.sensors)
    scatter = [0.0] + [float(rng.normal(-4, 12)) for _ in range(count - 1)]
    if rung.over_db is None:
        station, freq_hz = chain.band.transmitters[0], chain.band.free_hz[int(rng.integers(len(chain.band.free_hz)))]
        first_dbm = float(rng.uniform(*rung.level_dbm))
    else:
        clear = [t for t in chain.band.transmitters[5:] if t.path == GROUND and t.levels_dbm[0] > -78 and t.pi]
        station = clear[int(rng.integers(len(clear)))]
        freq_hz, first_dbm = station.freq_hz, station.levels_dbm[0] + float(rng.uniform(*rung.over_db))
    made = Transmitter(
        freq_hz=freq_hz,
        levels_dbm=tuple(first_dbm + each for each in scatter),
        pilot_deviation_hz=float(rng.normal(6750, 400)),
        rds_deviation_hz=float(rng.uniform(1500, 3500)),
        waves=fading(rng, GROUND, count),
        from_s=on_s,
    )
    for name, value in rung.fields(rng, station).items():
        setattr(made, name, value)
    return made


def _note(outcome: Outcome, accused: list[Accused], freq_hz: float, on_s: float) -> None:
    for each in accused:
        if abs(each.freq_hz - freq_hz) < NEAR_HZ and each.time_s > on_s:
            outcome.reached_s.setdefault(each.level, each.time_s - on_s)
            outcome.findings = each.findings


def run(*, bands: int, trials: int, sensors: int, followed: bool) -> list[Outcome]:
    outcomes = []
    for seed in range(bands):
        ready = learn(seed, sensors=sensors)
        for rung in RUNGS:
            outcomes += [trial(ready, rung, seed * 1000 + k, followed=followed) for k in range(seed, trials, bands)]
    return outcomes


def table(outcomes: list[Outcome]) -> list[str]:
    rows = [
        "| rung | n | noted | s to the note: median / p90 / most | watch in 10 min | median s | high | median s |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for rung in RUNGS:
        of = [o for o in outcomes if o.rung is rung]
        note, watch, high = ([o.after(level) for o in of] for level in (Level.NOTE, Level.WATCH, Level.HIGH))
        rows.append(
            f"| {rung.name} | {len(of)} | {_share(note)} | {_at(note, 0.5)} / {_at(note, 0.9)} / {_at(note, 1.0)} "
            f"| {_share(watch)} | {_at(watch, 0.5)} | {_share(high)} | {_at(high, 0.5)} |"
        )
    return rows


def _share(times: list[float]) -> str:
    return f"{100 * float(np.mean([t <= TRIAL_S for t in times])):.0f} %"


def _at(times: list[float], share: float) -> str:
    """Of those that came at all."""
    came = sorted(t for t in times if t <= TRIAL_S)
    return "–" if not came else f"{came[min(len(came) - 1, int(share * len(came)))]:.1f}"
