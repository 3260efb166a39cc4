"""A finding: one rule that fired, with everything needed to explain and repeat it."""

import enum

import msgspec


class EvidenceGroup(enum.Enum):
    """Findings of one group say much the same thing: their joint weight is capped (fusion.judge)."""

    IDENTITY = "identity"
    CONFIGURATION = "configuration"
    TOPOLOGY = "topology"
    BEHAVIOUR = "behaviour"
    RADIO_CLOCK = "radio_clock"
    PLACE = "place"
    LICENCE = "licence"
    PROGRAMME = "programme"


class Finding(msgspec.Struct, frozen=True, kw_only=True, tag="finding"):
    """One signature's verdict.

    weight_db : 10·log10 of the likelihood ratio guilty : innocent; negative speaks for innocence
    evidence  : the values it looked at, thresholds among them, by field name
    variant   : which of the signature's reasons it was, where their weights differ (dsp.signatures.weights)
    about     : index into Report.heard of what it is about; None in findings made by fusion
    The words for people live in the catalogue under finding.<name>.{title,what,innocent}, which take `evidence`.
    """

    name: str
    version: int
    group: EvidenceGroup
    weight_db: float
    evidence: dict[str, float | int | str | bool] = {}
    baseline_n: int | None = None  # how many baseline cells or stations stand behind the threshold
    about: int | None = None
    variant: str | None = None
