"""The nightly self-test: each fault is found, named and forgiven once mended; healthy sensors are left alone."""

from collections.abc import Callable

import msgspec
import numpy as np
import pytest

from fusion import self_test as module
from fusion.calibration import learnt_on_known
from fusion.locate.evidence import Evidence
from fusion.locate.power import propagation
from fusion.locate.residuals import residuals
from fusion.self_test import self_test
from fusion.self_test_values import SelfTest
from tests.fusion.licensed_city import DAY_NS, FREQ_HZ, PLANE, START_NS, LicensedCity

ONE = "s2"
Fault = Callable[[LicensedCity], None]


@pytest.fixture(autouse=True)
def _few_fixes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_LOCATED", 0)


def nights(city: LicensedCity, faults: dict[int, Fault], count: int) -> list[SelfTest]:
    found: list[SelfTest] = []
    for night in range(count):
        if night in faults:
            faults[night](city)
        test = self_test(
            city.emitters(night),
            city.rules,
            now_ns=START_NS + night * DAY_NS,
            before=found[-1] if found else None,
        )
        assert test is not None
        found.append(test)
    return found


def carried_away(city: LicensedCity) -> None:
    box = city.boxes[2]
    city.change(2, east_m=-box.east_m + 700.0, north_m=-box.north_m - 900.0, says=(box.east_m, box.north_m))


def gps_elsewhere(city: LicensedCity) -> None:
    city.change(2, says=(-7_000.0, 6_500.0))


def gps_at_zero(city: LicensedCity) -> None:
    city.change(2, says=(700_000.0, -2_000_000.0))


def antenna_gone(city: LicensedCity) -> None:
    city.change(2, gain_db=city.boxes[2].gain_db - 25.0)


def anything(city: LicensedCity) -> None:
    city.change(2, makes_up=lambda rng: float(rng.uniform(-100.0, -40.0)))


def always_the_same(city: LicensedCity) -> None:
    city.change(2, makes_up=lambda _: -50.0)


def late(city: LicensedCity) -> None:
    city.change(2, late_s=5e-6)


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (carried_away, {"moved"}),
        (gps_elsewhere, {"position"}),
        (gps_at_zero, {"position"}),
        (antenna_gone, {"antenna"}),
        (anything, {"levels", "moved"}),
        (always_the_same, {"levels"}),
        (late, {"clock"}),
    ],
)
def test_a_fault_is_found_named_and_forgiven_once_mended(fault: Fault, why: set[str]) -> None:
    city = LicensedCity(seed=11)
    well = city.boxes[2]

    def mended(again: LicensedCity) -> None:
        again.boxes[2] = well

    first, ill, still, back, later = nights(city, {1: fault, 3: mended}, 5)
    assert first.left_out == {}
    assert set(ill.left_out) == set(still.left_out) == {ONE}
    assert ill.left_out[ONE] in why
    assert set(back.left_out) <= {ONE}
    assert later.left_out == {}


def test_healthy_sensors_in_ordinary_shadowing_are_left_alone() -> None:
    """By evidence of e⁷ a night in a thousand at most; 60 here. Shadowing of 6 to 9 dB, cities of 6 to 9 sensors."""
    out = [
        test.left_out
        for seed in range(4)
        for test in nights(LicensedCity(seed, sensors=6 + seed, cells=12 + 2 * seed, shadowing_db=6.0 + seed), {}, 2)
    ]
    assert out == [{}] * 8


def test_one_odd_emitter_is_that_emitter_s_own_fault() -> None:
    city = LicensedCity(seed=3)
    (first,) = nights(city, {}, 1)
    city.sent[4] -= 30.0
    again = self_test(city.emitters(1), city.rules, now_ns=START_NS + DAY_NS, before=first)
    assert again is not None
    assert again.left_out == {}


def test_levels_are_published_with_a_sigma_that_is_true() -> None:
    inside = []
    for seed in range(4):
        city = LicensedCity(seed=40 + seed)
        (test,) = nights(city, {}, 1)
        town = np.mean([box.gain_db for box in city.boxes])
        truth = {box.name: box.gain_db - town for box in city.boxes}
        middle = np.mean([t.level_error_db or 0.0 for t in test.sensors])
        inside += [
            abs((t.level_error_db or 0.0) - middle - truth[t.sensor]) < 2 * (t.level_sigma_db or 0.0) + 4.0
            for t in test.sensors
        ]
    assert np.mean(inside) > 0.9  # ±4 dB: what the town's own middle is off by


def test_nothing_licensed_tests_nothing() -> None:
    city = LicensedCity(seed=1)
    assert self_test([], city.rules, now_ns=START_NS) is None


def test_licensed_emitters_are_located_by_what_the_others_taught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_LOCATED", 12)
    (test,) = nights(LicensedCity(seed=5, sensors=9), {}, 1)
    assert len(test.emitters) == 12
    assert sum(each.held for each in test.emitters) >= 9
    errors = [each.error_m for each in test.emitters if each.error_m is not None]
    assert errors
    assert np.median(errors) < 3_000.0


def test_a_sensor_that_was_left_out_has_no_part_in_fixes_and_is_still_shown() -> None:
    city = LicensedCity(seed=6)
    rules = msgspec.structs.replace(city.rules, left_out={ONE: "moved"})
    held = city.emitters(0)
    prior = propagation("gsm", FREQ_HZ)
    learnt = learnt_on_known(held, "gsm", rules, prior)
    assert ONE not in learnt.offsets
    lat, lon = PLANE.to_degrees(*city.at[0])
    shown = residuals(Evidence.of(held[0]), (float(lat), float(lon)), prior=prior, learnt=learnt)
    mine = [each for each in shown if each.sensor == ONE and each.kind == "power"]
    assert [each.why for each in mine] == ["self_test_moved"]
    assert mine[0].weight == 0.0
    assert mine[0].residual is not None
    assert any(each.why is None for each in shown)
