"""Judging a report by the server's own list: sensors may have an older one, or none."""

from dsp.fm.values import FmStation
from dsp.gsm.values import GsmCell
from dsp.signatures import (
    fm_aviation,
    fm_frequency_error,
    fm_ghost,
    fm_licence_lapsed,
    fm_pi_mismatch,
    fm_signal_missing,
    fm_unlicensed,
    gsm_known_cell,
    gsm_listed_elsewhere,
    gsm_unknown_cell,
)
from dsp.signatures.finding import Finding
from dsp.signatures.history import SiteHistory
from dsp.signatures.licences import Licences
from dsp.signatures.scene import LICENCE_REACH_HZ, FmScene, GsmScene
from fusion.values import Rules
from wire.report import Report

FM = (fm_unlicensed, fm_licence_lapsed, fm_ghost, fm_pi_mismatch, fm_signal_missing, fm_frequency_error)
GSM = (gsm_unknown_cell, gsm_listed_elsewhere, gsm_known_cell)


def findings_by_index(report: Report, rules: Rules) -> dict[int, tuple[Finding, ...]]:
    """What is found about each thing heard; where the server has a list, by that list."""
    found: dict[int, list[Finding]] = {index: [] for index in range(len(report.heard))}
    licences, mine = rules.licences, _own(report, rules)
    replaced = (*(FM if licences.fm else ()), *(GSM if licences.names_cells else ()))
    names = {signature.NAME for signature in replaced}
    if licences.aviation:
        names.add(fm_aviation.NAME)  # fusion's own hears the whole band and knows the place
    for finding in report.findings:
        if finding.about in found and (finding.name not in names or _is_known_there(finding, report, licences)):
            found[finding.about].append(finding)
    for index, finding in mine:
        found[index].append(finding)
    return {index: tuple(findings) for index, findings in found.items()}


def _is_known_there(finding: Finding, report: Report, licences: Licences) -> bool:
    """A ghost of stations that the sensor heard in other windows, on a channel that is nobody's by this list either."""
    if finding.name != fm_ghost.NAME or finding.about is None:
        return False
    return not licences.near(report.heard[finding.about].freq_hz, LICENCE_REACH_HZ)


def _own(report: Report, rules: Rules) -> list[tuple[int, Finding]]:
    licences, now_ns = rules.licences, report.created_utc_ns
    heard = tuple(enumerate(report.heard))
    nothing = SiteHistory()
    stations = tuple(h for _, h in heard if isinstance(h, FmStation))
    cells = tuple(h for _, h in heard if isinstance(h, GsmCell))
    fm = FmScene(stations, nothing, nothing, licences, now_ns)
    gsm = GsmScene(cells, nothing, nothing, licences, rules.plan, rules.weights, now_ns)
    found: list[tuple[int, Finding]] = []
    for index, value in heard:
        if isinstance(value, FmStation) and licences.fm:
            found += [(index, f) for signature in FM if (f := signature.judge(value, fm)) is not None]
        elif isinstance(value, GsmCell) and licences.names_cells:
            found += [(index, f) for signature in GSM if (f := signature.judge(value, gsm)) is not None]
    return found
