"""From phases of three sensors to differences, and whom to ask for them."""

import msgspec
import pytest

from dsp.fm.phase_window import phase_window
from dsp.fm.values import FmStation
from dsp.signatures.licences import FmLicence, Licences
from fusion.difference_plan import EVERY_NS, next_difference
from fusion.difference_ways import HEARD_NS, Asked
from fusion.fm_differences import fm_clock_difference, fm_differences
from fusion.gsm_looks import Refused
from fusion.locate.assumptions import LIGHT_M_S
from fusion.locate.geo import Plane
from fusion.values import Case, Emitter, Latest, Level, MeasuredDifferences, Rules, World
from fusion.world import take_differences
from recordings.world_place import Site
from tests.dsp.fm import difference_made as made
from wire.phase_snippet import PhaseSnippet
from wire.report import Position, PositionSource, TimeSource

PLANE = Plane(30.6, 104.1)
NAMES = ("north", "east", "west")
NOW_NS = 1_790_000_000 * 10**9


def degrees(place: Site) -> tuple[float, float]:
    lat, lon = PLANE.to_degrees(place.east_m, place.north_m)
    return float(lat), float(lon)


ASKED = Asked(
    emitter_id="p",
    freq_hz=made.TARGET_HZ,
    reference_id="r",
    reference_hz=made.REFERENCE_HZ,
    reference_lat_deg=degrees(made.REFERENCE)[0],
    reference_lon_deg=degrees(made.REFERENCE)[1],
    sensors=NAMES,
    centre_hz=made.CENTRE_HZ,
    rate_hz=2.4e6,
    seconds=1.0,
    at_utc_ns=NOW_NS,
)


@pytest.fixture(scope="module")
def snippets() -> dict[str, PhaseSnippet]:
    blocks = made.blocks(made.Set("speech", seed=3, cnr_db=15.0, seconds=0.8))
    return {name: _snippet(block, place) for name, block, place in zip(NAMES, blocks, made.SENSORS, strict=True)}


def _snippet(block, place: Site) -> PhaseSnippet:  # type: ignore[no-untyped-def]
    lat_deg, lon_deg = degrees(place)
    return PhaseSnippet(
        parts=phase_window(block, (made.REFERENCE_HZ, made.TARGET_HZ)),
        time_utc_ns=NOW_NS,
        time_sigma_ns=10_000_000,
        time_source=TimeSource.NTP,
        position=Position(lat_deg=lat_deg, lon_deg=lon_deg, sigma_m=5.0, source=PositionSource.SURVEYED),
    )


def test_every_pair_gets_its_difference_the_references_place_taken_in(snippets: dict[str, PhaseSnippet]) -> None:
    found, refused = fm_differences(ASKED, snippets)
    assert refused == () and len(found) == 3
    for d in found:
        a, b = NAMES.index(d.sensor_a), NAMES.index(d.sensor_b)
        error_m = (d.difference_s - made.truth_s(a, b)[1]) * LIGHT_M_S
        assert abs(error_m) < 12.0  # the list's 10 m are not in the truth, only in the sigma
        assert 5.0 < d.sigma_s * LIGHT_M_S < 30.0
        assert (d.method, d.references) == ("fm_reference", ("r",))


def test_what_is_missing_or_bad_is_named(snippets: dict[str, PhaseSnippet]) -> None:
    lost = {name: s for name, s in snippets.items() if name != "west"}
    found, refused = fm_differences(ASKED, lost)
    assert len(found) == 1 and refused == (Refused("no_snippet", "west"),)
    nowhere = snippets | {"east": msgspec.structs.replace(snippets["east"], position=None)}
    assert Refused("no_place", "east") in fm_differences(ASKED, nowhere)[1]
    deaf = snippets | {"east": msgspec.structs.replace(snippets["east"], parts=snippets["east"].parts[:1])}
    assert Refused("no_overlap", "east-north") in fm_differences(ASKED, deaf)[1]


