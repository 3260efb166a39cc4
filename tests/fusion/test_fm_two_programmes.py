"""Two programmes on a licensed channel: told by PI, unless all but the PI is the same station."""

import msgspec
import pytest

from dsp.fm.values import FmStation
from dsp.signatures.licences import FmLicence, Licences
from fusion.scene import FusionScene
from fusion.signatures import fm_two_programmes
from fusion.values import Emitter, Latest, Rules
from tests.dsp.signatures.made import station

SECOND = 10**9
NOW_NS = 1_800_000_000 * SECOND
LIST = Licences(fm=(FmLicence(freq_hz=97.4e6, name="Hill", pi=0x8341),))
OWN = {"ps": "HILL FM ", "pilot_deviation_hz": 6750.0, "rds_deviation_hz": 2680.0}


def emitter(key: str, pi: int, sensors: str, *, first_s: int, licensed: bool, **sent: object) -> Emitter:
    heard = msgspec.structs.replace(station(97.4, cnr_db=35.0), pi=pi, pi_groups=30, rds_groups=30, **(OWN | sent))
    assert isinstance(heard, FmStation)
    return Emitter(
        id=key,
        service="fm",
        freq_hz=heard.freq_hz,
        licensed=licensed,
        pi=pi,
        first_seen_utc_ns=NOW_NS + first_s * SECOND,
        last_seen_utc_ns=NOW_NS,
        latest=tuple(Latest(sensor=name, time_utc_ns=NOW_NS, heard=heard, looks=5) for name in sensors),
    )


def told_by(suspect: Emitter) -> object:
    own = emitter("own", 0x8341, "c", first_s=-9999, licensed=True)
    scene = FusionScene({each.id: each for each in (suspect, own)}, Rules(licences=LIST), NOW_NS)
    found = fm_two_programmes.judge(suspect, scene)
    return None if found is None else found.evidence["by"]


def test_another_pi_beside_the_station_is_another_programme():
    assert told_by(emitter("h", 0x1000, "ab", first_s=-300, licensed=False, ps="RADIO   ")) == "pi"


@pytest.mark.parametrize("sent", [{"pilot_deviation_hz": 7300.0}, {"rds_deviation_hz": 2100.0}, {"ps": None}])
def test_so_is_one_that_copied_the_name_and_not_how_it_is_sent(sent: dict[str, object]):
    assert told_by(emitter("h", 0x8777, "ab", first_s=-300, licensed=False, **sent)) == "pi"


def test_a_wrong_pi_at_one_transmitter_of_a_network_is_a_coder_that_was_set_wrong():
    assert told_by(emitter("h", 0x8777, "ab", first_s=-300, licensed=False)) is None
