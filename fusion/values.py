"""The nouns of fusion: what is believed to exist, where, and how bad it is. Everything fusion remembers is in these."""

import enum
from typing import Annotated

import msgspec

from dsp.fm.values import FmStation
from dsp.gsm.values import GsmCell
from dsp.signatures.band_plan import BandPlan
from dsp.signatures.finding import Finding
from dsp.signatures.licences import Licences
from dsp.signatures.on_air_week import OnAirWeek
from dsp.signatures.weights import Weights
from fusion.programme_values import ProgrammeLink, ProgrammeLook, ProgrammeLoop, ProgrammeMemory
from fusion.track.roads import Roads
from wire.report import Report, TimeSource


class FiledReport(msgspec.Struct, frozen=True, kw_only=True):
    """A report as the server stored it: who said it is the server's knowledge, not the report's."""

    row: int  # order of storage, rises without reuse
    sensor: str  # enrolled name, from its key
    received_utc_ns: int
    report: Report


class Fix(msgspec.Struct, frozen=True, kw_only=True):
    """Where an emitter is believed to be, and how surely. A region can stand without a point, never the reverse."""

    time_utc_ns: int
    method: str  # "power", "tdoa", "bearing"; "joint": several
    lat_deg: float | None  # posterior mean; None when one point would mislead (one sensor, several far pieces)
    lon_deg: float | None
    covariance_m2: tuple[float, float, float] | None  # east-east, east-north, north-north
    region: tuple[
        tuple[tuple[float, float], ...], ...
    ]  # 95 %: pieces, likeliest first, each a closed ring of (lat, lon)
    area_km2: float
    sensors: int
    sightings: int
    estimated_eirp_dbm: float | None = None
    estimated_eirp_sigma_db: float | None = None
    differences: int = 0
    bearings: int = 0


