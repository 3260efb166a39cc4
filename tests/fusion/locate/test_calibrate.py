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


def test_the_exponent_that_fits_gains_share():
    links, _ = made(np.random.default_rng(3), sensors=8, emitters=12, shadowing_db=3.0)
    shares = dict(zip(PRIOR.exponents, learn(links, PRIOR).exponent_shares, strict=True))
    assert sum(shares.values()) == pytest.approx(1.0)
    assert shares[3.0] > dict(zip(PRIOR.exponents, PRIOR.exponent_shares, strict=True))[3.0]
    assert shares[2.0] < 0.05
