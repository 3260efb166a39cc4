"""A telephone number as station name or radio text.

Why: what is sold by 黑广播 is ordered by telephone; two of five real pirates with RDS sent theirs.
Innocent: a licensed station's phone-in show: then its text changes and the channel is licensed (smaller weight).
"""

import re

from dsp.fm.values import FmStation
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import FmScene

NAME, VERSION = "fm_contact_number", 1
NUMBER = re.compile(r"(?<!\d)(?:\+?\d[\s\-/.]?){7,15}(?!\d)")
FREQUENCY = re.compile(r"(?<![\d.])\d{2,4}\.\d{1,2}(?![\d.])")
LEAST_DIGITS = 7


def judge(station: FmStation, scene: FmScene) -> Finding | None:
    found = [(field, _digits(text)) for field, text in (("PS", station.ps), ("RT", station.rt)) if text]
    found = [(field, digits) for field, digits in found if digits >= LEAST_DIGITS]
    if not found:
        return None
    field, digits = found[0]
    licensed = bool(scene.licensed(station))
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.PROGRAMME,
        weight_db=3.0 if licensed else 10.0,
        evidence={"field": field, "digits": digits, "threshold": LEAST_DIGITS},
    )


def _digits(text: str) -> int:
    """Digits of the longest run that is written as a telephone number; frequencies are none."""
    return max(
        (sum(c.isdigit() for c in match.group()) for match in NUMBER.finditer(FREQUENCY.sub("~", text))), default=0
    )