class Sighting(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """One sensor heard (or listened and did not hear) the emitter once."""

    sensor: str
    boot: str
    seq: int
    time_utc_ns: int
    lat_deg: float | None
    lon_deg: float | None
    position_sigma_m: float | None
    level_dbm: float | None  # None: not calibrated
    cnr_db: float | None
    floor_dbm: float | None = None  # set and level None: listened, not heard
    level_sigma_db: float | None = None  # of level and floor, by the sensor's calibration; None: not said


class ArrivalDifference(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """The emitter's signal reached sensor b by `difference_s` later than sensor a; negative: earlier."""

    sensor_a: str
    sensor_b: str
    lat_a_deg: float
    lon_a_deg: float
    lat_b_deg: float
    lon_b_deg: float
    position_sigma_m: float  # of each of the two places
    difference_s: float
    sigma_s: float  # noise and clocks; echoes, which only delay, are the likelihood's business
    time_utc_ns: int
    method: str  # "fm_reference", "gsm_reference", "gnss"
    references: tuple[str, ...] = ()  # emitters whose known places took the clocks' difference out
    reports: tuple[tuple[str, str, int], ...] = ()  # (sensor, boot, seq) behind it


class MeasuredDifferences(msgspec.Struct, frozen=True, kw_only=True):
    """What one moment's snippets gave for an emitter, as it is stored and may be told again."""

    emitter_id: str
    service: str
    freq_hz: float  # where another world knows the emitter by another name
    time_utc_ns: int  # when it was measured, by the server's clock
    differences: tuple[ArrivalDifference, ...]


class BearingSighting(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """From this place the emitter lay in this direction."""

    sensor: str  # direction finder, or the person with a compass
    boot: str
    seq: int
    time_utc_ns: int
    lat_deg: float
    lon_deg: float
    position_sigma_m: float
    azimuth_deg: float  # from true north, clockwise, 0–360
    sigma_deg: float | None  # as its maker claims it; None: not said
    source: str  # "device" or "person"
    freq_hz: float
    level_dbm: float | None = None


class FrameArrival(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """A GSM cell's frame came to a sensor at this instant of the sensor's clock."""

    sensor: str
    boot: str
    seq: int
    time_utc_ns: int  # of the look
    lat_deg: float
    lon_deg: float
    position_sigma_m: float
    frame_number: int
    frame_time_ns: int
    sigma_ns: float  # of the instant, the sensor's clock aside
    spread_ns: float  # of paths that melt into the first
    clock_ppm: float  # length of the cell's frames by the sensor's sample clock, against nominal
    clock_sigma_ppm: float
    carrier_ppm: float  # measured minus nominal, by the sensor's oscillator
    carrier_sigma_ppm: float
    time_source: TimeSource = TimeSource.NONE
    time_sigma_ns: int | None = None


class Latest(msgspec.Struct, frozen=True, kw_only=True):
    """What a sensor last heard of the emitter, in full."""

    sensor: str
    time_utc_ns: int
    heard: GsmCell | FmStation
    boot: str = ""
    looks: int = 1  # in which this sensor heard it
    clock: TimeSource = TimeSource.NONE
    clock_sigma_ns: int | None = None


class StandingFinding(msgspec.Struct, frozen=True, kw_only=True):
    """A finding that holds, with who said it and since when."""

    finding: Finding
    sensor: str | None  # None: fusion itself
    first_utc_ns: int
    last_utc_ns: int
    times: int
    missed: int = 0  # looks in a row that it did not come again
    reports: tuple[tuple[str, str, int], ...] = ()  # (sensor, boot, seq) of the last few that carried it


class TrackMark(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """Where a cloud was: in metres of its plane."""

    time_utc_ns: int
    east_m: float
    north_m: float
    covariance_m2: tuple[float, float, float]  # east-east, east-north, north-north


class StoredCloud(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """A track's particles as they are kept (`fusion.track.keep`): what was heard before it is in them."""

    time_utc_ns: int
    lat_deg: float  # origin of its plane
    lon_deg: float
    columns: bytes  # float32: a row a particle
    sensors: tuple[str, ...] = ()
    covariance_db2: bytes = b""  # float32: of power and sensors' offsets
    mark: TrackMark | None = None  # against which it is seen to move


class Emitter(msgspec.Struct, frozen=True, kw_only=True):
    id: str  # kept for ever
    service: str  # "gsm" or "fm"
    freq_hz: float
    arfcn: int | None = None
    bsic: int | None = None
    mcc: str | None = None
    mnc: str | None = None
    lac: int | None = None
    ci: int | None = None
    pi: int | None = None
    ps: str | None = None
    licensed: bool | None = None  # None: no list to compare with
    licence_name: str | None = None
    first_seen_utc_ns: int
    last_seen_utc_ns: int
    moving: bool | None = None
    displacement_m: float | None = None  # between the windows that showed it moving
    displacement_sigma_m: float | None = None
    moved_utc_ns: int | None = None  # when it was last found moving
    fix: Fix | None = None
    track: tuple[Fix, ...] = ()  # earlier fixes of a moving emitter, regions of few corners, oldest first; bounded
    sightings: tuple[Sighting, ...] = ()  # a bounded window, oldest first
    differences: tuple[ArrivalDifference, ...] = ()  # bounded likewise
    bearings: tuple[BearingSighting, ...] = ()
    withdrawn: tuple[BearingSighting, ...] = ()  # that people took back: kept, and of no weight
    arrivals: tuple[FrameArrival, ...] = ()  # of a GSM cell, those of the last two minutes
    cloud: StoredCloud | None = None  # of a suspect that is followed
    divided_utc_ns: int | None = None  # when it was last asked whether it is several
    beside: str | None = None  # of which emitter it was thought a part until it was told apart
    latest: tuple[Latest, ...] = ()  # one a sensor
    findings: tuple[StandingFinding, ...] = ()
    programme_links: tuple[ProgrammeLink, ...] = ()  # other emitters with the same sound; a bounded number
    loop: ProgrammeLoop | None = None  # of an unlicensed FM emitter; None: nothing came again
    week: OnAirWeek | None = None  # of FM: when it was on the air, by all sensors that ever heard it


class Level(enum.IntEnum):
    NOTE = 1
    WATCH = 2
    HIGH = 3


class CaseStep(msgspec.Struct, frozen=True, kw_only=True):
    time_utc_ns: int
    level: Level
    score_db: float


class Case(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    emitter_id: str
    kind: str  # "rogue_bts", "pirate_fm", "hijack_fm", … : catalogue key case.<kind>
    level: Level  # of now; the highest ever is in steps
    score_db: float
    group_scores_db: dict[str, float]
    findings: tuple[StandingFinding, ...]
    opened_utc_ns: int
    changed_utc_ns: int
    closed_utc_ns: int | None = None
    closed_why: str | None = None  # catalogue key closed.<why>
    steps: tuple[CaseStep, ...] = ()  # changes of level: the last ones, and each first rise to a level
    supported_utc_ns: dict[Level, int] = {}  # when a verdict last supported this level; without: when it changed


class Delays(msgspec.Struct, frozen=True, kw_only=True):
    """Of cases about FM.

    alarm_s    : an accusation counts beyond a note once it came in two looks so far apart
    recovery_s : a level nothing supports any more goes, and a case whose emitter is silent is closed, after this
    """

    alarm_s: Annotated[float, msgspec.Meta(ge=0, le=86400)] = 60.0
    recovery_s: Annotated[float, msgspec.Meta(ge=0, le=86400)] = 600.0


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """What fusion is told from outside."""

    licences: Licences = Licences()
    area: tuple[float, float, float, float] | None = None  # south, west, north, east: prior of place
    weights: Weights = Weights()  # of the signatures; a GSM signature without one is refused
    plan: BandPlan | None = None  # who may use which channels
    roads: Roads | None = None  # a vehicle is more likely on one
    fm: Delays = Delays()
    left_out: dict[str, str] = {}  # sensor → why, of the last self-test: fixes do without
    surveyed: dict[str, tuple[float, float]] = {}  # sensor → (lat, lon) where it is known to stand


class NetworkModel(msgspec.Struct, frozen=True, kw_only=True):
    """What is usual in one network, as counts of distinct cells that taught it (`fusion.network`)."""

    n: int = 0  # cells that ever taught
    cells: dict[str, int] = {}  # "lac/ci" → day: the latest of them, each counted once
    values: dict[str, dict[str, int]] = {}  # field → value as text → cells
    areas: dict[str, int] = {}  # location area → cells


class World(msgspec.Struct, frozen=True, kw_only=True):
    emitters: dict[str, Emitter] = {}
    cases: dict[str, Case] = {}
    networks: dict[str, NetworkModel] = {}  # by "mcc-mnc"
    programmes: ProgrammeMemory = ProgrammeMemory()


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """What taking one report changed."""

    world: World
    emitters: tuple[Emitter, ...] = ()
    cases: tuple[Case, ...] = ()
    looks: tuple[ProgrammeLook, ...] = ()  # added to `world.programmes.kept`
