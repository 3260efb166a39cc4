"""Differences of a GSM suspect between sensors, from frame arrivals whose every error is known."""

import math
from dataclasses import dataclass, replace

import msgspec
import numpy as np
import pytest

from dsp.gsm.frame import FRAME_SECONDS, HYPERFRAME
from fusion.frame_arrival import KEPT_NS, arrival_of, kept
from fusion.gsm_differences import GsmDifferences, Reference, gsm_clock_differences, gsm_differences
from fusion.locate.assumptions import LIGHT_M_S
from fusion.locate.geo import Plane, distance_m
from fusion.place import located
from fusion.values import FiledReport, FrameArrival, Rules, World
from fusion.world import take
from tests.dsp.signatures.made import WEIGHTS
from tests.fusion import differences_made
from tests.wire.made import make_cell, make_report
from wire.report import TimeSource

PLANE = Plane(30.6, 104.1)
SUSPECT, CELLS = (700.0, -400.0), ((-1800.0, 1500.0), (2100.0, 1400.0), (0.0, -2500.0))
SENSORS = {"a": (300.0, 3200.0), "b": (3400.0, -2300.0), "c": (-3300.0, -1800.0)}
CLOCK_PPM = {"a": 0.5, "b": -0.5, "c": 0.3}
OFFSET_S = {"a": 0.0, "b": 0.004, "c": -0.002}
SIGMA_NS = 4.4  # 10 dB, 1 s


@dataclass(frozen=True)
class City:
    """Sensors look one after the other, `looks` times a second apart, and begin `late_s` after each other.

    step_at_s, step_s : when and by how much the suspect's clock steps
    """

    seed: int = 1
    looks: int = 10
    late_s: float = 10.0
    references: int = 2
    step_at_s: float = math.inf
    step_s: float = 0.0
    sigma_ns: float = SIGMA_NS

    def heard(self) -> tuple[list[FrameArrival], list[Reference]]:
        rng = np.random.default_rng(self.seed)
        cells = [(SUSPECT, 0.043, 1.234)]
        cells += [(CELLS[k], rng.uniform(-0.05, 0.05), rng.uniform(0, 12000)) for k in range(self.references)]
        arrivals: list[list[FrameArrival]] = [[] for _ in cells]
        for order, name in enumerate(SENSORS):
            for look in range(self.looks):
                begin_s = look + self.late_s * order + 0.1 * order
                for number, (place, ppm, ahead_s) in enumerate(cells):
                    stepped = self.step_s if number == 0 and begin_s >= self.step_at_s else 0.0
                    one = self._one(rng, name, look, begin_s, (place, ppm, ahead_s + stepped))
                    arrivals[number].append(one)
        references = [
            Reference(f"cell {k}", *_degrees(CELLS[k]), 0.0, tuple(arrivals[k + 1])) for k in range(self.references)
        ]
        return arrivals[0], references

    def _one(self, rng: np.random.Generator, name: str, look: int, begin_s: float, cell) -> FrameArrival:  # type: ignore[no-untyped-def]
        place, ppm, ahead_s = cell
        path_s = math.dist(place, SENSORS[name]) / LIGHT_M_S
        around_s = begin_s + 0.5 + rng.uniform(-0.1, 0.1)
        frame = math.floor(((around_s - path_s) * (1 + ppm * 1e-6) + ahead_s) / FRAME_SECONDS)
        came_s = (frame * FRAME_SECONDS - ahead_s) / (1 + ppm * 1e-6) + path_s
        own_s = begin_s + OFFSET_S[name] + (came_s - begin_s) * (1 + CLOCK_PPM[name] * 1e-6)
        lat_deg, lon_deg = _degrees(SENSORS[name])
        return FrameArrival(
            sensor=name,
            boot="0" * 32,
            seq=look + 1,
            time_utc_ns=round((begin_s + 0.5 + OFFSET_S[name]) * 1e9),
            lat_deg=lat_deg,
            lon_deg=lon_deg,
            position_sigma_m=5.0,
            frame_number=frame % HYPERFRAME,
            frame_time_ns=round((own_s + rng.normal() * self.sigma_ns * 1e-9) * 1e9),
            sigma_ns=self.sigma_ns,
            spread_ns=0.0,
            clock_ppm=CLOCK_PPM[name] - ppm + rng.normal() * 0.015,
            clock_sigma_ppm=0.015,
            carrier_ppm=ppm - CLOCK_PPM[name] + rng.normal() * 0.0017,
            carrier_sigma_ppm=0.0017,
            time_sigma_ns=5_000_000,
        )


def _degrees(place: tuple[float, float]) -> tuple[float, float]:
    lat, lon = PLANE.to_degrees(*place)
    return float(lat), float(lon)


