"""Sensors are calibrated on emitters that are known, and say how surely."""

import numpy as np
import pytest

from fusion.locate.calibrate import NOTHING_LEARNT, KnownLink, learn
from fusion.locate.power import propagation

PRIOR = propagation("fm", 98e6)
TRUE_EXPONENT = 3.0


def made(rng, *, sensors=5, emitters=6, shadowing_db=5.0):
    """Links of a town 8 dB lossier than the model, one sensor in a street; and each sensor's true offset."""
    offset = {f"s{i}": 0.0 for i in range(sensors)} | {"s0": -14.0}
    links = []
    for e in range(emitters):
        own = rng.normal(0, 3.0)
        for name, db in offset.items():
            slope = -10 * np.log10(rng.uniform(1000, 8000) / 100.0)
            level = 60.0 - PRIOR.reference_loss_db + TRUE_EXPONENT * slope - 8.0 + db + own
            links.append(KnownLink(name, f"e{e}", level + rng.normal(0, shadowing_db), 60.0, slope))
    return links, {name: db - 8.0 for name, db in offset.items()}


def test_nothing_known_teaches_nothing():
    assert learn([], PRIOR) == NOTHING_LEARNT


def test_a_sensor_in_a_street_is_found_to_hear_less():
    links, _ = made(np.random.default_rng(1))
    offsets = learn(links, PRIOR).offsets
    at = {name: o.base_db + TRUE_EXPONENT * o.slope_db for name, o in offsets.items()}
    others = np.mean([at[f"s{i}"] for i in range(1, 5)])
    assert at["s0"] - others == pytest.approx(-14.0, abs=6.0)  # 2 sigma of six links each


def test_the_stated_sigma_is_true():
    """|error| within 1.96 sigma about 95 % of the time: 150 × 5 draws, correlated by town."""
    inside, total = 0, 0
    for seed in range(150):
        links, truth = made(np.random.default_rng(seed))
        for name, o in learn(links, PRIOR).offsets.items():
            error = o.base_db + TRUE_EXPONENT * o.slope_db - truth[name]
            inside += abs(error) < 1.96 * o.sigma_db
            total += 1
    assert 0.90 < inside / total <= 1.0


def test_the_town_s_exponent_is_learnt():
    links, _ = made(np.random.default_rng(3), sensors=8, emitters=12, shadowing_db=3.0)
    learnt = learn(links, PRIOR)
    assert learnt.exponent == pytest.approx(TRUE_EXPONENT, abs=3 * learnt.exponent_sigma)
    assert learnt.exponent_sigma < 0.8 * PRIOR.exponent_sigma


def test_one_link_is_used_and_leaves_much_open():
    slope = -10 * np.log10(30.0)
    level = 60.0 - PRIOR.reference_loss_db + PRIOR.exponent * slope - 20.0
    learnt = learn([KnownLink("a", "e", level, 60.0, slope)], PRIOR)
    a, other = learnt.offsets["a"], learnt.of("never heard anything known")
    assert other is not None
    assert -20.0 < a.base_db + PRIOR.exponent * a.slope_db < -8.0
    assert other.sigma_db > a.sigma_db > 5.0


def with_slopes(rng, slopes, *, links=60, shadowing_db=6.0, floor_dbm=-300.0):
    """Sensors whose own exponents differ; what is under the floor is known only to be there."""
    found = []
    for name, n in slopes.items():
        for k in range(links):
            x = -10 * np.log10(rng.uniform(200, 5000) / 100.0)
            level = 50.0 - PRIOR.reference_loss_db + n * x + rng.normal(0, shadowing_db)
            heard = bool(level > floor_dbm)
            found.append(KnownLink(name, f"{name}{k}", level if heard else floor_dbm, 50.0, x, heard=heard))
    return found


def test_each_sensor_s_own_slope_and_shadowing_are_learnt():
    slopes = {"flat": 2.0, "usual": 2.9, "steep": 3.8}
    learnt = learn(with_slopes(np.random.default_rng(5), slopes), PRIOR)
    for name, truth in slopes.items():
        own = learnt.offsets[name]
        found = own.slope + learnt.exponent * own.lean
        assert found == pytest.approx(truth, abs=3 * own.slope_2**0.5 + 0.1)
        assert own.lean < 0.5
        # fading is counted apart: 6² = σ² + 4.5²
        assert own.shadowing_db == pytest.approx((36 - 4.5**2) ** 0.5, abs=1.2)


def test_what_was_not_heard_keeps_a_far_sensor_from_looking_flat():
    rng = np.random.default_rng(6)
    links = with_slopes(rng, {"a": 3.2}, links=200, floor_dbm=-45.0)
    all_of_it, only_heard = learn(links, PRIOR), learn([k for k in links if k.heard], PRIOR)
    own, biased = (each.offsets["a"].slope + each.exponent * each.offsets["a"].lean for each in (all_of_it, only_heard))
    assert own == pytest.approx(3.2, abs=0.35)
    assert biased < own - 0.3
