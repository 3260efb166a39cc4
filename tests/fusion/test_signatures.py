"""The signatures that need several sensors: each guilty once, and once innocent though it looks alike."""

import msgspec

from fusion.signatures import gsm_clone, gsm_config_novelty
from fusion.values import Emitter, Level, World
from tests.dsp.signatures.made import LICENCES, cell, network, plain, rogue, station
from tests.fusion.city import City, Transmitter, five_sensors, open_cases
from tests.fusion.test_world import FM_SITES, legitimate_cells, licensed_stations


def names(emitter: Emitter) -> dict[str, float]:
    return {s.finding.name: s.finding.weight_db for s in emitter.findings}


def on_arfcn(world: World, arfcn: int) -> Emitter:
    (found,) = [e for e in world.emitters.values() if e.arfcn == arfcn]
    return found


def test_a_clone_that_came_later_is_the_guilty_one():
    clone = Transmitter(cell(75, ci=8020, bsic=5), 900, -1200, eirp_dbm=45.0, phase_ns=8e12, on_s=(200.0, 1e9))
    world = City(five_sensors(), [*legitimate_cells(), clone]).run(300)
    assert names(on_arfcn(world, 75))["gsm_clone"] == 20.0
    assert "gsm_clone" not in names(on_arfcn(world, 20))


def test_a_clone_that_was_always_there_is_told_by_what_else_speaks_against_it():
    clone = Transmitter(rogue(75, lac=21014, ci=8020), 900, -1200, eirp_dbm=45.0, phase_ns=8e12)
    world = City(five_sensors(), [*legitimate_cells(), clone]).run(60)
    assert names(on_arfcn(world, 75))["gsm_clone"] == 20.0
    assert "gsm_clone" not in names(on_arfcn(world, 20))


def test_two_that_nothing_tells_apart_share_the_blame_and_neither_reaches_watch():
    clone = Transmitter(cell(50, ci=8020), 900, -1200, eirp_dbm=45.0, phase_ns=8e12)
    world = City(five_sensors(), [*legitimate_cells(), clone]).run(60)
    assert names(on_arfcn(world, 50))["gsm_clone"] == names(on_arfcn(world, 20))["gsm_clone"] == 10.0
    assert all(case.level == Level.NOTE for case in open_cases(world))


def test_a_retune_is_no_clone():
    old = Transmitter(cell(20), 0, 0, eirp_dbm=45.0, phase_ns=8e12, on_s=(0.0, 60.0))
    new = Transmitter(cell(75, ci=8020), 0, 0, eirp_dbm=45.0, phase_ns=8e12, on_s=(95.0, 1e9))
    world = City(five_sensors(), [old, new]).run(160)
    (emitter,) = world.emitters.values()
    assert emitter.arfcn == 75
    assert gsm_clone.NAME not in names(emitter)


def test_a_perfect_copy_on_the_same_channel_is_two_transmitters_and_a_case():
    copy = Transmitter(cell(20, bsic=17), -2500, -2000, eirp_dbm=50.0, phase_ns=8e12, on_s=(150.0, 1e9))
    world = City(five_sensors(), [*legitimate_cells(), copy]).run(300)
    copies = [e for e in world.emitters.values() if e.arfcn == 20]
    assert len(copies) == 2
    assert max(names(e).get("gsm_clone", 0.0) for e in copies) >= 10.0


def test_what_no_cell_of_a_large_network_says_is_novel_and_in_a_small_one_unknown():
    legal = [
        Transmitter(
            cell(1 + 3 * i, bsic=16 + i % 8, neighbour_arfcns=tuple(range(1, 90))),
            200 * i - 2500,
            0,
            eirp_dbm=50.0,
            phase_ns=97e9 * (i + 1),
        )
        for i in range(24)
    ]
    offender = Transmitter(rogue(95, ccch_conf=1, max_retrans=7, tx_integer=9), 900, -1200, phase_ns=8e12)
    world = City(five_sensors(), [*legal, offender]).run(20)
    found = names(on_arfcn(world, 95))
    assert found["gsm_config_novelty"] == 25.0
    assert all("gsm_config_novelty" not in names(e) for e in world.emitters.values() if e.arfcn != 95)
    small = City(five_sensors(), [*legal[:10], offender]).run(20)
    assert "gsm_config_novelty" not in names(on_arfcn(small, 95))
    assert gsm_config_novelty.novel_fields(cell(), [cell(), cell()]) == ()


def test_a_ghost_in_one_receiver_never_becomes_high():
    ghost = Transmitter(plain(98.3), 3200, -2000, eirp_dbm=45.0)
    sensors = five_sensors()
    for sensor in sensors[:1] + sensors[2:]:
        sensor.blind = frozenset({6})
    world = City(sensors, [*licensed_stations(), ghost], licences=LICENCES).run(120, services=("fm",))
    (case,) = open_cases(world)
    assert (case.kind, case.level) == ("pirate_fm", Level.WATCH)


def test_a_hijacker_with_its_own_rds_is_high_and_the_licensed_station_has_no_case():
    hijacker = Transmitter(station(97.4, pi=0x4999, ps="PIRATE"), -2000, 2000, eirp_dbm=58.0)
    world = City(five_sensors(), [*licensed_stations(), hijacker], licences=LICENCES).run(60, services=("fm",))
    (case,) = open_cases(world)
    assert (case.kind, case.level) == ("hijack_fm", Level.HIGH)
    assert world.emitters[case.emitter_id].pi == 0x4999


def test_synchronous_fm_of_one_programme_is_one_licensed_emitter():
    twin = Transmitter(station(97.4, pi=0x8341), -2000, 2000, eirp_dbm=58.0)
    world = City(five_sensors(), [*licensed_stations(), twin], licences=LICENCES).run(60, services=("fm",))
    assert not open_cases(world)
    assert len(world.emitters) == len(FM_SITES)


def test_a_station_whose_coder_flickers_is_no_hijack():
    flicker = licensed_stations()
    bare = {"pilot_hz": None, "rds_groups": 0, "pi": None, "pi_groups": 0, "ps": None}
    dressed = {name: getattr(flicker[3].heard, name) for name in bare}
    flicker[3].changes = {13.0 * i: bare if i % 2 else dressed for i in range(1, 20)}
    world = City(five_sensors(), flicker, licences=LICENCES).run(240, services=("fm",))
    assert all(case.level < Level.HIGH for case in open_cases(world))
    assert all(case.kind != "hijack_fm" or case.level < Level.WATCH for case in open_cases(world))


def test_networks_and_stations_alone_have_no_case_in_ten_minutes():
    transmitters = [
        *(
            Transmitter(c, e, n, eirp_dbm=50.0, phase_ns=97e9 * (i + 1))
            for i, (c, (e, n)) in enumerate(zip(network(5), FM_SITES[:5], strict=True))
        ),
        *licensed_stations(),
    ]
    world = City(five_sensors(), transmitters, licences=LICENCES).run(600, services=("gsm", "fm"))
    assert not world.cases
    assert len(world.emitters) == len(transmitters)


def test_frozen_values_stay_what_they_are():
    emitter = Emitter(id="e", service="gsm", freq_hz=1.0, first_seen_utc_ns=0, last_seen_utc_ns=0)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(emitter), type=Emitter) == emitter