def _errors(got: GsmDifferences) -> list[tuple[float, float]]:
    """(error, sigma) of each difference in metres."""
    return [
        (
            d.difference_s * LIGHT_M_S
            - (math.dist(SENSORS[d.sensor_b], SUSPECT) - math.dist(SENSORS[d.sensor_a], SUSPECT)),
            d.sigma_s * LIGHT_M_S,
        )
        for d in got.differences
    ]


@pytest.mark.parametrize("late_s", [0.0, 10.0], ids=["at once", "one after the other"])
def test_differences_are_as_good_as_they_claim_though_cells_drift(late_s: float) -> None:
    """Cells drift by up to 0.1 ppm against each other: 300 m in ten seconds. Chi-square over 20 cities."""
    found = [pair for seed in range(20) for pair in _errors(gsm_differences(*City(seed=seed, late_s=late_s).heard()))]
    assert len(found) == 60
    normal = np.array([error / sigma for error, sigma in found])
    assert 0.7 < np.sqrt(np.mean(normal**2)) < 1.3
    assert max(sigma for _, sigma in found) < (4.0 if late_s else 1.5)


def test_three_references_are_better_than_one_but_share_the_suspects_error() -> None:
    one, three = (_errors(gsm_differences(*City(late_s=0.0, references=n).heard()))[0][1] for n in (1, 3))
    assert 0.75 * one < three < 0.9 * one  # √(1 + 1/3) against √2


def test_a_place_known_to_50_metres_tells_no_better_than_that() -> None:
    suspect, references = City(references=1).heard()
    (reference,) = references
    got = gsm_differences(
        suspect, [Reference(reference.name, reference.lat_deg, reference.lon_deg, 50.0, reference.arrivals)]
    )
    assert all(50.0 < sigma < 110.0 for _, sigma in _errors(got))


def test_a_restart_of_the_suspect_forgets_what_was_before() -> None:
    got = gsm_differences(*City(step_at_s=15.0, step_s=1234.5).heard())
    assert {r.reason for r in got.refused} == {"other_clock"}
    assert len(got.differences) >= 1
    assert all(abs(error) < 4 * sigma for error, sigma in _errors(got))


def test_a_small_step_of_a_clock_does_not_pass_as_distance() -> None:
    """Three microseconds, 900 m, while all sensors look: the older looks no longer fit and are left out."""
    got = gsm_differences(*City(late_s=0.0, step_at_s=5.0, step_s=3e-6).heard())
    assert "clock_stepped" in {r.reason for r in got.refused}
    assert len(got.differences) == 3
    assert all(abs(error) < 4 * sigma < 20.0 for error, sigma in _errors(got))


def test_another_transmitter_taken_for_the_suspect_at_one_sensor_is_left_out() -> None:
    suspect, references = City(late_s=0.0).heard()
    wrong = [
        msgspec.structs.replace(a, frame_number=(a.frame_number + 4711) % HYPERFRAME) if a.sensor == "b" else a
        for a in suspect
    ]
    got = gsm_differences(wrong, references)
    assert {(r.reason, r.subject) for r in got.refused} == {("other_clock", "b")}
    assert [(d.sensor_a, d.sensor_b) for d in got.differences] == [("a", "c")]


def test_the_wrap_of_the_frame_count_makes_no_difference() -> None:
    suspect, references = City().heard()
    plain = gsm_differences(suspect, references)
    turned = [
        msgspec.structs.replace(a, frame_number=(a.frame_number + HYPERFRAME - 800) % HYPERFRAME) for a in suspect
    ]
    later = gsm_differences(turned, references)
    assert [d.difference_s for d in later.differences] == pytest.approx(
        [d.difference_s for d in plain.differences], abs=1e-11
    )


def test_what_tells_nothing_is_refused_by_name() -> None:
    suspect, references = City().heard()
    assert gsm_differences(suspect, []).refused[-1].reason == "no_reference"
    lone = [a for a in suspect if a.sensor == "a"]
    assert gsm_differences(lone, references).refused[-1].reason == "one_place"
    apart = gsm_differences([a for a in suspect if (a.sensor == "a") == (a.seq % 2 == 0)], references)
    assert all(d.sigma_s < 1e-6 for d in apart.differences)


def test_a_vehicle_is_another_place_wherever_it_looks() -> None:
    """Its looks from two places are joined with the others', never with each other."""
    suspect, references = City(late_s=0.0).heard()
    lat_deg, lon_deg = _degrees((SENSORS["b"][0] + 200.0, SENSORS["b"][1]))
    driven = [
        msgspec.structs.replace(a, lat_deg=lat_deg, lon_deg=lon_deg) if a.sensor == "b" and a.seq > 5 else a
        for a in suspect
    ]
    got = gsm_differences(driven, references)
    assert len(got.differences) == 5
    assert all(d.sensor_a != d.sensor_b for d in got.differences)


