"""An unlicensed carrier that several sensors hear is on the air; on a licensed channel only beside its station."""

import msgspec

from dsp.signatures.licences import FmLicence, Licences
from fusion.scene import FusionScene
from fusion.signatures import fm_heard_by_several
from fusion.values import Emitter, Latest, Rules
from tests.dsp.signatures.made import station

SECOND = 10**9
NOW_NS = 1_800_000_000 * SECOND
LIST = Licences(fm=(FmLicence(freq_hz=97.4e6, name="Hill", pi=0x8341),))


def emitter(key: str, mhz: float, *, first_s: int, last_s: int, licensed: bool = False) -> Emitter:
    heard = station(mhz, cnr_db=30.0)
    last_ns = NOW_NS + last_s * SECOND
    return Emitter(
        id=key,
        service="fm",
        freq_hz=heard.freq_hz,
        licensed=licensed,
        first_seen_utc_ns=NOW_NS + first_s * SECOND,
        last_seen_utc_ns=last_ns,
        latest=tuple(Latest(sensor=name, time_utc_ns=last_ns, heard=heard, looks=2) for name in "ab"),
    )


def weight_db(suspect: Emitter, *others: Emitter) -> float | None:
    scene = FusionScene({each.id: each for each in (suspect, *others)}, Rules(licences=LIST), NOW_NS)
    found = fm_heard_by_several.judge(suspect, scene)
    return None if found is None else found.weight_db


def test_on_a_free_channel_two_sensors_are_enough_and_one_is_not():
    pirate = emitter("p", 104.3, first_s=-60, last_s=0)
    assert weight_db(pirate) == 20.0
    assert weight_db(msgspec.structs.replace(pirate, latest=pirate.latest[:1])) is None


def test_on_a_licensed_channel_it_counts_beside_the_station_that_is_heard_as_well():
    hijacker = emitter("h", 97.4, first_s=-60, last_s=0)
    assert weight_db(hijacker, emitter("own", 97.4, first_s=-9999, last_s=-10, licensed=True)) == 14.0


def test_where_the_station_fell_silent_when_it_came_it_may_be_the_same_transmitter():
    renamed = emitter("h", 97.4, first_s=-60, last_s=0)
    assert weight_db(renamed, emitter("own", 97.4, first_s=-9999, last_s=-70, licensed=True)) is None
    assert weight_db(renamed) is None


def test_another_transmitter_of_its_own_network_is_no_second_station():
    sent = {"ps": "HILL FM ", "pilot_deviation_hz": 6750.0, "rds_deviation_hz": 2680.0}
    renamed = sending(emitter("h", 97.4, first_s=-60, last_s=0), sent)
    renamed = msgspec.structs.replace(renamed, pi=0x8777)
    own = msgspec.structs.replace(emitter("own", 97.4, first_s=-9999, last_s=-10, licensed=True), pi=0x8341)
    assert weight_db(renamed, sending(own, sent)) is None
    assert weight_db(renamed, sending(own, sent | {"pilot_deviation_hz": 7300.0})) == 14.0
    assert weight_db(msgspec.structs.replace(renamed, pi=0x8341), sending(own, sent)) == 14.0  # a clone


def sending(each: Emitter, sent: dict[str, object]) -> Emitter:
    latest = (msgspec.structs.replace(x, heard=msgspec.structs.replace(x.heard, **sent)) for x in each.latest)
    return msgspec.structs.replace(each, latest=tuple(latest))
