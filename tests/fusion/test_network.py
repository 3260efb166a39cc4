"""What all sensors together learn of a network, and the signatures that rest on it."""

import msgspec
import pytest

from fusion.network import read_again, stored, taught, usual_gap
from fusion.signatures import gsm_config_novelty
from fusion.values import Emitter, Latest, NetworkModel, World
from fusion.world import take
from tests.dsp.signatures.made import cell, rogue
from tests.fusion.city import START_NS, City, Transmitter, five_sensors
from tests.fusion.test_signatures import names, on_arfcn
from wire.report import TimeSource

DAY_NS = 86400 * 10**9


def emitter(number: int, *, days: float = 2.0, **fields: object) -> Emitter:
    heard = cell(number % 90 + 1, ci=number, **fields)
    return Emitter(
        id=f"e{number}",
        service="gsm",
        freq_hz=heard.freq_hz,
        mcc=heard.mcc,
        mnc=heard.mnc,
        lac=heard.lac,
        ci=heard.ci,
        first_seen_utc_ns=0,
        last_seen_utc_ns=round(days * DAY_NS),
        latest=(Latest(sensor="s", time_utc_ns=round(days * DAY_NS), heard=heard),),
    )


def test_a_cell_teaches_once_and_only_on_its_second_day():
    model = taught({}, [emitter(1), emitter(2, t3212=40), emitter(3, days=0.5)], frozenset())
    again = taught(model, [emitter(1), emitter(2, t3212=40)], frozenset())
    assert again is model
    assert model["460-00"].n == 2
    assert model["460-00"].values["t3212"] == {"30": 1, "40": 1}
    assert model["460-00"].areas == {"21014": 2}


def test_a_suspect_and_a_cell_with_anything_against_it_teach_nothing():
    city = City(five_sensors(), [Transmitter(rogue(), 900, -1200, phase_ns=8e12)])
    world = city.run(30)
    guilty = msgspec.structs.replace(on_arfcn(world, 75), first_seen_utc_ns=START_NS - 9 * DAY_NS)
    assert taught({}, [guilty], frozenset()) == {}
    assert taught({}, [emitter(1)], frozenset({"e1"})) == {}


def test_the_model_stays_bounded_and_survives_being_stored(monkeypatch):
    monkeypatch.setattr("fusion.network.MOST_CELLS", 100)
    monkeypatch.setattr("fusion.network.MOST_AREAS", 50)
    models: dict[str, NetworkModel] = {}
    for number in range(1, 300):
        models = taught(models, [emitter(number, lac=number, t3212=number % 256)], frozenset())
    model = models["460-00"]
    assert (model.n, len(model.cells), len(model.areas)) == (299, 100, 50)
    assert len(model.values["t3212"]) == 64
    assert read_again(stored(models)) == models
    with pytest.raises(msgspec.MsgspecError):
        read_again('{"460-00": 5}')


def test_the_usual_gap_leaves_out_the_widest():
    assert usual_gap(NetworkModel(areas={"1": 1, "3": 1, "4": 1})) == 2
    assert usual_gap(NetworkModel(areas={"1": 1, "3": 1})) is None