def test_echoes_that_stand_still_do_not_average_out() -> None:
    suspect, references = City(late_s=0.0).heard()
    smeared = [
        msgspec.structs.replace(a, spread_ns=300.0, sigma_ns=math.hypot(SIGMA_NS, 300.0 / math.sqrt(12)))
        for a in suspect
    ]
    got = gsm_differences(smeared, references)
    assert all(d.sigma_s == pytest.approx(300e-9 / math.sqrt(12) * math.sqrt(2), rel=0.05) for d in got.differences)


def test_only_the_last_two_minutes_are_kept_and_a_look_once() -> None:
    one = City().heard()[0][0]
    assert kept((one,), one) == (one,)
    later = msgspec.structs.replace(one, seq=99, time_utc_ns=one.time_utc_ns + KEPT_NS + 1)
    assert kept((one,), later) == (later,)


def test_a_report_without_a_place_or_a_sigma_gives_no_arrival() -> None:
    report = make_report()
    told = msgspec.structs.replace(make_cell(), frame_time_utc_ns=report.time_utc_ns, frame_sigma_ns=5.0)
    filed = FiledReport(row=1, sensor="a", received_utc_ns=report.created_utc_ns, report=report)
    arrival = arrival_of(filed, told)
    assert arrival is not None and arrival.sigma_ns == 5.0
    assert arrival.clock_sigma_ppm > 0.1  # an older sensor does not tell its clock's rate: the carrier does, roughly
    assert arrival_of(filed, msgspec.structs.replace(told, frame_sigma_ns=None)) is None
    nowhere = msgspec.structs.replace(filed, report=msgspec.structs.replace(report, position=None))
    assert arrival_of(nowhere, told) is None


def _clocked(source: TimeSource, sigma_ns: int | None) -> list[FrameArrival]:
    """What sensors with perfect clocks tell, saying so."""
    return [
        msgspec.structs.replace(
            a,
            time_source=source,
            time_sigma_ns=sigma_ns,
            frame_time_ns=a.frame_time_ns - round(OFFSET_S[a.sensor] * 1e9),
        )
        for a in City(late_s=0.0, looks=3).heard()[0]
    ]


def test_sensors_with_satellite_clocks_need_no_reference() -> None:
    """Half a part in a million of the sample clock over half a second stays in: 75 m at most, here within 100 ns."""
    got = gsm_clock_differences(_clocked(TimeSource.PPS, 50))
    assert len(got.differences) == 3 and {d.method for d in got.differences} == {"gnss"}
    assert all(abs(error) < 150.0 and sigma > 15.0 for error, sigma in _errors(got))


@pytest.mark.parametrize(
    ("source", "sigma_ns", "reason"),
    [
        (TimeSource.NTP, 200_000, "clock_ntp"),
        (TimeSource.NTP, 50, "clock_ntp"),  # whatever it says of itself
        (TimeSource.SYSTEM, None, "clock_system"),
        (TimeSource.GNSS, 20_000_000, "clock_too_unsure"),  # the time of a sentence, not of a pulse
    ],
)
def test_differences_by_other_clocks_are_refused_by_design(
    source: TimeSource, sigma_ns: int | None, reason: str
) -> None:
    got = gsm_clock_differences(_clocked(source, sigma_ns))
    assert got.differences == ()
    assert {(r.reason, r.subject) for r in got.refused} >= {(reason, name) for name in SENSORS}


def test_from_iq_to_a_fix_four_sensors_that_look_one_after_the_other_find_a_cell_within_30_metres() -> None:
    """Receiver, reports, world: two looks each, 20 dB; the differences within four of their sigmas."""
    rules, world = Rules(licences=differences_made.licences(), weights=WEIGHTS), World()
    for filed in differences_made.Watch(looks=2, seconds=0.5, eb_n0_db=20.0).reports():
        world = take(world, filed, rules).world
    suspect = next(e for e in world.emitters.values() if e.arfcn == differences_made.ARFCNS[0])
    found = located(suspect, rules, now_ns=suspect.last_seen_utc_ns, among=world.emitters.values())
    assert len(found.differences) == 6
    for d in found.differences:
        assert abs(d.difference_s - differences_made.truth_s(d.sensor_a, d.sensor_b)) < 4 * d.sigma_s < 100e-9 * 4
    fix, place = found.fix, differences_made.degrees(differences_made.SUSPECT)
    assert fix is not None and fix.lat_deg is not None and fix.lon_deg is not None
    assert distance_m((fix.lat_deg, fix.lon_deg), place) < 30.0
    again = located(found, rules, now_ns=suspect.last_seen_utc_ns, among=world.emitters.values())
    assert again.differences == found.differences  # the same looks are no new evidence


