"""What is kept of one FM channel between looks at one sensor."""

import msgspec

from dsp.fm.values import FmStation
from dsp.signatures.level_trace import Trace, with_level
from dsp.signatures.on_air_week import OnAirWeek, with_slot
from dsp.signatures.station_face import Face, Traits, with_look

TRUSTED_GROUPS = 3  # fewer uncorrected groups with one PI prove nothing: coders flash 0000, error correction invents
CLEAR_DB = 20.0  # pilot and RDS of a station are heard from here on
MOST_PIS = 6


class HeardPi(msgspec.Struct, frozen=True, kw_only=True):
    pi: int
    last_ns: int
    groups: int


class StationRecord(msgspec.Struct, frozen=True, kw_only=True):
    freq_hz: float
    first_ns: int
    last_ns: int
    looks: int
    doubted: bool = False
    cnr_db: float
    pis: tuple[HeardPi, ...] = ()
    clear_looks: int = 0  # at a level where pilot and RDS must be heard
    pilot_looks: int = 0  # of these, with a pilot
    rds_looks: int = 0
    over_deviation_looks: int = 0
    deviation_looks: int = 0
    faces: tuple[Face, ...] = ()  # of the transmitters that were heard here
    trace: Trace | None = None  # of its level in the last looks
    week: OnAirWeek | None = None


def trusted_pi(station: FmStation) -> int | None:
    """A PI that enough uncorrected groups carried; 0000 is what a faulty coder says."""
    return station.pi if station.pi and station.pi_groups >= TRUSTED_GROUPS else None


def regional_variant(a: int, b: int) -> bool:
    """Programmes of one network differ in the second digit only (IEC 62106, coverage area)."""
    return (a & 0xF0FF) == (b & 0xF0FF)


def record_station(
    old: StationRecord | None, station: FmStation, *, now_ns: int, doubted: bool, traits: Traits | None = None
) -> StationRecord:
    if old is None:
        old = StationRecord(freq_hz=station.freq_hz, first_ns=now_ns, last_ns=now_ns, looks=0, cnr_db=station.cnr_db)
    clear = station.cnr_db >= CLEAR_DB
    return msgspec.structs.replace(
        old,
        freq_hz=station.freq_hz,
        last_ns=now_ns,
        looks=old.looks + 1,
        doubted=doubted,
        cnr_db=station.cnr_db,
        pis=_pis(old.pis, station, now_ns),
        clear_looks=old.clear_looks + clear,
        pilot_looks=old.pilot_looks + (clear and station.pilot_hz is not None),
        rds_looks=old.rds_looks + (clear and station.rds_groups > 0),
        deviation_looks=old.deviation_looks + (station.deviation_hz is not None),
        over_deviation_looks=old.over_deviation_looks + over_deviated(station),
        faces=old.faces if traits is None else with_look(old.faces, traits, now_ns=now_ns, doubted=doubted),
        week=with_slot(old.week, now_ns, heard=True),
        trace=with_level(old.trace, station.level_dbfs, now_ns),
    )


def record_absence(old: StationRecord, *, now_ns: int) -> StationRecord:
    """Its channel was listened to, and it was not heard."""
    week = with_slot(old.week, now_ns, heard=False)
    return old if week is old.week else msgspec.structs.replace(old, week=week)


OVER_DEVIATION_HZ = 85e3  # 75 kHz allowed; what one look measures scatters with programme and noise


def over_deviated(station: FmStation) -> bool:
    return station.deviation_hz is not None and station.deviation_hz > OVER_DEVIATION_HZ


def _pis(old: tuple[HeardPi, ...], station: FmStation, now_ns: int) -> tuple[HeardPi, ...]:
    pi = trusted_pi(station)
    if pi is None:
        return old
    before = next((heard.groups for heard in old if heard.pi == pi), 0)
    others = tuple(heard for heard in old if heard.pi != pi)
    return (*others, HeardPi(pi=pi, last_ns=now_ns, groups=before + station.pi_groups))[-MOST_PIS:]
