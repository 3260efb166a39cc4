"""What endangers aviation among all that the sensors hear together: high at once, and only where it is used."""

import msgspec

from dsp.fm.aeronautical import AeronauticalFrequency, Service
from dsp.signatures.finding import EvidenceGroup
from dsp.signatures.licences import Licences
from fusion.judge import judge
from fusion.values import Emitter, Level, World
from tests.dsp.signatures.made import LICENCES, plain
from tests.fusion.city import City, Transmitter, five_sensors, open_cases
from tests.fusion.test_judge import LICENCE, emitter, standing
from tests.fusion.test_world import licensed_stations

PIRATE_MHZ = 105.2  # 2 × 105.2 − 101.8 = 108.6; with 97.4: 113.0
BEACON = AeronauticalFrequency(freq_hz=113.0e6, name="VOR LJG", kind=Service.VOR)


def town(*table: AeronauticalFrequency, mhz: float = PIRATE_MHZ) -> City:
    pirate = Transmitter(plain(mhz), 1500, -800, eirp_dbm=50.0)
    licences: Licences = msgspec.structs.replace(LICENCES, aviation=table)
    return City(five_sensors(), [*licensed_stations(), pirate], licences=licences)


def first_look(city: City) -> World:
    """Every sensor once: nothing has come again yet."""
    return city.run(10, services=("fm",))


def pirate_of(world: World) -> Emitter:
    (found,) = [each for each in world.emitters.values() if abs(each.freq_hz - PIRATE_MHZ * 1e6) < 50e3]
    return found


def test_a_pirate_whose_product_falls_on_a_beacon_is_high_at_once():
    (case,) = open_cases(first_look(town(BEACON)))
    assert (case.kind, case.level) == ("pirate_fm", Level.HIGH)
    (said,) = [s.finding for s in case.findings if s.finding.name == "fm_aviation"]
    assert said.evidence["product"] == "2 × 105.20 − 97.40"
    assert said.evidence["victim"] == "VOR LJG"


def test_it_says_so_once_however_many_sensors_hear_it():
    world = town(BEACON).run(40, services=("fm",))
    said = [s for s in pirate_of(world).findings if s.finding.name == "fm_aviation"]
    assert {s.sensor for s in said} == {None}


def test_a_product_beside_every_frequency_and_one_used_far_away_change_nothing():
    far = msgspec.structs.replace(BEACON, lat_deg=-33.9, lon_deg=151.2)
    for city in (town(), town(far), town(BEACON, mhz=105.0)):
        world = first_look(city)
        assert not any(s.finding.name == "fm_aviation" for e in world.emitters.values() for s in e.findings)


def test_licensed_stations_endanger_nobody_however_they_combine():
    # 2 × 101.8 − 93.1 = 110.5 and more: a network planned and coordinated
    table = tuple(
        AeronauticalFrequency(freq_hz=108.1e6 + 0.2e6 * n, name=f"ILS {n}", kind=Service.ILS) for n in range(19)
    )
    licences = msgspec.structs.replace(LICENCES, aviation=table)
    world = City(five_sensors(), licensed_stations(), licences=licences).run(20, services=("fm",))
    assert not world.cases


DANGER = standing("fm_aviation", LICENCE, 0.0, times=1, sensor=None)


def test_high_at_once_takes_an_unlicensed_carrier_worth_a_watch_by_itself():
    unlicensed = standing("fm_unlicensed", LICENCE, 30.0, times=1)
    assert judge(emitter(unlicensed, DANGER, service="fm", licensed=False, sensors=1)).level == Level.HIGH
    weak = standing("fm_unlicensed", LICENCE, 10.0, times=1)
    assert judge(emitter(weak, DANGER, service="fm", licensed=False)).level is None
    ghost = standing("fm_ghost", LICENCE, -15.0, times=1)
    assert judge(emitter(unlicensed, ghost, DANGER, service="fm", licensed=False)).level == Level.NOTE
    assert judge(emitter(unlicensed, DANGER, service="fm", licensed=True)).level != Level.HIGH


def test_broadcasting_on_aviations_own_band_is_high_without_any_list():
    inside = standing("fm_in_aviation_band", LICENCE, 30.0, times=1)
    assert judge(emitter(inside, service="fm", licensed=None, sensors=1)).level == Level.HIGH
    own = standing("fm_in_aviation_band", EvidenceGroup.LICENCE, 10.0, times=1)
    assert judge(emitter(own, service="fm", licensed=None, sensors=1)).level is None
