"""What the API takes and gives. Unknown is null. Texts marked "from the air" are what a stranger chose to transmit."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from server.web.phrases import LevelName

Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Evidence = float | int | str | bool
When = Annotated[str, Field(description="UTC, ISO 8601")]


class Given(BaseModel):
    """Comes in: a field nobody knows is refused."""

    model_config = ConfigDict(extra="forbid")


class Told(BaseModel):
    """Goes out."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Problem(Told):
    error: str = Field(description="name of the refusal")
    message: str = Field(description="a sentence in the page's language")


class Me(Told):
    name: str
    role: str
    language: str
    csrf: str = Field(description="to be sent as X-CSRF-Token with every request that changes something")


class Status(Told):
    name: str
    now: When
    sensors: int
    sensors_unwell: int
    sensors_listening: int = Field(description="heard of lately and not deaf; with none, no open case means nothing")
    last_report: int | None = Field(description="row of the report stored last")
    open_cases: dict[LevelName, int]
    unacknowledged_alerts: int
    link: dict[str, int | float | str | None] = Field(description="counters of the link to the sensors")


class Place(Told):
    lat_deg: float
    lon_deg: float
    sigma_m: float
    source: str


class Reason(Told):
    code: str
    text: str


class HealthOut(Told):
    uptime_s: float
    samples_read: int
    samples_lost: int
    clipped_share: float | None
    noise_dbfs_200k: float | None
    gain_db: float | None
    time_source: str
    time_sigma_ns: int | None
    queue_length: int
    temperature_c: float | None
    radio: str
    radio_restarts: int
    deaf: bool | None
    refused: dict[str, int]
    durable: bool


class SensorOut(Told):
    id: int
    name: str
    state: Literal["good", "warning", "bad", "silent", "waiting", "revoked"]
    reasons: list[Reason]
    place: Place | None
    last_seen: When | None
    last_report: int | None
    software: str | None
    health: HealthOut | None


class FixOut(Told):
    time: When
    method: str
    lat_deg: float | None
    lon_deg: float | None
    covariance_m2: tuple[float, float, float] | None
    region: list[list[tuple[float, float]]] = Field(description="95 %: pieces, each a closed ring of (lat, lon)")
    area_km2: float
    sensors: int
    sightings: int
    differences: int = 0
    bearings: int = 0
    estimated_eirp_dbm: float | None
    estimated_eirp_sigma_db: float | None


class EmitterOut(Told):
    id: str
    title: str
    service: str
    freq_hz: float
    arfcn: int | None
    bsic: int | None
    mcc: str | None
    mnc: str | None
    lac: int | None
    ci: int | None
    pi: int | None
    ps: str | None = Field(description="from the air")
    licensed: bool | None
    licence_name: str | None
    first_seen: When
    last_seen: When
    moving: bool | None
    fix: FixOut | None
    sensors: list[str]


class FindingOut(Told):
    name: str
    version: int
    title: str
    what: str
    innocent: str
    group: str
    group_text: str
    weight_db: float
    baseline_n: int | None
    evidence: dict[str, Evidence] = Field(description="texts among it may be from the air")
    evidence_shown: list[tuple[str, str]] = Field(description="the same for people: label, value")
    sensor: str | None
    first: When
    last: When
    times: int
    reports: list[tuple[str, str, int]] = Field(description="sensor, boot, number of the last few that carried it")


class HeardOut(Told):
    sensor: str
    time: When
    kind: Literal["gsm_cell", "fm_station"]
    heard: dict[str, object] = Field(description="every field as reported; texts among it are from the air")


class EmitterDetail(EmitterOut):
    track: list[FixOut]
    findings: list[FindingOut]
    latest: list[HeardOut]


class StepOut(Told):
    time: When
    level: LevelName
    level_text: str
    score_db: float


class CaseOut(Told):
    id: str
    emitter_id: str
    title: str
    kind: str
    kind_text: str
    level: LevelName
    level_text: str
    score_db: float
    opened: When
    changed: When
    closed: When | None
    closed_why: str | None
    freq_hz: float | None
    last_seen: When | None
    sensors: list[str]
    findings: int
    lat_deg: float | None
    lon_deg: float | None
    area_km2: float | None


class CaseDetail(CaseOut):
    group_scores_db: dict[str, float]
    reasons: list[FindingOut]
    steps: list[StepOut]
    emitter: EmitterDetail | None


