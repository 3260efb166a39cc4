"""What long acquaintance may excuse: nothing, as soon as anything else speaks against the cell.

A rogue that was on the air while the site was learnt would otherwise be trusted because it was there from the start.
Absence from a list and being new are not held against it: they are just what acquaintance answers.
"""

from collections.abc import Iterable

from dsp.signatures.finding import Finding

BY_ACQUAINTANCE = ("gsm_seen_unchanged", "gsm_clock_continuous")
ANSWERED = ("gsm_unknown_cell", "gsm_new_here", "gsm_foreign_network")
AGAINST_DB = 7.0


def against_db(findings: Iterable[Finding]) -> dict[int, float]:
    """By index, what speaks against it for other reasons than being unknown: those from AGAINST_DB on."""
    sums: dict[int, float] = {}
    for finding in findings:
        if finding.about is not None and finding.weight_db > 0 and finding.name not in ANSWERED:
            sums[finding.about] = sums.get(finding.about, 0.0) + finding.weight_db
    return {index: weight for index, weight in sums.items() if weight >= AGAINST_DB}


def without_misplaced_trust(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Without the excuses of cells that something speaks against."""
    suspects = against_db(findings)
    return tuple(f for f in findings if not (f.name in BY_ACQUAINTANCE and f.about in suspects))
