"""What is odd and no rogue gets its own name, and never reaches high under it; a rogue does not hide behind one."""

import msgspec
import pytest

from dsp.signatures.finding import EvidenceGroup
from fusion.judge import judge_gsm
from fusion.values import Level, StandingFinding
from tests.dsp.signatures.made import WEIGHTS
from tests.fusion.test_judge import standing


def found(name: str, variant: str | None = None, times: int = 5) -> StandingFinding:
    """As the signature says it, with its weight."""
    weight = WEIGHTS.weights[name if variant is None else f"{name}.{variant}"]
    made = standing(name, weight.group, weight.db, times=times)
    return msgspec.structs.replace(made, finding=msgspec.structs.replace(made.finding, variant=variant))


PAGES = found("gsm_paging_normal")
SILENT = found("gsm_paging_silence")
TRUE = found("gsm_carrier_true")
UNKNOWN = found("gsm_unknown_cell")
INNOCENT = {
    "gsm_in_railway_band": (found("gsm_band_plan", "railway"),),
    "gsm_unlicensed_spectrum": (found("gsm_band_plan"), PAGES, TRUE),
    "new_site_gsm": (UNKNOWN, found("gsm_no_incoming_edge"), PAGES),
    "indoor_gsm": (UNKNOWN, found("gsm_few_neighbours"), found("gsm_lonely_lac"), PAGES),
    "restarted_gsm": (found("gsm_frame_clock", "after_outage"), PAGES),
    "unknown_gsm": (UNKNOWN,),
    "jammer": (found("gsm_noise_rise"),),
}
MOST = {"gsm_in_railway_band": Level.WATCH, "gsm_unlicensed_spectrum": Level.NOTE}


@pytest.mark.parametrize("kind", INNOCENT)
def test_each_innocent_kind_is_told_by_name_and_stays_low(kind: str):
    verdict = judge_gsm(INNOCENT[kind])
    assert verdict.kind == kind
    assert verdict.level == MOST.get(kind, Level.NOTE)


@pytest.mark.parametrize("kind", INNOCENT)
def test_with_the_marks_of_a_rogue_beside_it_none_of_them_is_innocent_any_more(kind: str):
    lure = (found("gsm_c2_attraction", "great"), found("gsm_software_bts"), found("gsm_clone"))
    verdict = judge_gsm((*(f for f in INNOCENT[kind] if f not in (PAGES, TRUE)), *lure, SILENT))
    assert (verdict.kind, verdict.level) == ("rogue_bts", Level.HIGH)


def test_a_new_cell_that_pages_nobody_is_no_new_site():
    assert judge_gsm((UNKNOWN, found("gsm_no_incoming_edge"))).kind == "rogue_bts"
    assert judge_gsm((UNKNOWN, found("gsm_no_incoming_edge"), SILENT)).kind == "rogue_bts"


def test_a_small_thing_beside_it_does_not_change_what_it_is():
    small = standing("small", EvidenceGroup.CONFIGURATION, 4.0)
    assert judge_gsm((*INNOCENT["new_site_gsm"], small)).kind == "new_site_gsm"


def test_more_evidence_in_the_railway_band_never_lowers_the_level():
    railway = INNOCENT["gsm_in_railway_band"]
    verdict = judge_gsm((*railway, found("gsm_t3212")))
    assert (verdict.kind, verdict.level) == ("rogue_bts", Level.WATCH)


def test_a_case_of_an_innocent_kind_says_that_it_goes_no_higher():
    missing = judge_gsm(INNOCENT["gsm_in_railway_band"]).missing
    assert missing is not None
    assert missing.level == Level.HIGH
    assert "kind" in missing.needs


def test_a_matter_of_its_own_waits_for_the_second_look():
    assert judge_gsm((found("gsm_band_plan", "railway", times=1),)).level is None
