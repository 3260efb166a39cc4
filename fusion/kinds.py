"""What kind of thing a suspect is. Much that is odd on GSM bands is no rogue, and has a name of its own.

A kind fits when what it explains is nearly all that speaks against the emitter: with 7 dB or more left over, it is not
the whole story. Where a kind is that of a public network's own cell, the cell must page like one: a rogue has nobody
to page.
"""

from dataclasses import dataclass

from dsp.signatures.finding import EvidenceGroup
from fusion.scores import RESTART, strongest
from fusion.values import Emitter, Level, StandingFinding

LEFT_OVER_DB = 7.0
NORMAL = "gsm_paging_normal"
NEW = frozenset(
    {"gsm_unknown_cell", "gsm_listed_elsewhere", "gsm_new_here", "gsm_no_incoming_edge", "gsm_neighbour_graph"}
)
ALONE = frozenset(
    {"gsm_few_neighbours", "gsm_neighbours_unheard", "gsm_lonely_lac", "gsm_lac_family", "gsm_short_life"}
)


@dataclass(frozen=True, slots=True)
class Kind:
    """name : catalogue key case.<name>
    least   : opened at this level whatever the score: it is a matter of its own
    most    : never above, since the score is one of rogue base stations
    """

    name: str
    least: Level | None = None
    most: Level = Level.WATCH


ROGUE = Kind("rogue_bts", most=Level.HIGH)
ROGUE_ON_RAILWAY = Kind("rogue_bts", least=Level.WATCH, most=Level.HIGH)  # the railway is disturbed all the same
UNKNOWN = Kind("unknown_gsm")
RAILWAY_BAND = Kind("gsm_in_railway_band", least=Level.WATCH)
UNLICENSED = Kind("gsm_unlicensed_spectrum", least=Level.NOTE)
NEW_SITE = Kind("new_site_gsm", most=Level.NOTE)
INDOOR = Kind("indoor_gsm", most=Level.NOTE)
JAMMER = Kind("jammer", least=Level.NOTE)
RESTARTED = Kind("restarted_gsm", least=Level.NOTE, most=Level.NOTE)


def gsm_kind(findings: tuple[StandingFinding, ...]) -> Kind:
    """Of the findings that stand on a GSM emitter."""
    accusing = [s for s in strongest(findings) if s.finding.weight_db > 0]
    names = {s.finding.name for s in accusing}
    plan = {s.finding.variant for s in accusing if s.finding.name == "gsm_band_plan"}
    pages = any(s.finding.name == NORMAL for s in findings)
    kinds = (
        (JAMMER, "gsm_noise_rise" in names and _explains(accusing, {"gsm_noise_rise"})),
        (RAILWAY_BAND, "railway" in plan and _explains(accusing, {"gsm_band_plan"})),
        (ROGUE_ON_RAILWAY, "railway" in plan),
        (UNLICENSED, bool(plan) and pages and _explains(accusing, {"gsm_band_plan"})),
        (RESTARTED, _restarted(accusing)),
        (NEW_SITE, bool(names & NEW) and pages and _explains(accusing, NEW)),
        (INDOOR, bool(names & ALONE) and pages and _explains(accusing, NEW | ALONE)),
        (UNKNOWN, {s.finding.group for s in accusing} <= {EvidenceGroup.IDENTITY}),
    )
    return next((kind for kind, fits in kinds if fits), ROGUE)


ANOTHER = frozenset(
    {"fm_another_carrier", "fm_other_modulation", "fm_signal_missing", "fm_pi_mismatch", "fm_disturbed"}
)


def fm_kind(emitter: Emitter) -> str:
    """An unlicensed emitter on a licensed channel took it; elsewhere it is a pirate of its own, or a relay.

    A licensed channel that became louder and is another transmitter's by its oscillators, its coder or its name was
    captured. What changed and is no louder is the station's own matter: a reserve transmitter, a coder.
    """
    names = {s.finding.name for s in emitter.findings if s.finding.weight_db > 0}
    captured = "fm_louder" in names and bool(names & ANOTHER)
    if emitter.licensed:
        return "hijack_fm" if captured else "fault_fm"
    if emitter.licensed is None:
        return "unknown_fm"
    if "fm_unlicensed" not in names:
        return "hijack_fm"
    relays = any((s.finding.name, s.finding.variant) == ("fm_relay", "relay") for s in emitter.findings)
    return "relay_fm" if relays else "pirate_fm"


def _restarted(accusing: list[StandingFinding]) -> bool:
    jumps = [s for s in accusing if s.finding.name == "gsm_frame_clock"]
    return bool(jumps) and jumps[0].finding.variant in RESTART and _explains(accusing, {"gsm_frame_clock"})


def _explains(accusing: list[StandingFinding], names: set[str] | frozenset[str]) -> bool:
    return sum(s.finding.weight_db for s in accusing if s.finding.name not in names) < LEFT_OVER_DB
