import numpy as np
import pytest

from recordings.propagation import Propagation, ShadowField, draw_echoes, free_space_db, path_loss_db

FLAT = Propagation(shadowing_sigma_db=0.0, height_gain_db=0.0, exponent=3.5, loss_db=125.0)


def places(east_m, north_m, height_m=10.0):
    east, north = np.broadcast_arrays(np.atleast_1d(east_m).astype(float), north_m)
    return np.column_stack([east, north, np.full(len(east), height_m)])


def loss(rules, distance_m, freq_hz=950e6):
    field = ShadowField(rules, seed=1)
    return path_loss_db(rules, field, freq_hz=freq_hz, a_m=places(0.0, 0.0), b_m=places(distance_m, 0.0))


def test_loss_grows_by_the_exponent_a_decade():
    one, ten = loss(FLAT, 1000.0), loss(FLAT, 10_000.0)
    assert one[0] == pytest.approx(125.0)
    assert ten[0] - one[0] == pytest.approx(35.0)


def test_loss_is_never_less_than_free_space():
    near = loss(Propagation(shadowing_sigma_db=0.0, loss_db=60.0, exponent=2.0), 500.0)
    # Rec. ITU-R P.525: 32.4 + 20 log f/MHz + 20 log d/km
    assert near[0] == pytest.approx(32.45 + 20 * np.log10(950) + 20 * np.log10(0.5), abs=0.02)
    assert near[0] == pytest.approx(free_space_db(np.array([500.0]), 950e6)[0])


def test_a_higher_antenna_loses_less():
    rules = Propagation(shadowing_sigma_db=0.0, height_gain_db=10.0, loss_db=125.0)
    field = ShadowField(rules, seed=1)
    low = path_loss_db(rules, field, freq_hz=950e6, a_m=places(0, 0, 10.0), b_m=places(1000, 0, 10.0))
    high = path_loss_db(rules, field, freq_hz=950e6, a_m=places(0, 0, 100.0), b_m=places(1000, 0, 100.0))
    assert low[0] - high[0] == pytest.approx(20.0, abs=0.1)


def test_shadowing_has_its_sigma_and_no_mean():
    rules = Propagation(shadowing_sigma_db=7.0, decorrelation_m=100.0)
    rng = np.random.default_rng(0)
    drawn = [
        ShadowField(rules, seed=seed).at_db(places(0, 0), places(*rng.uniform(-5e3, 5e3, 2)))[0] for seed in range(1500)
    ]
    assert np.std(drawn) == pytest.approx(7.0, abs=4 * 7.0 / np.sqrt(2 * 1500))  # sampling error of a sigma
    assert np.mean(drawn) == pytest.approx(0.0, abs=4 * 7.0 / np.sqrt(1500))


@pytest.mark.parametrize("moved_m", [10.0, 50.0, 100.0, 250.0])
def test_shadowing_decorrelates_as_gudmundson_says(moved_m):
    rules = Propagation(shadowing_sigma_db=1.0, decorrelation_m=100.0)
    rng = np.random.default_rng(1)
    pairs = []
    for seed in range(40):
        field = ShadowField(rules, seed=seed)
        east, north, angle = rng.uniform(-8e3, 8e3, 300), rng.uniform(-8e3, 8e3, 300), rng.uniform(0, 2 * np.pi, 300)
        emitter = places(np.zeros(300), 0.0)
        here = field.at_db(emitter, places(east, north))
        there = field.at_db(emitter, places(east + moved_m * np.cos(angle), north + moved_m * np.sin(angle)))
        pairs.append(np.mean(here * there))
    assert np.mean(pairs) == pytest.approx(np.exp(-moved_m / 100.0), abs=0.04)  # a few hundred independent places


def test_shadowing_is_the_same_when_the_ends_are_swapped():
    field = ShadowField(Propagation(), seed=3)
    a, b = places(np.arange(5) * 300.0, 10.0), places(-700.0, np.arange(5) * 80.0)
    assert np.allclose(field.at_db(a, b), field.at_db(b, a))


def test_shadowing_hangs_on_the_emitters_place_too():
    field = ShadowField(Propagation(shadowing_sigma_db=6.0, decorrelation_m=100.0), seed=3)
    here = places(np.zeros(400), 0.0)
    moved = field.at_db(places(np.arange(400) * 500.0, 0.0), here)
    assert np.std(moved) > 3.0


def test_echoes_are_the_same_every_time_and_add_up_to_one():
    rules = Propagation(echoes=4, delay_spread_s=0.5e-6, rice_factor_db=3.0)
    one, same = (draw_echoes(rules, seed=5, emitter="a", sensor="b") for _ in range(2))
    other = draw_echoes(rules, seed=5, emitter="a", sensor="c")
    assert np.array_equal(one.delay_s, same.delay_s)
    assert not np.array_equal(one.delay_s, other.delay_s)
    power = np.abs(one.amplitude) ** 2
    assert power.sum() == pytest.approx(1.0)
    assert 10 * np.log10(power[0] / power[1:].sum()) == pytest.approx(3.0)
    assert one.delay_s[0] == 0.0
    assert np.all(np.diff(one.delay_s[1:]) >= 0)


def test_without_echoes_the_direct_path_has_everything():
    alone = draw_echoes(Propagation(echoes=0), seed=5, emitter="a", sensor="b")
    assert alone.amplitude == pytest.approx(np.ones(1))
