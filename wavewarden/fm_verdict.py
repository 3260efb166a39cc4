"""What a station is taken for, by its licence and what was found: one word for a table, a colour for a picture."""

import enum
from collections.abc import Iterable

from dsp.fm.values import FmStation
from dsp.signatures.finding import Finding
from dsp.signatures.licences import FmLicence
from dsp.signatures.station_record import trusted_pi

NOTE_DB = 15.0  # as fusion.judge: what is worth a note
GHOSTS = frozenset({"fm_ghost"})
FAULTS = frozenset({"fm_frequency_error", "fm_over_deviation"})  # what a licensed station is blamed for, being itself


class Verdict(enum.Enum):
    """Entries fm.verdict.<value> of the catalogue."""

    LICENSED = "licensed"
    OTHER = "other"  # a licensed channel with something else on it
    UNLICENSED = "unlicensed"
    GHOST = "ghost"
    UNKNOWN = "unknown"  # no list to compare with, or too weak to be judged


def verdict_of(station: FmStation, licence: FmLicence | None, findings: Iterable[Finding], *, listed: bool) -> Verdict:
    """`listed`: a list of licences was given."""
    found = tuple(findings)
    if any(finding.name in GHOSTS for finding in found) and licence is None and trusted_pi(station) is None:
        return Verdict.GHOST
    if not listed:
        return Verdict.UNKNOWN
    if licence is None:
        return Verdict.UNLICENSED if any(finding.weight_db > 0 for finding in found) else Verdict.UNKNOWN
    against_db = sum(f.weight_db for f in found if f.weight_db > 0 and f.name not in FAULTS)
    return Verdict.OTHER if against_db >= NOTE_DB else Verdict.LICENSED
