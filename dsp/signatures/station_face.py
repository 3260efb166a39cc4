"""What is usual of one transmitter: the face by which it is known again, whatever its RDS says.

Two transmitters differ in their oscillators (carrier and pilot), in how their coders are set (injection of pilot and
RDS), and in how loud they arrive. A station with a reserve transmitter has two faces.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from dsp.fm.values import FmStation
from dsp.signatures.station_clock import Common, carrier_ppm, pilot_ppm

MOST_FACES = 4
LONGEST_MEMORY = 50  # looks that weigh in a mean
KNOWN_LOOKS = 5
OTHER_LOOKS, OTHER_NS = 20, 3 * 86_400 * 10**9  # of a face that came later: until then it is a stranger's
CLEAR_CNR_DB, CLEAR_SINR_DB, CLEAR_SIGMA_HZ = 20.0, 12.0, 100.0
CARRIER_SIGMAS, LEAST_CARRIER_PPM, CARRIER_FLOOR_PPM = 5.0, 0.8, 0.15
PILOT_SIGMAS, LEAST_PILOT_PPM, PILOT_FLOOR_PPM = 4.5, 0.4, 0.04
PILOT_UNDER_ANOTHER_PPM = 0.2  # at 0 dB over everything else on the channel; measured on made signals: half of it
DRIFT_PPM_ROOT_H = 0.15  # a transmitter's oscillator while nobody looks
INJECTION_SIGMAS, LEAST_INJECTION_HZ, INJECTION_FLOOR_HZ = 6.0, 800.0, 40.0
HOUR_NS = 3600e9


class Usual(msgspec.Struct, frozen=True, array_like=True):
    mean: float
    spread: float = 0.0  # standard deviation
    n: int = 1


class Face(msgspec.Struct, frozen=True, array_like=True):
    """carrier_ppm, pilot_ppm: by the sensor's oscillator as it stood when the first stations were heard."""

    first_ns: int
    last_ns: int
    looks: int = 0
    carrier_ppm: Usual | None = None
    pilot_ppm: Usual | None = None
    pilot_deviation_hz: Usual | None = None
    rds_deviation_hz: Usual | None = None
    level_db: Usual | None = None
    sinr_db: Usual | None = None


@dataclass(frozen=True, slots=True)
class Traits:
    """Of one look. clear: nothing else disturbs the channel, so that it may be learnt from"""

    carrier_ppm: float
    carrier_sigma_ppm: float
    pilot_ppm: float | None
    pilot_sigma_ppm: float
    pilot_deviation_hz: float | None
    rds_deviation_hz: float | None
    level_db: float
    sinr_db: float | None
    clear: bool


@dataclass(frozen=True, slots=True)
class Change:
    """How a look differs from a face. None: not to be told, or no more than chance does."""

    carrier_ppm: float | None
    pilot_ppm: float | None
    injection_hz: float | None  # of pilot or RDS, whichever changed more

    @property
    def is_another(self) -> bool:
        return self.carrier_ppm is not None or self.pilot_ppm is not None


def traits(station: FmStation, lo: Common | None) -> Traits | None:
    """None where the sensor's own oscillator is not known, or the carrier was not measured."""
    if lo is None or not math.isfinite(station.freq_sigma_hz):
        return None
    pilot = pilot_ppm(station)
    sinr_db = CLEAR_SINR_DB if station.sinr_db is None else station.sinr_db
    return Traits(
        carrier_ppm=carrier_ppm(station) - lo.ppm,
        carrier_sigma_ppm=math.hypot(1e6 * station.freq_sigma_hz / station.freq_hz, lo.sigma_ppm),
        pilot_ppm=None if pilot is None else pilot - lo.ppm,
        pilot_sigma_ppm=math.hypot(lo.sigma_ppm, PILOT_UNDER_ANOTHER_PPM * 10.0 ** (-max(sinr_db, 0.0) / 20.0)),
        pilot_deviation_hz=station.pilot_deviation_hz,
        rds_deviation_hz=station.rds_deviation_hz,
        level_db=station.level_dbfs,
        sinr_db=station.sinr_db,
        clear=station.cnr_db >= CLEAR_CNR_DB and sinr_db >= CLEAR_SINR_DB and station.freq_sigma_hz <= CLEAR_SIGMA_HZ,
    )