def test_network_clocks_are_refused_and_satellite_clocks_are_not(snippets: dict[str, PhaseSnippet]) -> None:
    pair = [(name, snippets[name]) for name in ("north", "east")]
    assert fm_clock_difference(made.TARGET_HZ, *pair) == Refused("clock_ntp", "north")
    right = [
        (
            name,
            msgspec.structs.replace(
                s,
                time_source=TimeSource.PPS,
                time_sigma_ns=40,
                time_utc_ns=s.time_utc_ns - round(made.OFFSETS_S[NAMES.index(name)] * 1e9),
            ),
        )
        for name, s in pair
    ]
    got = fm_clock_difference(made.TARGET_HZ, *right)
    assert not isinstance(got, Refused) and got.method == "gnss"
    # 1 ppm of the crystals over 0.4 s of snippet are in it: 120 m
    assert abs(got.difference_s - made.truth_s(0, 1)[1]) * LIGHT_M_S < 150.0


def test_a_clock_that_is_not_what_it_says_is_refused_where_paths_cannot_be_so_long(
    snippets: dict[str, PhaseSnippet],
) -> None:
    """Said to be set by satellites, and 21 ms off: 6 000 km."""
    pair = [
        (name, msgspec.structs.replace(snippets[name], time_source=TimeSource.PPS, time_sigma_ns=40))
        for name in ("north", "east")
    ]
    assert fm_clock_difference(made.TARGET_HZ, *pair) == Refused("beyond_paths", "north-east")


def _station(freq_hz: float, cnr_db: float = 25.0) -> FmStation:
    return FmStation(freq_hz=freq_hz, freq_sigma_hz=5.0, level_dbfs=-25.0, cnr_db=cnr_db, seconds=1.0)


def _emitter(id: str, freq_hz: float, *, licensed: bool, sensors: tuple[str, ...] = NAMES, age_ns: int = 0) -> Emitter:
    latest = tuple(Latest(sensor=s, time_utc_ns=NOW_NS - age_ns, heard=_station(freq_hz)) for s in sensors)
    return Emitter(
        id=id,
        service="fm",
        freq_hz=freq_hz + 137.0,
        licensed=licensed,
        first_seen_utc_ns=NOW_NS - 10**12,
        last_seen_utc_ns=NOW_NS - age_ns,
        latest=latest,
    )


def _world(*emitters: Emitter) -> World:
    case = Case(
        id="c",
        emitter_id="p",
        kind="pirate_fm",
        level=Level.WATCH,
        score_db=15.0,
        group_scores_db={},
        findings=(),
        opened_utc_ns=NOW_NS,
        changed_utc_ns=NOW_NS,
    )
    return World(emitters={e.id: e for e in emitters}, cases={"c": case})


def _licence(name: str, freq_hz: float) -> FmLicence:
    return FmLicence(freq_hz=freq_hz, name=name, lat_deg=30.6, lon_deg=104.1)


RULES = Rules(licences=Licences(fm=(_licence("one", 97.8e6), _licence("far", 105e6))))


def test_a_suspect_is_measured_against_the_licensed_station_that_its_sensors_hear_too() -> None:
    world = _world(_emitter("p", 98.3e6, licensed=False), _emitter("r", 97.8e6, licensed=True))
    asked = next_difference(world, RULES, now_ns=NOW_NS, asked_ns={})
    assert asked is not None
    assert (asked.freq_hz, asked.reference_hz, asked.reference_lat_deg) == (98.3e6, 97.8e6, 30.6)
    assert set(asked.sensors) == set(NAMES) and asked.at_utc_ns > NOW_NS
    assert all(abs(f - asked.centre_hz) > 100e3 for f in (98.3e6, 97.8e6))


@pytest.mark.parametrize(
    "world",
    [
        _world(_emitter("p", 98.3e6, licensed=False)),
        _world(_emitter("p", 98.3e6, licensed=False), _emitter("r", 105.2e6, licensed=True)),
        _world(_emitter("p", 98.3e6, licensed=False), _emitter("r", 97.8e6, licensed=True, sensors=("north",))),
        _world(_emitter("p", 98.3e6, licensed=False, age_ns=2 * HEARD_NS), _emitter("r", 97.8e6, licensed=True)),
        _world(_emitter("q", 98.3e6, licensed=False), _emitter("r", 97.8e6, licensed=True)),
    ],
    ids=["no reference", "another station, of no known place", "one sensor in common", "off the air", "no suspect"],
)
def test_nobody_is_asked_where_nothing_would_come_of_it(world: World) -> None:
    assert next_difference(world, RULES, now_ns=NOW_NS, asked_ns={}) is None