def town() -> list[Transmitter]:
    return [
        Transmitter(
            cell(10 * (i + 1), bsic=16 + i, lac=21014 + i // 5, neighbour_arfcns=tuple(range(10, 95, 10))),
            600 * i - 2500,
            300 * i - 1200,
            eirp_dbm=55.0,
            phase_ns=97e9 * (i + 1),
        )
        for i in range(9)
    ]


def model_of_weeks() -> World:
    learnt = taught({}, [emitter(n, lac=21014 + n % 4 * 3) for n in range(1, 30)], frozenset())
    return World(networks=learnt)


def test_an_area_nobody_uses_is_told_across_sensors_and_a_known_one_is_not():
    own = Transmitter(cell(95, bsic=5, lac=40001, ci=77), 300, -500, eirp_dbm=50.0, phase_ns=8e12)
    found = names(on_arfcn(City(five_sensors(), [*town(), own]).run(30, world=model_of_weeks()), 95))
    assert found["gsm_lac_family"] == 12.0
    quiet = Transmitter(cell(95, bsic=5, lac=21023, ci=77), 300, -500, eirp_dbm=50.0, phase_ns=8e12)
    world = City(five_sensors(), [*town(), quiet]).run(30, world=model_of_weeks())
    assert all("gsm_lac_family" not in names(e) for e in world.emitters.values())


def test_areas_that_a_network_has_just_opened_on_several_cells_are_innocent():
    opened = [msgspec.structs.replace(t.heard, lac=22000) for t in town()]
    moved = [
        Transmitter(c, t.east_m, t.north_m, 55.0, phase_ns=t.phase_ns) for c, t in zip(opened, town(), strict=True)
    ]
    world = City(five_sensors(), moved).run(30, world=model_of_weeks())
    assert all("gsm_lac_family" not in names(e) for e in world.emitters.values())


def test_a_loud_cell_that_nobody_names_and_that_names_nobody_heard_is_outside_the_graph():
    apart = Transmitter(cell(95, bsic=5, ci=77, neighbour_arfcns=(2, 3, 4)), 300, -500, eirp_dbm=58.0, phase_ns=8e12)
    world = City(five_sensors(), [*town(), apart]).run(30)
    assert names(on_arfcn(world, 95))["gsm_neighbour_graph"] == 13.0
    named = Transmitter(cell(95, bsic=5, ci=77, neighbour_arfcns=(10, 20)), 300, -500, eirp_dbm=58.0, phase_ns=8e12)
    world = City(five_sensors(), [*town(), named]).run(30)
    assert names(on_arfcn(world, 95))["gsm_neighbour_graph"] == 10.0
    assert all("gsm_neighbour_graph" not in names(e) for e in world.emitters.values() if e.arfcn != 95)


def test_few_lists_and_one_sensor_are_not_enough_for_the_graph():
    apart = Transmitter(cell(95, bsic=5, ci=77, neighbour_arfcns=(2, 3, 4)), 300, -500, eirp_dbm=58.0, phase_ns=8e12)
    assert "gsm_neighbour_graph" not in names(on_arfcn(City(five_sensors(), [*town()[:4], apart]).run(30), 95))
    assert "gsm_neighbour_graph" not in names(on_arfcn(City(five_sensors()[:1], [*town(), apart]).run(30), 95))


def test_a_value_that_was_seen_weeks_ago_is_not_novel():
    own = cell(75, t3212=77, max_retrans=7, tx_integer=9)
    others = [cell(n) for n in range(1, 30)]
    learnt = taught({}, [emitter(1, t3212=77), emitter(2, max_retrans=7)], frozenset())["460-00"]
    assert gsm_config_novelty.novel_fields(own, others) == ("t3212", "max_retrans", "tx_integer")
    assert gsm_config_novelty.novel_fields(own, others, learnt) == ("tx_integer",)


def test_a_sensor_whose_position_lies_by_five_kilometres_for_a_while_makes_no_case():
    sensors = five_sensors()
    city = City(sensors, town())
    world = city.run(60)
    sensors[0].east_m += 5000.0
    liar = city.reports(60, start_s=60.0)
    sensors[0].east_m -= 5000.0
    for filed in (*liar, *city.reports(60, start_s=120.0)):
        world = take(world, filed, city.rules).world
    assert not world.cases


def test_a_repeater_that_shifts_the_channel_keeps_the_frame_clock_and_is_no_clone():
    shifted = Transmitter(cell(95, ci=8010, bsic=16), 300, -500, eirp_dbm=50.0, phase_ns=97e9)
    world = City(five_sensors(), [*town(), shifted]).run(40)
    assert all("gsm_clone" not in names(e) for e in world.emitters.values())
    clone = Transmitter(cell(95, ci=8010, bsic=16), 300, -500, eirp_dbm=50.0, phase_ns=97e9 + 8e6)
    world = City(five_sensors(), [*town(), clone]).run(40)
    assert "gsm_clone" in names(on_arfcn(world, 95))


def test_sensors_whose_clocks_are_a_second_off_see_one_cell_and_no_clone():
    city = City(five_sensors(), town(), time_source=TimeSource.SYSTEM, time_sigma_ns=10**9)
    world = city.run(60)
    assert len(world.emitters) == 9
    assert all("gsm_clone" not in names(e) for e in world.emitters.values())
