"""System Information messages of one cell that contradict each other.

Why: location area, selection and access parameters stand in several messages; hand-made ones disagree. 0 of 201 real
cells did. Layouts: 3GPP TS 44.018 §9.1.31, 9.1.32, 9.1.35, 9.1.36.
Innocent: a cell in the middle of an update, for some seconds: each message must have been read twice.
"""

from functools import lru_cache

from dsp.gsm.errors import BlockRefused
from dsp.gsm.rest_octets import SelectionParameters
from dsp.gsm.si4 import SystemInformation4
from dsp.gsm.system_info import SystemInformation3, read_system_information
from dsp.gsm.values import GsmCell
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_si_inconsistent", 2
LEAST_TIMES = 2
# (what, message, octets, message, octets); octets of the 23, from 0
PAIRS = (
    ("lai", "3", slice(5, 10), "4", slice(3, 8)),
    ("selection", "3", slice(14, 16), "4", slice(8, 10)),
    ("rach", "3", slice(16, 19), "4", slice(10, 13)),
    ("rach", "3", slice(16, 19), "2", slice(20, 23)),
    ("rach", "3", slice(16, 19), "1", slice(19, 22)),
)
ACS = 0x80  # first bit of the second selection octet: means something in SI 4 only


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    messages = {si.kind: bytes.fromhex(si.hex) for si in cell.system_information if si.times >= LEAST_TIMES}
    differing = [
        f"{what} SI{a}/SI{b}"
        for what, a, at_a, b, at_b in PAIRS
        if a in messages and b in messages and _part(what, messages[a][at_a]) != _part(what, messages[b][at_b])
    ]
    differing += _differing_rest(messages.get("3", b""), messages.get("4", b""))
    if not differing:
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.CONFIGURATION,
        weight_db=scene.weights.db(NAME),
        evidence={"differing": ", ".join(differing), "count": len(differing)},
    )


def _part(what: str, octets: bytes) -> bytes:
    return bytes((octets[0], octets[1] & ~ACS)) if what == "selection" and len(octets) == 2 else octets


@lru_cache(maxsize=1024)  # a cell says the same for months
def _differing_rest(si3: bytes, si4: bytes) -> tuple[str, ...]:
    """Reselection parameters and packet service stand in the rest octets of both, unless ACS moves those of SI 4."""
    try:
        three, four = read_system_information("3", si3), read_system_information("4", si4)
    except BlockRefused:
        return ()
    if not isinstance(three, SystemInformation3) or not isinstance(four, SystemInformation4) or four.rest is None:
        return ()
    c2 = _coded(three.rest.selection) != _coded(four.rest.selection)
    gprs = three.rest.gprs_ra_colour != four.rest.gprs_ra_colour
    return tuple(f"{what} SI3/SI4" for what, differs in (("c2", c2), ("gprs", gprs)) if differs)


def _coded(selection: SelectionParameters | None) -> tuple[int, ...] | None:
    if selection is None:
        return None
    return (
        selection.cbq,
        selection.cell_reselect_offset,
        selection.temporary_offset,
        selection.penalty_time,
    )