def test_from_iq_by_satellites_clocks_alone_where_no_cell_of_known_place_is_heard() -> None:
    """Sensors whose oscillators and samples satellites discipline, pulses 40 ns apart; nothing is in any list."""
    timed = tuple(
        replace(ear, ppm=0.001 * (-1) ** k, ahead_s=40e-9 * (k - 1)) for k, ear in enumerate(differences_made.EARS[:3])
    )
    watch = differences_made.Watch(looks=1, seconds=0.5, eb_n0_db=20.0, ears=timed, clock=(TimeSource.PPS, 50))
    rules, world = Rules(weights=WEIGHTS), World()
    for filed in watch.reports():
        world = take(world, filed, rules).world
    suspect = next(e for e in world.emitters.values() if e.arfcn == differences_made.ARFCNS[0])
    found = located(suspect, rules, now_ns=suspect.last_seen_utc_ns, among=world.emitters.values())
    assert {d.method for d in found.differences} == {"gnss"} and len(found.differences) == 3
    for d in found.differences:
        assert abs(d.difference_s - differences_made.truth_s(d.sensor_a, d.sensor_b)) < 3 * d.sigma_s
        assert d.sigma_s < 150e-9


def test_the_first_word_of_a_mover_from_its_new_place_does_not_undo_what_the_others_said() -> None:
    """All sensors heard it for ten seconds; one hears it again ten seconds later, 900 m farther."""
    suspect, references = City(late_s=0.0).heard()
    last = next(a for a in suspect if (a.sensor, a.seq) == ("a", 10))
    moved = _ten_seconds_later(last, late_ns=3000)
    seen = [
        Reference(r.name, r.lat_deg, r.lon_deg, r.sigma_m, (*r.arrivals, _ten_seconds_later(other, late_ns=0)))
        for r in references
        for other in r.arrivals
        if (other.sensor, other.seq) == ("a", 10)
    ]
    got = gsm_differences([*suspect, moved], seen)
    before = gsm_differences(suspect, references)
    assert [d.difference_s for d in got.differences] == pytest.approx([d.difference_s for d in before.differences])
    # said of when it was there, not of the moment of the word that was left out
    assert max(d.time_utc_ns for d in got.differences) < last.time_utc_ns + 2 * 10**9
    few = gsm_differences([a for a in suspect if a.seq > 8] + [moved], seen)  # too few looks to call one of them wrong
    assert all(d.sigma_s < 1e-6 for d in few.differences)


def test_a_mover_seen_at_once_every_ten_seconds_is_placed_at_the_time_it_was_there() -> None:
    """One look each; of the newest occasion only one sensor has told, 120 m of path later."""
    suspect, references = City(looks=1, late_s=0.0).heard()
    moved = _ten_seconds_later(suspect[0], late_ns=400)
    seen = [replace(r, arrivals=(*r.arrivals, _ten_seconds_later(r.arrivals[0], late_ns=0))) for r in references]
    got, before = gsm_differences([*suspect, moved], seen), gsm_differences(suspect, references)
    assert [d.difference_s for d in got.differences] == pytest.approx([d.difference_s for d in before.differences])
    assert {d.time_utc_ns for d in got.differences} == {d.time_utc_ns for d in before.differences}
    assert all(abs(d.time_utc_ns - suspect[0].time_utc_ns) < 10**9 for d in got.differences)


def _ten_seconds_later(arrival: FrameArrival, *, late_ns: int) -> FrameArrival:
    frames = 2167  # 10.0015 s
    return msgspec.structs.replace(
        arrival,
        seq=11,
        time_utc_ns=arrival.time_utc_ns + 10 * 10**9,
        frame_number=(arrival.frame_number + frames) % HYPERFRAME,
        frame_time_ns=arrival.frame_time_ns
        + round(frames * FRAME_SECONDS * (1 + arrival.clock_ppm * 1e-6) * 1e9)
        + late_ns,
    )


def test_one_look_that_is_far_off_is_left_out() -> None:
    """250 ns, as a receiver made of a made cell once in some hundred looks, its sigma none the wiser."""
    suspect, references = City().heard()
    wrong = [
        msgspec.structs.replace(a, frame_time_ns=a.frame_time_ns + 250) if (a.sensor, a.seq) == ("c", 6) else a
        for a in suspect
    ]
    got = gsm_differences(wrong, references)
    assert len(got.differences) == 3 and got.refused == ()
    assert all(abs(error) < 4 * sigma < 20.0 for error, sigma in _errors(got))
