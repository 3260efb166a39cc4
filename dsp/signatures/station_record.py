"""What is kept of one FM channel between looks at one sensor."""

import msgspec

from dsp.fm.deviation_spread import DeviationSpread, halved, together
from dsp.fm.values import FmStation
from dsp.signatures.level_trace import Trace, with_level
from dsp.signatures.on_air_week import OnAirWeek, with_slot
from dsp.signatures.onset import Onset, with_hearing
from dsp.signatures.station_face import Face, Traits, with_look

TRUSTED_GROUPS = 3  # fewer uncorrected groups with one PI prove nothing: coders flash 0000, error correction invents
CLEAR_DB = 20.0  # pilot and RDS of a station are heard from here on
MOST_PIS = 6
BARE, SILENT_SHARE = "carrier", 0.95
LONGEST_SPREAD_S = 600.0


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
    spread: DeviationSpread | None = None  # of the deviation, of the last minutes in which it could be stated
    faces: tuple[Face, ...] = ()  # of the transmitters that were heard here
    trace: Trace | None = None  # of its level in the last looks
    week: OnAirWeek | None = None
    onset: Onset | None = None  # how it came on the air, the last time it did
    sounded_ns: int | None = None  # when it was last heard with anything on it
    moved_ns: int | None = None  # when a second look showed that it moves with the receiver's centre: a ghost
    silent_ns: int | None = None  # since when there was nothing on it, look after look; None: there was


def trusted_pi(station: FmStation) -> int | None:
    """A PI that enough uncorrected groups carried; 0000 is what a faulty coder says."""
    return station.pi if station.pi and station.pi_groups >= TRUSTED_GROUPS else None


def regional_variant(a: int, b: int) -> bool:
    """Programmes of one network differ in the second digit only (IEC 62106, coverage area)."""
    return (a & 0xF0FF) == (b & 0xF0FF)


def record_station(
    old: StationRecord | None,
    station: FmStation,
    *,
    now_ns: int,
    doubted: bool,
    traits: Traits | None = None,
    listened_ns: int | None = None,
) -> StationRecord:
    """listened_ns : when its channel was listened to before this look, with whatever success"""
    onset = with_hearing(
        None if old is None else old.onset,
        cnr_db=station.cnr_db,
        now_ns=now_ns,
        last_ns=None if old is None else old.last_ns,
        listened_ns=listened_ns,
    )
    if old is None:
        old = StationRecord(freq_hz=station.freq_hz, first_ns=now_ns, last_ns=now_ns, looks=0, cnr_db=station.cnr_db)
    clear, silent = station.cnr_db >= CLEAR_DB, is_silent(station)
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
        onset=onset,
        spread=_spread(old.spread, station.deviation_spread),
        sounded_ns=old.sounded_ns if silent else now_ns,
        silent_ns=(now_ns if old.silent_ns is None else old.silent_ns) if silent else None,
    )


def record_absence(old: StationRecord, *, now_ns: int) -> StationRecord:
    """Its channel was listened to, and it was not heard."""
    week = with_slot(old.week, now_ns, heard=False)
    return old if week is old.week else msgspec.structs.replace(old, week=week)


OVER_DEVIATION_HZ = 85e3  # 75 kHz allowed; what one look measures scatters with programme and noise


def over_deviated(station: FmStation) -> bool:
    return station.deviation_hz is not None and station.deviation_hz > OVER_DEVIATION_HZ


def is_silent(station: FmStation) -> bool:
    """A carrier alone, or a programme in which nothing sounded all through the look."""
    return station.kind == BARE or (station.silence_share or 0.0) >= SILENT_SHARE


def _spread(old: DeviationSpread | None, new: DeviationSpread | None) -> DeviationSpread | None:
    if new is None:
        return old
    both = new if old is None else together(old, new)
    return halved(both) if both.seconds > LONGEST_SPREAD_S else both


def _pis(old: tuple[HeardPi, ...], station: FmStation, now_ns: int) -> tuple[HeardPi, ...]:
    pi = trusted_pi(station)
    if pi is None:
        return old
    before = next((heard.groups for heard in old if heard.pi == pi), 0)
    others = tuple(heard for heard in old if heard.pi != pi)
    return (*others, HeardPi(pi=pi, last_ns=now_ns, groups=before + station.pi_groups))[-MOST_PIS:]