def change(face: Face, now: Traits, now_ns: int) -> Change:
    """A pilot that went away is not a change of the pilot: mono programmes do that."""
    drift_ppm = DRIFT_PPM_ROOT_H * math.sqrt(max(now_ns - face.last_ns, 0) / HOUR_NS)
    carrier = _beyond(
        face.carrier_ppm,
        now.carrier_ppm,
        math.hypot(now.carrier_sigma_ppm, CARRIER_FLOOR_PPM, drift_ppm),
        sigmas=CARRIER_SIGMAS,
        least=LEAST_CARRIER_PPM,
    )
    pilot = _beyond(
        face.pilot_ppm,
        now.pilot_ppm,
        math.hypot(now.pilot_sigma_ppm, PILOT_FLOOR_PPM, drift_ppm),
        sigmas=PILOT_SIGMAS,
        least=LEAST_PILOT_PPM,
    )
    injections = [
        _beyond(before, value, INJECTION_FLOOR_HZ, sigmas=INJECTION_SIGMAS, least=LEAST_INJECTION_HZ)
        for before, value in (
            (face.pilot_deviation_hz, now.pilot_deviation_hz),
            (face.rds_deviation_hz, now.rds_deviation_hz),
        )
    ]
    changed = [each for each in injections if each is not None]
    return Change(carrier, pilot, max(changed, key=abs, default=None))


def known(faces: Iterable[Face]) -> tuple[Face, ...]:
    """Those that are the station's: the first, and later ones that stayed for days; the most seen first."""
    ordered = sorted(faces, key=lambda face: face.first_ns)
    own = [
        face
        for place, face in enumerate(ordered)
        if face.looks >= (KNOWN_LOOKS if place == 0 else OTHER_LOOKS)
        and (place == 0 or face.last_ns - face.first_ns >= OTHER_NS)
    ]
    return tuple(sorted(own, key=lambda face: -face.looks))


def with_look(faces: tuple[Face, ...], now: Traits, *, now_ns: int, doubted: bool) -> tuple[Face, ...]:
    """One of the faces a look richer, or a new one. What is doubted is not learnt."""
    if not now.clear or doubted:
        return faces
    same = [face for face in faces if _fits(face, now, now_ns)]
    chosen = max(same, key=lambda face: face.looks, default=Face(first_ns=now_ns, last_ns=now_ns))
    others = [face for face in faces if face is not chosen]
    if len(others) >= MOST_FACES:
        own = known(faces)
        others.remove(min(others, key=lambda face: (face in own, face.last_ns)))
    return (*others, _learnt(chosen, now, now_ns))


def too_high_ppm(station: FmStation, faces: tuple[Face, ...]) -> float | None:
    """How much more than usual the sensor's oscillator read of its pilot: what is the station's own is taken out.

    None without a pilot, and where it is not known yet what is usual.
    """
    pilot = pilot_ppm(station)
    own = known(faces)
    if pilot is None or station.cnr_db < CLEAR_CNR_DB:
        return None
    usual = own[0].pilot_ppm if own else None
    return None if usual is None else pilot - usual.mean


def _fits(face: Face, now: Traits, now_ns: int) -> bool:
    differs = change(face, now, now_ns)
    return not differs.is_another and differs.injection_hz is None


def _learnt(face: Face, now: Traits, now_ns: int) -> Face:
    return Face(
        face.first_ns,
        now_ns,
        face.looks + 1,
        _with(face.carrier_ppm, now.carrier_ppm),
        _with(face.pilot_ppm, now.pilot_ppm),
        _with(face.pilot_deviation_hz, now.pilot_deviation_hz),
        _with(face.rds_deviation_hz, now.rds_deviation_hz),
        _with(face.level_db, now.level_db),
        _with(face.sinr_db, now.sinr_db),
    )


def _with(old: Usual | None, value: float | None) -> Usual | None:
    if old is None or value is None:
        return old if value is None else Usual(value)
    share = 1.0 / min(old.n + 1, LONGEST_MEMORY)
    off = value - old.mean
    variance = (1.0 - share) * (old.spread**2 + share * off**2)
    return Usual(old.mean + share * off, math.sqrt(variance), min(old.n + 1, LONGEST_MEMORY))


def _beyond(usual: Usual | None, value: float | None, sigma: float, *, sigmas: float, least: float) -> float | None:
    """The difference, where it is more than chance and worth telling."""
    if usual is None or value is None:
        return None
    off = value - usual.mean
    return off if abs(off) >= max(least, sigmas * math.hypot(usual.spread, sigma)) else None
