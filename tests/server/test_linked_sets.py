"""The transmitters that carry one programme, on the page of each of their cases."""

from pathlib import Path

import msgspec

from fusion.programme_values import ProgrammeLink
from fusion.values import Emitter, Latest, Level
from server.roles import Role
from server.web.linked_sets import linked_sets
from tests.server.made import HOSTILE, NOW, S, case, emitter, put_case, put_emitter, station
from tests.server.web import database, make_app, visitor


def _link(other: str, delay_s: float, *, times: int = 3) -> ProgrammeLink:
    return ProgrammeLink(
        other=other,
        simultaneous=True,
        times=times,
        first_utc_ns=NOW - 300 * S,
        last_utc_ns=NOW - 10 * S,
        delay_s=delay_s,
        delay_low_s=delay_s,
        delay_high_s=delay_s,
        overlap_s=7.5,
        bit_error_rate=0.08,
    )


def _emitter(id: str, mhz: float, *links: ProgrammeLink, ps: str = "") -> Emitter:
    heard = station(mhz * 1e6, ps=ps)
    latest = (Latest(sensor="roof", time_utc_ns=NOW - 5 * S, heard=heard),)
    return emitter(id, "fm", mhz * 1e6, licensed=False, latest=latest, ps=ps or None, programme_links=links)


def test_every_set_is_told_with_its_case_and_how_many_were_at_once(tmp_path: Path) -> None:
    first = _emitter("a", 91.3, _link("b", 4.0))
    second = _emitter("b", 94.6, _link("a", -4.0), _link("c", 0.5), ps=HOSTILE[:8])
    third = _emitter("c", 102.9, _link("b", -0.5))
    with database(tmp_path) as engine:
        for each in (first, second, third):
            put_emitter(engine, each)
            put_case(engine, case(f"case-{each.id}", each, "pirate_fm", Level.WATCH, 35.0))
        with engine.connect() as connection:
            told = linked_sets(connection, first, now_utc_ns=NOW)
        assert told is not None
        assert [(each.freq_hz, each.own, each.case_id) for each in told.sets] == [
            (91.3e6, True, "case-a"),
            (94.6e6, False, "case-b"),
            (102.9e6, False, "case-c"),
        ]
        assert told.at_once == 2  # a with b, b with c; a and c were never shown to be on together
        assert told.sets[1].delay_s == 4.0
        with visitor(make_app(engine), Role.VIEWER) as client:
            page = client.get("/cases/case-a", headers={"accept-language": "en"}).text
    assert 'href="/cases/case-b"' in page
    assert HOSTILE[:8] not in page
    assert 'id="linked"' in page


def test_one_moment_and_an_old_one_link_nothing(tmp_path: Path) -> None:
    once = _emitter("a", 91.3, _link("b", 4.0, times=1))
    old = _emitter("a", 91.3, msgspec.structs.replace(_link("b", 4.0), last_utc_ns=NOW - 30 * 86400 * S))
    with database(tmp_path) as engine:
        put_emitter(engine, _emitter("b", 94.6))
        with engine.connect() as connection:
            assert linked_sets(connection, once, now_utc_ns=NOW) is None
            assert linked_sets(connection, old, now_utc_ns=NOW) is None
            assert linked_sets(connection, None, now_utc_ns=NOW) is None
