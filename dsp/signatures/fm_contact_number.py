"""A telephone number as station name or radio text, also in the pieces of a name that scrolls.

Why: what is sold by 黑广播 is ordered by telephone; two of five real pirates with RDS sent theirs.
Innocent: a licensed station's phone-in show, traffic or advertisers' number: 13 of 214 recorded stations send one. Then
the channel is licensed (smaller weight), and by itself it is no note.
"""

from dsp.fm.values import FmStation
from dsp.signatures.contact_numbers import LEAST_DIGITS, digits_of, digits_of_pieces
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import FmScene

NAME, VERSION = "fm_contact_number", 2


def judge(station: FmStation, scene: FmScene) -> Finding | None:
    found = [(field, digits) for field, digits in _said(station) if digits]
    if not found:
        return None
    field, digits = max(found, key=lambda each: each[1])
    licensed = bool(scene.licensed(station))
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.PROGRAMME,
        weight_db=3.0 if licensed else 10.0,
        evidence={"field": field, "digits": digits, "threshold": LEAST_DIGITS},
    )


def _said(station: FmStation) -> tuple[tuple[str, int], ...]:
    pieces = station.ps_all or ((station.ps,) if station.ps else ())
    whole = (("RT", station.rt), ("PS", station.ps), ("PS", station.long_ps), ("PTYN", station.pty_name))
    return (*((field, digits_of(text)) for field, text in whole if text), ("PS", digits_of_pieces(pieces)))
