"""What was not heard accuses nobody: System Information 2 that is missing is no empty list."""

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import Finding
from dsp.signatures.history import SiteHistory
from dsp.signatures.licences import KnownCell, Licences
from dsp.signatures.registry import judge_gsm
from tests.dsp.signatures.made import LAW, MINUTE, cell, network, paged, rogue

OPTIONAL = {f.name: f.default for f in msgspec.structs.fields(GsmCell) if f.default is None or f.default == ()}
LIST = Licences(cells=tuple(KnownCell(mcc="460", mnc="00", lac=1, ci=ci, arfcn=ci) for ci in range(30)))
AROUND = tuple(paged(c, blocks=500, tmsi=900, assignments=30, assignments_hopping=30) for c in network(6))


def accusations(of: GsmCell, looks: int = 3) -> list[Finding]:
    """What stands against it in the last of some looks, among cells that were heard in full and with a list."""
    history, found = SiteHistory(), ()
    for look in range(looks):
        cells, now_ns = (*AROUND, of), look * MINUTE
        found = judge_gsm(cells, history, LIST, now_ns=now_ns, **LAW)
        history = history.with_look(cells, now_ns=now_ns, findings=found)
    return [f for f in found if f.about == len(AROUND) and f.weight_db > 0]


def without(of: GsmCell, *names: str) -> GsmCell:
    return msgspec.structs.replace(of, **{name: OPTIONAL[name] for name in names})


def test_a_cell_of_which_nothing_was_read_but_its_carrier_and_colour_is_accused_of_nothing():
    assert accusations(without(rogue(75, bsic=63), *OPTIONAL)) == []


def test_each_message_that_was_not_heard_is_no_empty_message():
    """Fields of a cell that is ordinary but for what was not read."""
    unread: dict[str, tuple[str, ...]] = {
        "system information 1": ("cell_arfcns", "arfcn_in_own_list"),
        "system information 2": ("neighbour_arfcns", "ncc_permitted"),
        "rest octets": ("cell_reselect_offset_db", "penalty_time", "temporary_offset_db", "gprs_announced"),
        "paging": ("paging",),
    }
    full = {f.name for f in accusations(cell(75))}
    for message, names in unread.items():
        assert {f.name for f in accusations(without(cell(75), *names))} <= full, message


@settings(max_examples=60, deadline=None)
@given(st.sets(st.sampled_from(sorted(OPTIONAL))))
def test_reading_less_of_a_rogue_never_finds_more_against_it_than_all_of_it_does(missing: set[str]):
    assert {f.name for f in accusations(without(rogue(75), *missing))} <= {f.name for f in accusations(rogue(75))}


@settings(max_examples=60, deadline=None)
@given(st.sets(st.sampled_from(sorted(OPTIONAL))))
def test_reading_less_of_an_ordinary_cell_accuses_it_of_nothing(missing: set[str]):
    ordinary = msgspec.structs.replace(AROUND[0], bsic=40)  # on a channel its network names
    assert {f.name for f in accusations(without(ordinary, *missing))} <= {f.name for f in accusations(ordinary)}
