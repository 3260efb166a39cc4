"""The server's own list instead of the sensor's, but for what only the sensor can know."""

import msgspec

from dsp.signatures.finding import EvidenceGroup, Finding
from fusion.by_list import findings_by_index
from fusion.values import Rules
from tests.dsp.signatures.made import LAW, LICENCES, plain, station
from tests.fusion.test_associate import report

GHOST = Finding(name="fm_ghost", version=2, group=EvidenceGroup.LICENCE, weight_db=-15.0, about=0)


def names(heard) -> set[str]:
    said = msgspec.structs.replace(report(0, 0.0, "a", (heard,)).report, findings=(GHOST,))
    return {f.name for f in findings_by_index(said, Rules(licences=LICENCES, **LAW))[0]}


def test_a_ghost_of_stations_in_other_windows_is_known_to_the_sensor_alone_and_stays():
    assert names(plain(98.3)) == {"fm_unlicensed", "fm_ghost"}


def test_what_the_servers_list_knows_as_licensed_is_no_ghost():
    assert "fm_ghost" not in names(station(93.1))
