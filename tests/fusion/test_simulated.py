"""The judges on simulated sites: rogues are accused, innocent life is not. `make bench` does this for years."""

import dataclasses

import numpy as np
import pytest

from fusion.values import Level
from tests.benchmarks.rogue.catchers import Rung, catcher
from tests.benchmarks.rogue.dongle import SWEEP_S
from tests.benchmarks.rogue.innocent import live
from tests.benchmarks.rogue.ladder import Outcome, Ready, learn, sweeps, trial
from tests.benchmarks.rogue.town import make_town
from tests.benchmarks.rogue.transmitter import FRAME_NS, Oscillator
from tests.benchmarks.rogue.words import Words


@pytest.fixture(scope="module")
def ready() -> Ready:
    return learn(3, gnss=True, days=1)


@pytest.fixture(scope="module")
def outcomes(ready: Ready) -> dict[Rung, Outcome]:
    return {rung: trial(ready, rung, 1) for rung in Rung}


@pytest.mark.parametrize("rung", Rung, ids=lambda rung: rung.name)
def test_a_rogue_reaches_watch_within_ten_minutes(outcomes: dict[Rung, Outcome], rung: Rung):
    assert outcomes[rung].audible
    assert outcomes[rung].after(Level.WATCH) <= 600.0


def test_nobody_innocent_is_accused_meanwhile(outcomes: dict[Rung, Outcome]):
    assert all((outcome.innocent or 0) < Level.WATCH for outcome in outcomes.values())


def test_the_same_trial_ends_the_same(ready: Ready, outcomes: dict[Rung, Outcome]):
    assert trial(ready, Rung.L2, 1).reached_s == outcomes[Rung.L2].reached_s


def test_ten_minutes_without_a_rogue_are_quiet(ready: Ready):
    after = dataclasses.replace(ready, chain=ready.chain.copy(), receiver=ready.receiver.copy(np.random.default_rng(1)))
    assert sweeps(after, ready.now_s, 4) < Level.WATCH


def test_innocent_days_pass_without_a_high():
    tally = live(2, 2)
    assert tally.cells > 20
    assert not [a for a in tally.accusations if a.level >= Level.HIGH]


def test_a_perfect_copy_says_what_its_model_says():
    town = make_town(np.random.default_rng(4))
    rogue = catcher(town, Rung.L4, 100.0, np.random.default_rng(5))
    assert rogue.model is not None
    assert rogue.transmitter.broadcast == rogue.model.broadcast
    assert abs(rogue.transmitter.clock.ppm) >= 0.1


def test_frames_go_on_at_the_oscillators_pace():
    clock = Oscillator(ppm=1.0, phase_ns=5e9, wander_ppm=0.01)
    (first, at_ns), (last, later_ns) = clock.frame_at(100.0), clock.frame_at(100.0 + SWEEP_S)
    expected_ns = (last - first) * FRAME_NS * (1 - 1e-6)
    assert abs(later_ns - at_ns - expected_ns) < 0.02e-6 * SWEEP_S * 1e9


def test_fields_of_messages_that_were_not_heard_are_unknown():
    town = make_town(np.random.default_rng(6))
    words: Words = town.transmitters[0].words
    assert words.as_heard(()).lac is None
    assert words.as_heard((("4", 1),)).lac == town.transmitters[0].broadcast.lac
    assert words.as_heard((("4", 1),)).ci is None
