"""An alert: a case told to someone. What is written here is sent, whatever becomes of the case afterwards."""

import msgspec

from fusion.values import Fix, StandingFinding


class Alert(msgspec.Struct, frozen=True, kw_only=True, tag="alert"):
    """`key` is the idempotency key: case, level, episode. A receiver that sees it twice has been told once."""

    key: str
    case_id: str
    emitter_id: str
    kind: str  # catalogue key case.<kind>
    level: int  # fusion.values.Level
    time_utc_ns: int
    freq_hz: float
    title_params: dict[str, str | float | int] = {}  # names of the emitter: mcc, mnc, lac, ci, arfcn, pi, ps …
    score_db: float
    findings: tuple[StandingFinding, ...] = ()
    fix: Fix | None = None
