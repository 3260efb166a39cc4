"""Which licensed stations should be heard at a place, and how strongly, with what uncertainty."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from statistics import NormalDist

import msgspec

from dsp.propagation import Link, area_loss, field_dbuv_m
from dsp.signatures.licences import FmLicence, Standing, standing

HALF_WAVE_DB = 2.15  # ERP is over a half-wave dipole
EARTH_M = 6_371_008.8
FARTHEST_M = 400e3
ASSUMED_HEIGHT_M, ASSUMED_SIGMA_DB = 50.0, 6.0  # where the list says no height; half and double are 6 dB away
SURE = 0.9
COVERED_DB = 10.0  # two programmes on one channel: this much stronger leaves nothing of the other
SAME_CHANNEL_HZ = 50e3
LEAST_DBM = -91.0  # ITU-R P.372 residential noise at 98 MHz, −103 dBm in 200 kHz, and 12 dB over it


class Here(msgspec.Struct, frozen=True, kw_only=True):
    """A receiving place. gain_dbi : of the antenna with its cable; terrain_m : see dsp.propagation.Link."""

    lat_deg: float
    lon_deg: float
    height_m: float = 10.0
    gain_dbi: float = 0.0
    terrain_m: float = 90.0
    least_dbm: float = LEAST_DBM


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """A station as it should be heard. None: the list does not say where it is, or how strong.

    chance     : that its level is at least Here.least_dbm
    covered_by : the name of a much stronger one on the channel that is of another network
    """

    licence: FmLicence
    distance_m: float | None = None
    bearing_deg: float | None = None
    field_dbuv_m: float | None = None
    level_dbm: float | None = None
    sigma_db: float | None = None
    chance: float | None = None
    covered_by: str | None = None

    @property
    def heard(self) -> str:
        """What to say of it: "yes", "maybe", "no", "covered" or "unknown"."""
        if self.chance is None:
            return "unknown"
        if self.chance <= 1.0 - SURE:
            return "no"
        if self.covered_by is not None:
            return "covered"
        return "yes" if self.chance >= SURE else "maybe"


class Expectation(msgspec.Struct, frozen=True, kw_only=True):
    """The stations, lowest frequency first, and how many were left out for which reason."""

    stations: tuple[Expected, ...]
    lapsed: int
    standby: int
    far: int


def expected_stations(licences: Iterable[FmLicence], here: Here, *, now_ns: int) -> Expectation:
    held: list[Expected] = []
    lapsed = standby = far = 0
    for licence in licences:
        if standing(licence, now_ns) is not Standing.IN_FORCE:
            lapsed += 1
        elif licence.standby:
            standby += 1
        elif (found := expected(licence, here)).distance_m is not None and found.distance_m > FARTHEST_M:
            far += 1
        else:
            held.append(found)
    ordered = sorted(held, key=lambda each: (each.licence.freq_hz, -(each.level_dbm or -999.0), each.licence.name))
    return Expectation(stations=_with_covered(ordered), lapsed=lapsed, standby=standby, far=far)


def expected(licence: FmLicence, here: Here) -> Expected:
    if licence.lat_deg is None or licence.lon_deg is None:
        return Expected(licence=licence)
    distance_m, bearing_deg = way(here.lat_deg, here.lon_deg, licence.lat_deg, licence.lon_deg)
    if licence.erp_w is None or distance_m > FARTHEST_M:
        return Expected(licence=licence, distance_m=distance_m, bearing_deg=bearing_deg)
    height_m, height_sigma_db = _height(licence)
    loss = area_loss(Link(licence.freq_hz, distance_m, height_m, here.height_m, here.terrain_m))
    isotropic_dbm = 10.0 * math.log10(licence.erp_w) + 30.0 + HALF_WAVE_DB - loss.median_db
    level_dbm, sigma_db = isotropic_dbm + here.gain_dbi, math.hypot(loss.sigma_db, height_sigma_db)
    return Expected(
        licence=licence,
        distance_m=distance_m,
        bearing_deg=bearing_deg,
        field_dbuv_m=field_dbuv_m(isotropic_dbm, licence.freq_hz),
        level_dbm=level_dbm,
        sigma_db=sigma_db,
        chance=1.0 - NormalDist(level_dbm, sigma_db).cdf(here.least_dbm),
    )


def _height(licence: FmLicence) -> tuple[float, float]:
    """(metres, what not knowing them adds in dB). On a hill it is the height over the land about that counts."""
    known = [height for height in (licence.height_m, licence.haat_m) if height is not None]
    return (max(1.0, *known), 0.0) if known else (ASSUMED_HEIGHT_M, ASSUMED_SIGMA_DB)


def _with_covered(stations: list[Expected]) -> tuple[Expected, ...]:
    """`stations` by frequency."""
    freqs_hz = [each.licence.freq_hz for each in stations]
    covered: list[Expected] = []
    for each in stations:
        first = bisect_right(freqs_hz, each.licence.freq_hz - SAME_CHANNEL_HZ)
        end = bisect_left(freqs_hz, each.licence.freq_hz + SAME_CHANNEL_HZ)
        covered.append(msgspec.structs.replace(each, covered_by=_cover(each, stations[first:end])))
    return tuple(covered)


def _cover(station: Expected, channel: list[Expected]) -> str | None:
    own = station.level_dbm
    if own is None:
        return None
    stronger = [
        (other.level_dbm, other.licence.name)
        for other in channel
        if other.level_dbm is not None
        and other.level_dbm >= own + COVERED_DB
        and (station.licence.network is None or other.licence.network != station.licence.network)
    ]
    return max(stronger)[1] if stronger else None


def way(lat_deg: float, lon_deg: float, to_lat_deg: float, to_lon_deg: float) -> tuple[float, float]:
    """(metres, bearing from north by east) of a great circle on a sphere: within 0.5 % of the ellipsoid."""
    a, b, turn = math.radians(lat_deg), math.radians(to_lat_deg), math.radians(to_lon_deg - lon_deg)
    half = math.sin((b - a) / 2.0) ** 2 + math.cos(a) * math.cos(b) * math.sin(turn / 2.0) ** 2
    east = math.sin(turn) * math.cos(b)
    north = math.cos(a) * math.sin(b) - math.sin(a) * math.cos(b) * math.cos(turn)
    return 2.0 * EARTH_M * math.asin(math.sqrt(min(half, 1.0))), math.degrees(math.atan2(east, north)) % 360.0
