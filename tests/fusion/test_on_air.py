"""Who is on the air: by service, by name, by network."""

import msgspec

from dsp.signatures.finding import EvidenceGroup, Finding
from fusion.on_air import ALIVE_NS, OnAir
from fusion.values import Emitter, StandingFinding
from tests.fusion.test_network import emitter


def accused(cell: Emitter, weight_db: float) -> Emitter:
    finding = Finding(name="gsm_something", version=1, group=EvidenceGroup.RADIO_CLOCK, weight_db=weight_db)
    now_ns = cell.last_seen_utc_ns
    standing = StandingFinding(finding=finding, sensor=None, first_utc_ns=now_ns, last_utc_ns=now_ns, times=1)
    return msgspec.structs.replace(cell, findings=(standing,))


def test_a_cell_is_held_against_those_of_its_network_its_name_and_its_time():
    cells = [emitter(n, lac=n // 2) for n in range(1, 6)]
    now_ns = cells[0].last_seen_utc_ns
    gone = msgspec.structs.replace(emitter(6, lac=9), last_seen_utc_ns=now_ns - ALIVE_NS - 1)
    foreign = msgspec.structs.replace(emitter(7, lac=9), mnc="01")
    twin = msgspec.structs.replace(cells[0], id="twin", arfcn=99)
    on_air = OnAir([*cells, gone, foreign, twin], now_ns)
    assert {e.id for e in on_air.others(cells[0])} == {e.id for e in (*cells[1:], foreign, twin)}
    assert on_air.namesakes(cells[0]) == [twin]
    assert {e.id for e in on_air.cousins(cells[0])} == {e.id for e in (*cells[1:], twin)}
    assert dict(on_air.areas(cells[1])) == {0: 2, 1: 1, 2: 2}  # its own area only by the other cell there
    assert dict(on_air.areas(foreign)) == {}


def test_who_is_accused_no_longer_speaks_for_the_network_and_does_again_when_cleared():
    one, other = emitter(1, lac=7), emitter(2, lac=8)
    on_air = OnAir([one, other], one.last_seen_utc_ns)
    for weight_db, spoken in ((20.0, {}), (20.0, {}), (3.0, {7: 1})):
        on_air.put(accused(one, weight_db))
        assert dict(on_air.areas(other)) == spoken
        assert len(on_air.cousins(other)) == len(spoken)
        assert [e.findings[0].finding.weight_db for e in on_air.others(other)] == [weight_db]
