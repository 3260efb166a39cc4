"""Clones that one sensor can tell, and what looks like them."""

from typing import Any

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import Finding
from dsp.signatures.history import SiteHistory
from dsp.signatures.licences import Licences
from dsp.signatures.registry import judge_gsm
from tests.dsp.signatures.made import LAW, SECOND, cell, clocked, network

SWEEP_NS = 45 * SECOND
ORIGINAL, COPY = 20, 75


def sweeps(*looks: dict[int, GsmCell], **law: Any) -> list[dict[int, list[Finding]]]:
    """Findings by channel, look by look; a look is what was on the air by channel."""
    history, all_found = SiteHistory(), []
    for number, cells in enumerate(looks):
        now_ns = number * SWEEP_NS
        heard = tuple(clocked(c, now_ns, phase_ns=1e9 * arfcn) for arfcn, c in cells.items())
        found = judge_gsm(heard, history, Licences(), now_ns=now_ns, **(LAW | law))
        history = history.with_look(heard, now_ns=now_ns, findings=found)
        all_found.append({arfcn: [f for f in found if f.about == at] for at, arfcn in enumerate(cells)})
    return all_found


def of(found: list[Finding], name: str) -> tuple[float, str | None] | None:
    return next(((f.weight_db, f.variant) for f in found if f.name == name), None)


ALONE = {ORIGINAL: cell(ORIGINAL)}
BOTH = {**ALONE, COPY: cell(COPY, ci=8000 + ORIGINAL)}
RENAMED = {**ALONE, COPY: cell(COPY, ci=8000 + ORIGINAL, lac=40001)}


def test_a_clone_is_half_sure_in_its_first_look_and_sure_once_the_original_was_heard_again():
    *_, first, second = sweeps(*[ALONE] * 5, BOTH, BOTH)
    assert of(first[COPY], "gsm_clone_here") == (20.0, "both")  # here both were heard in one look
    turns = sweeps(*[ALONE] * 5, {COPY: BOTH[COPY]}, ALONE, BOTH)
    assert of(turns[5][COPY], "gsm_clone_here") == (10.0, "first_look")
    assert of(second[COPY], "gsm_clone_here") == of(turns[7][COPY], "gsm_clone_here") == (20.0, "both")


def test_the_original_is_not_blamed():
    for look in sweeps(*[ALONE] * 5, BOTH, BOTH):
        assert of(look[ORIGINAL], "gsm_clone_here") is None


def test_two_that_were_always_there_share_the_blame():
    *_, last = sweeps(*[BOTH] * 3)
    assert of(last[ORIGINAL], "gsm_clone_here") == of(last[COPY], "gsm_clone_here") == (10.0, "undecided")


def test_a_retune_is_no_clone_for_longer_than_two_sweeps():
    moved = {COPY: BOTH[COPY]}
    looks = sweeps(*[ALONE] * 5, *[moved] * 4)
    assert of(looks[5][COPY], "gsm_clone_here") == (10.0, "first_look")
    assert of(looks[8][COPY], "gsm_clone_here") is None


def test_a_repeater_that_shifts_the_channel_keeps_the_frame_clock_and_is_no_clone():
    history = SiteHistory()
    for number in range(8):
        now_ns = number * SWEEP_NS
        heard = tuple(clocked(c, now_ns, phase_ns=3e9) for c in (BOTH.values() if number > 4 else ALONE.values()))
        found = judge_gsm(heard, history, Licences(), now_ns=now_ns, **LAW)
        history = history.with_look(heard, now_ns=now_ns, findings=found)
        assert not [f for f in found if f.name == "gsm_clone_here"]


def test_a_name_that_was_not_read_is_nobodys():
    unread = {**ALONE, COPY: cell(COPY, ci=None)}
    *_, last = sweeps(*[ALONE] * 5, unread, unread)
    assert of(last[COPY], "gsm_clone_here") is None


def test_a_copy_under_another_location_area_is_told_by_all_that_it_copies():
    *_, last = sweeps(*[ALONE] * 3, RENAMED, RENAMED)
    assert of(last[COPY], "gsm_copied_broadcast") == (12.0, None)
    assert of(last[ORIGINAL], "gsm_copied_broadcast") is None


def test_two_far_areas_that_use_one_cell_identity_are_no_copies():
    other = cell(COPY, ci=8000 + ORIGINAL, lac=40001, neighbour_arfcns=(3, 5, 7))
    *_, last = sweeps(*[ALONE] * 3, {**ALONE, COPY: other}, {**ALONE, COPY: other})
    assert of(last[COPY], "gsm_copied_broadcast") is None
    tuned = cell(COPY, ci=8000 + ORIGINAL, lac=40001, t3212=20)
    *_, last = sweeps(*[ALONE] * 3, {**ALONE, COPY: tuned}, {**ALONE, COPY: tuned})
    assert of(last[COPY], "gsm_copied_broadcast") is None


def test_an_ordinary_network_has_neither():
    cells = {c.arfcn or 0: c for c in network()}
    for look in sweeps(*[cells] * 3):
        assert not [f for found in look.values() for f in found if f.name in ("gsm_clone_here", "gsm_copied_broadcast")]
