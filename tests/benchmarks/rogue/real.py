"""The 112 real cells of 2012, on their content alone; and the same surveys with a rogue of software defaults added.

The survey's own two test cells are not among the records that may be used here; software's defaults stand in for them,
relabelled as any of the four networks.
"""

import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from dsp.gsm.values import GsmCell
from dsp.signatures.band_plan import BandPlan, Channels, Operator
from dsp.signatures.finding import Finding
from dsp.signatures.history import SiteHistory
from dsp.signatures.licences import Licences
from dsp.signatures.registry import judge_gsm
from fusion.judge import judge
from fusion.values import Emitter, Level, StandingFinding
from recordings.gsm.spec import GsmBroadcast
from tests.benchmarks.rogue.baselines import snoop_score
from tests.benchmarks.rogue.chain import WEIGHTS
from tests.benchmarks.rogue.plmn import with_fields
from tests.benchmarks.rogue.software import OPEN, OSMO
from tests.benchmarks.rogue.words import Words
from tests.fusion.real_cells import real_sites

MINUTE_NS = 60 * 10**9
LOOKS = 3
SNOOP = 2.6
NETWORKS = ("01", "02", "03", "07")
# the networks of that country, without channels: nothing about them is assumed but that they exist
PLAN = BandPlan(
    home_mcc=("262",),
    operators=tuple(
        Operator(name=mnc, plmns=(("262", mnc),), channels=(Channels(first=0, last=1023),), railway=mnc == "10")
        for mnc in (*NETWORKS, "10")
    ),
)


def recordings() -> Path | None:
    default = Path(__file__).resolve().parents[4] / "shared" / "recordings"
    folder = Path(os.environ.get("WAVEWARDEN_RECORDINGS") or default)
    return folder if (folder / "cells").is_dir() else None


def levels(cells: Sequence[GsmCell]) -> list[Level | None]:
    """Of each cell after three looks, everything held."""
    history, found = SiteHistory(), tuple[Finding, ...]()
    for look in range(LOOKS):
        now_ns = look * MINUTE_NS
        found = judge_gsm(cells, history, Licences(), now_ns=now_ns, weights=WEIGHTS, plan=PLAN)
        history = history.with_look(cells, now_ns=now_ns, findings=found)
    return [judge(_emitter(index, found)).level for index in range(len(cells))]


def _emitter(index: int, found: tuple[Finding, ...]) -> Emitter:
    standing = tuple(
        StandingFinding(finding=f, sensor="one", first_utc_ns=0, last_utc_ns=0, times=LOOKS)
        for f in found
        if f.about == index
    )
    return Emitter(id="e", service="gsm", freq_hz=9e8, first_seen_utc_ns=0, last_seen_utc_ns=0, findings=standing)


def table(folder: Path) -> list[str]:
    sites = real_sites(folder)
    real = [level for cells in sites.values() for level in levels(cells)]
    snoop = [snoop_score(cell, cells) for cells in sites.values() for cell in cells if cell.mcc is not None]
    rogues = [
        _relabelled(cells, software, mnc) for cells in sites.values() for software in (OSMO, OPEN) for mnc in NETWORKS
    ]
    ours, theirs = [level for level, _ in rogues], [score for _, score in rogues]
    over, over_rogue = sum(s > SNOOP for s in snoop), sum(s > SNOOP for s in theirs)
    return [
        "| rules | real cells at watch | at high | relabelled test cells at watch |",
        "|---|---|---|---|",
        f"| ours | {_at(real, Level.WATCH)} of {len(real)} | {_at(real, Level.HIGH)} "
        f"| {_at(ours, Level.WATCH)} of {len(ours)} |",
        f"| SnoopSnitch, over {SNOOP} | {over} of {len(snoop)} (most {max(snoop):.1f}) | – "
        f"| {over_rogue} of {len(theirs)} ({min(theirs):.1f} to {max(theirs):.1f}) |",
    ]


def _relabelled(cells: Sequence[GsmCell], software: GsmBroadcast, mnc: str) -> tuple[Level | None, float]:
    said = with_fields(software, plmn=f"262-{mnc}", arfcn=121, bsic=7, lac=4711, ci=6969)
    words = Words(said)
    heard = tuple(sorted((kind, 10) for cycle in words.schedule[:1] for kind in set(cycle)))
    rogue = msgspec.structs.replace(words.as_heard(heard), level_dbm=-60.0, cnr_db=50.0)
    together = (*cells, rogue)
    return levels(together)[-1], snoop_score(rogue, together)


def _at(found: list[Level | None], least: Level) -> int:
    return sum((level or 0) >= least for level in found)