class ReportOut(Told):
    row: int
    sensor: str
    boot: str
    seq: int
    received: When
    time_utc_ns: str | None = Field(description="of the look, in whole ns, as text")
    findings: list[str]


class AlertOut(Told):
    id: int
    key: str
    case_id: str
    emitter_id: str
    title: str
    level: LevelName
    level_text: str
    created: When
    freq_hz: float
    score_db: float
    delay_s: float | None = Field(description="from the report's making on the sensor to the alert")
    acknowledged: When | None
    acknowledged_by: str | None
    acknowledged_note: str | None
    on_screen: bool = Field(description="of a level that is shown on every page until acknowledged")


class AcknowledgeIn(Given):
    note: Annotated[str, Field(max_length=2000)] = ""


class TaskIn(Given):
    sensor_id: Annotated[int, Field(strict=True, ge=1, lt=1 << 63)]
    centre_hz: Annotated[Number, Field(ge=500e3, le=6e9)]
    rate_hz: Annotated[Number, Field(ge=225e3, le=3.2e6)]
    seconds: Annotated[Number, Field(gt=0, le=10)]


class ResidualOut(Told):
    kind: str = Field(description="power; arrival, of one sensor against the others; bearing; difference, refused")
    kind_text: str
    sensor: str
    who: str = Field(description="the same for people: a person by number")
    lat_deg: float | None
    lon_deg: float | None
    azimuth_deg: float | None = Field(description="of a bearing, from true north")
    looks: int = Field(description="how many measurements it stands for")
    value: float | None
    residual: float | None
    sigma: float | None
    unit: str = Field(description="dB, s or deg")
    shown: str = Field(description="measured, for people")
    shown_residual: str
    weight: float
    set_aside: bool
    why: str | None
    why_text: str


class PlanOut(Told):
    seeker: str = Field(description="the moving sensor that is advised, or empty for a place that was asked for")
    what: Literal["go", "hand_held", "no_gain"]
    text: str
    lat_deg: float | None
    lon_deg: float | None
    metres: float | None
    area_km2: float
    expected_area_km2: float | None


class PersonBearing(Told):
    """Typed in by a person; its name is (sensor, boot, seq)."""

    sensor: str
    who: str
    boot: str
    seq: int
    time: When
    lat_deg: float
    lon_deg: float
    azimuth_deg: float = Field(description="from true north")
    sigma_deg: float | None
    withdrawn: bool = Field(description="taken back: kept, and of no weight")


class GroundsOut(Told):
    method: str | None
    residuals: list[ResidualOut]
    plans: list[PlanOut]
    person_bearings: list[PersonBearing] = Field(description="the newest first; those taken back too")


class WithdrawalIn(Given):
    sensor: Annotated[str, Field(max_length=64, description="under which it is filed")]
    boot: Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
    seq: Annotated[int, Field(ge=1, lt=1 << 63)]


class BearingIn(Given):
    freq_hz: Annotated[Number, Field(ge=500e3, le=6e9)]
    azimuth_deg: Annotated[Number, Field(ge=0, le=360, description="from true north, clockwise")]
    sigma_deg: Annotated[Number, Field(ge=0.1, le=90)] | None = Field(
        default=None, description="as the person claims it; null: learnt from the residuals"
    )
    lat_deg: Annotated[Number, Field(ge=-90, le=90)]
    lon_deg: Annotated[Number, Field(ge=-180, le=180)]
    position_sigma_m: Annotated[Number, Field(ge=1, le=5000)] = 30.0


class BearingTaken(Told):
    filed_under: str = Field(description="a number in place of the person's name")


class TaskOut(Told):
    id: int
    sensor: str
    created: When
    created_by: str
    centre_hz: float
    rate_hz: float
    seconds: float
    sent: When | None
    done: When | None
    outcome: str | None
    snippet_id: int | None


class SnippetOut(Told):
    id: int
    task_id: int
    sensor: str
    received: When
    centre_hz: float
    rate_hz: float
    time: When | None
    format: str
    sha256: str
    bytes: int


class EvidenceFileOut(Told):
    name: str
    what: str
    size_bytes: int
    sha256: str


class EvidenceOut(Told):
    id: int
    asked: When
    state: str = Field(description="waiting, made, failed, or damaged: the manifest cannot be read any more")
    failure: str | None
    sensor: str | None
    time: When | None = Field(description="of the first sample")
    seconds: float | None
    carrier_hz: float | None
    manifest_sha256: str | None
    files: list[EvidenceFileOut]
    broken: list[str] | None = Field(description="files that are not what was hashed; null: not checked")