def test_without_a_reference_in_its_window_sensors_retune_to_one_and_back() -> None:
    far, near = _emitter("r", 105e6, licensed=True), _emitter("n", 97.8e6, licensed=True)
    asked = next_difference(_world(_emitter("p", 98.3e6, licensed=False), far), RULES, now_ns=NOW_NS, asked_ns={})
    assert asked is not None
    assert (asked.in_turn_hz, asked.stations_hz) == ((105e6, 98.3e6, 105e6), ())
    assert asked.every_s > asked.seconds and asked.reference_id == "r"
    beside = next_difference(
        _world(_emitter("p", 98.3e6, licensed=False), far, near), RULES, now_ns=NOW_NS, asked_ns={}
    )
    assert beside is not None and (beside.in_turn_hz, beside.reference_id) == ((), "n")


def test_where_nothing_licensed_is_heard_satellites_clocks_are_compared_and_no_others() -> None:
    latest = [
        Latest(sensor=name, time_utc_ns=NOW_NS, heard=_station(98.3e6), clock=source, clock_sigma_ns=sigma_ns)
        for name, source, sigma_ns in (
            ("north", TimeSource.PPS, 40),
            ("east", TimeSource.GNSS, 100),
            ("west", TimeSource.NTP, 40),
            ("south", TimeSource.PPS, 1_000_000),
        )
    ]
    pirate = msgspec.structs.replace(_emitter("p", 98.3e6, licensed=False), latest=tuple(latest))
    asked = next_difference(_world(pirate), RULES, now_ns=NOW_NS, asked_ns={})
    assert asked is not None
    assert (asked.sensors, asked.reference_id, asked.stations_hz) == (("east", "north"), None, (98.3e6,))
    alone = msgspec.structs.replace(pirate, latest=tuple(latest[1:]))
    assert next_difference(_world(alone), RULES, now_ns=NOW_NS, asked_ns={}) is None


def test_a_network_of_several_sites_is_no_reference() -> None:
    both = Rules(licences=Licences(fm=(_licence("one", 97.8e6), _licence("one", 97.8e6))))
    world = _world(_emitter("p", 98.3e6, licensed=False), _emitter("r", 97.8e6, licensed=True))
    assert next_difference(world, both, now_ns=NOW_NS, asked_ns={}) is None


def test_a_suspect_is_not_asked_about_again_at_once() -> None:
    world = _world(_emitter("p", 98.3e6, licensed=False), _emitter("r", 97.8e6, licensed=True))
    assert next_difference(world, RULES, now_ns=NOW_NS, asked_ns={"p": NOW_NS - EVERY_NS + 1}) is None
    assert next_difference(world, RULES, now_ns=NOW_NS, asked_ns={"p": NOW_NS - EVERY_NS}) is not None


def test_the_world_takes_differences_by_name_and_else_by_channel(snippets: dict[str, PhaseSnippet]) -> None:
    found, _ = fm_differences(ASKED, snippets)
    told = MeasuredDifferences(
        emitter_id="p", service="fm", freq_hz=made.TARGET_HZ, time_utc_ns=NOW_NS, differences=found
    )
    world = _world(_emitter("p", 98.3e6, licensed=False), _emitter("r", 97.8e6, licensed=True))
    step = take_differences(world, told, RULES)
    (emitter,) = step.emitters
    assert emitter.id == "p" and emitter.differences == found and emitter.fix is not None
    assert step.world.emitters["r"] is world.emitters["r"]
    again = take_differences(world, msgspec.structs.replace(told, emitter_id="another world's"), RULES)
    assert again.emitters[0].id == "p"
    nobody = _world(_emitter("r", 97.8e6, licensed=True))
    assert take_differences(nobody, told, RULES).emitters == ()
