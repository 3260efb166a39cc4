"""False alarms on real cells: none may reach *watch*, whatever one sensor can say of them."""

from collections import Counter
from pathlib import Path

import pytest

from dsp.gsm.values import GsmCell
from dsp.signatures.band_plan import BandPlan, Channels, Operator
from dsp.signatures.finding import Finding
from dsp.signatures.history import SiteHistory
from dsp.signatures.licences import Licences
from dsp.signatures.registry import judge_gsm
from fusion.judge import THRESHOLDS_DB, group_scores
from fusion.signatures.gsm_config_novelty import LEAST_CELLS, novel_fields
from fusion.values import Level, StandingFinding
from tests.dsp.signatures.made import WEIGHTS, rogue
from tests.fusion.real_cells import real_sites

SECOND = 10**9


def score_db(findings: list[Finding]) -> float:
    standing = tuple(StandingFinding(finding=f, sensor="s", first_utc_ns=0, last_utc_ns=0, times=9) for f in findings)
    return sum(group_scores(standing).values())


def judged(cells: tuple[GsmCell, ...], plan: BandPlan | None) -> list[list[Finding]]:
    """Findings of each cell in a third look, the sensor having had two before."""
    history = SiteHistory()
    for look in range(3):
        findings = judge_gsm(cells, history, Licences(), now_ns=look * 60 * SECOND, weights=WEIGHTS, plan=plan)
        history = history.with_look(cells, now_ns=look * 60 * SECOND, findings=findings)
    return [[f for f in findings if f.about == index] for index in range(len(cells))]


# the networks of that country, without channels: nothing about them is assumed but that they exist
GERMANY = BandPlan(
    home_mcc=("262",),
    operators=tuple(
        Operator(name=name, plmns=(("262", mnc),), channels=(Channels(first=0, last=1023),), railway=mnc == "10")
        for name, mnc in (("T", "01"), ("V", "02"), ("E", "03"), ("O", "07"), ("R", "10"))
    ),
)


@pytest.mark.needs_recordings
@pytest.mark.parametrize("plan", [None, GERMANY], ids=["no plan", "plan"])
def test_no_real_cell_reaches_watch(recordings_dir: Path, plan: BandPlan | None, capsys):
    scores, names = [], Counter()
    for cells in real_sites(recordings_dir).values():
        for findings in judged(cells, plan):
            scores.append(score_db(findings))
            names.update(f.name for f in findings if f.weight_db > 0)
    levels = {level.name: sum(s >= least for s in scores) for level, least in THRESHOLDS_DB.items()}
    with capsys.disabled():
        print(f"\n{len(scores)} real cells: {levels}, greatest {max(scores):.0f} dB; {dict(names)}")
    assert max(scores) < THRESHOLDS_DB[Level.WATCH]
    assert levels["NOTE"] <= 0.03 * len(scores)


@pytest.mark.needs_recordings
def test_a_rogue_among_the_real_cells_reaches_watch_whichever_network_it_claims(recordings_dir: Path):
    for cells in real_sites(recordings_dir).values():
        for mnc in ("01", "02", "03", "07"):
            intruder = rogue(124, mcc="262", mnc=mnc)
            assert score_db(judged((*cells, intruder), GERMANY)[-1]) >= THRESHOLDS_DB[Level.WATCH]


@pytest.mark.needs_recordings
def test_real_cells_say_little_that_their_network_does_not_say_and_a_rogue_says_much(recordings_dir: Path, capsys):
    cells = [cell for site in real_sites(recordings_dir).values() for cell in site if cell.t3212 is not None]
    counts = Counter()
    for cell in cells:
        others = [c for c in cells if c is not cell and (c.mcc, c.mnc) == (cell.mcc, cell.mnc) and c.ci != cell.ci]
        counts[len(novel_fields(cell, others)) if len(others) >= LEAST_CELLS else -1] += 1
    intruder = rogue(124, mcc="262", mnc="01", mscr=0, max_retrans=7, tx_integer=9)
    found = novel_fields(intruder, [c for c in cells if (c.mcc, c.mnc) == ("262", "01")])
    with capsys.disabled():
        print(
            f"\nnovel fields of real cells (−1: network too small): {dict(sorted(counts.items()))}; rogue {len(found)}"
        )
    assert max(counts) <= 4
    assert len(found) >= 8
