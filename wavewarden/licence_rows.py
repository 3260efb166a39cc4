"""A row of somebody's licence table becomes an FM licence, with what is doubtful about it, or a reason why not."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec

from dsp.signatures.expected import way
from dsp.signatures.licences import FmLicence
from wavewarden.licence_values import (
    day_of,
    degrees,
    frequency_hz,
    hours_of,
    metres,
    number,
    pis_of,
    power_w,
    yes_or_no,
)
from wavewarden.table_file import RowRefused

FCC_SERVICES = {"FM", "FX", "FB", "FL", "FS"}
LICENSED = {"LIC", "LICENSED", "STA"}
T = TypeVar("T")
LEAST_ERP_W, MOST_ERP_W = 0.1, 1e6
NOWHERE_DEG = 1e-6  # 0, 0: a place that was never filled in


@dataclass(frozen=True, slots=True)
class Area:
    """Where the licences are of, degrees."""

    south: float
    west: float
    north: float
    east: float

    def holds(self, lat_deg: float, lon_deg: float) -> bool:
        return self.south <= lat_deg <= self.north and self.west <= lon_deg <= self.east


@dataclass(frozen=True, slots=True)
class Circle:
    """What is near enough to be of interest."""

    lat_deg: float
    lon_deg: float
    radius_m: float

    def holds(self, lat_deg: float, lon_deg: float) -> bool:
        return way(self.lat_deg, self.lon_deg, lat_deg, lon_deg)[0] <= self.radius_m


@dataclass(frozen=True, slots=True)
class Meaning:
    """Which field stands in which column, and what no column says."""

    columns: Mapping[str, int]
    fcc: bool = False
    area: Area | None = None
    near: Circle | None = None
    utc_offset_h: float | None = None
    power_unit: str | None = None  # of powers that say none; None: W, and doubted

    @property
    def width(self) -> int:
        return max(self.columns[field] for field in self.columns if field in {"freq", "name"}) + 1


@dataclass(slots=True)
class Read:
    """A licence with what is doubtful about it: last parts of catalogue keys, licences.doubted.<reason>."""

    licence: FmLicence
    unit: str
    doubts: list[str] = field(default_factory=list)


def licence_of(row: Sequence[str], meaning: Meaning) -> Read:
    """Raises RowRefused."""
    if len(row) < meaning.width:
        raise RowRefused("columns")
    values = {name: row[at].strip() if at < len(row) else "" for name, at in meaning.columns.items()}
    if meaning.fcc:
        _refuse_unlicensed(values)
    freq_hz, unit = frequency_hz(values["freq"])
    doubts: list[str] = []
    lat, lon = _place(values, meaning, doubts)
    first, others = (_or_doubt(pis_of, values.get(name, ""), doubts) or () for name in ("pi", "pis"))
    pis = tuple(dict.fromkeys(first + others))
    licence = FmLicence(
        freq_hz=freq_hz,
        name=_name(values),
        lat_deg=lat,
        lon_deg=lon,
        pi=pis[0] if pis else None,
        pis=pis[1:],
        erp_w=_erp_w(values, meaning, doubts),
        height_m=_height(values.get("height_m", ""), doubts),
        haat_m=_or_doubt(metres, values.get("haat_m", ""), doubts),
        hours=_or_doubt(hours_of, values.get("hours", ""), doubts),
        stereo=yes_or_no(values.get("stereo", "")),
        rds=yes_or_no(values.get("rds", "")),
        network=values.get("network") or None,
        standby=True if values.get("service") == "FS" else None,
    )
    return Read(_dated(licence, values, meaning, doubts), unit, doubts)


def _refuse_unlicensed(values: Mapping[str, str]) -> None:
    """Rows of the FCC's list that are applications, permits to build, or empty allotments."""
    if values["service"].upper() not in FCC_SERVICES:
        raise RowRefused("service")
    if values["status"].upper() not in LICENSED:
        raise RowRefused("status")


def _name(values: Mapping[str, str]) -> str:
    parts = [part for part in (values.get("name", ""), values.get("site", "")) if part.strip(" -")]
    if not parts:
        raise RowRefused("name")
    return ", ".join(dict.fromkeys(parts))


def _or_doubt(read: Callable[[str], T], text: str, doubts: list[str]) -> T | None:
    """What a licence is still one without: refusing it would make its holder a pirate."""
    try:
        return read(text)
    except RowRefused as refusal:
        doubts.append(refusal.reason)
        return None


def _erp_w(values: Mapping[str, str], meaning: Meaning, doubts: list[str]) -> float | None:
    """The strongest of what is said: horizontal and vertical are listed apart."""
    units = {"erp_w": "w", "erp_kw": "kw", "erp2_kw": "kw", "erp_dbw": "dbw", "erp": meaning.power_unit or "w"}
    powers = [power for name, unit in units.items() if (power := power_w(values.get(name, ""), unit)) is not None]
    if not powers:
        return None
    if meaning.power_unit is None and values.get("erp", "")[-1:].isdecimal():
        doubts.append("power_unit")
    if not LEAST_ERP_W <= max(powers) <= MOST_ERP_W:
        doubts.append("power")
    return max(powers)


def _height(text: str, doubts: list[str]) -> float | None:
    height = _or_doubt(metres, text, doubts)
    if height is not None and not 0.0 < height <= 1000.0:
        doubts.append("height")
        return None
    return height


def _place(values: Mapping[str, str], meaning: Meaning, doubts: list[str]) -> tuple[float | None, float | None]:
    """Latitude and longitude, exchanged where they can only be meant so."""
    lat, lon = _coordinate(values, "lat"), _coordinate(values, "lon")
    if lat is None and lon is None:
        return None, None
    if lat is None or lon is None:
        raise RowRefused("coordinates")
    if abs(lat) < NOWHERE_DEG and abs(lon) < NOWHERE_DEG:
        doubts.append("nowhere")
        return None, None
    area = meaning.area
    swapped = abs(lat) > 90.0 or (area is not None and not area.holds(lat, lon) and area.holds(lon, lat))
    if swapped:
        lat, lon = lon, lat
        doubts.append("swapped")
    if abs(lat) > 90.0 or abs(lon) > 180.0:
        raise RowRefused("coordinates")
    if area is not None and not area.holds(lat, lon):
        doubts.append("outside")
    if meaning.near is not None and not meaning.near.holds(lat, lon):
        raise RowRefused("far")
    return lat, lon


def _coordinate(values: Mapping[str, str], which: str) -> float | None:
    if f"{which}_d" not in values:
        return degrees(values.get(f"{which}_deg", ""))
    parts = [number(values.get(f"{which}_{part}", ""), "coordinates") for part in "dms"]
    if parts[0] is None:
        return None
    size = " ".join(str(part[0] if part is not None else 0.0) for part in parts)
    return degrees(f"{size} {values.get(f'{which}_dir', '')}")


def _dated(licence: FmLicence, values: Mapping[str, str], meaning: Meaning, doubts: list[str]) -> FmLicence:
    begin, end = day_of(values.get("valid_from", "")), day_of(values.get("valid_until", ""))
    if begin is not None and end is not None and end < begin:
        raise RowRefused("dates")
    temporary = yes_or_no(values.get("temporary", ""))
    if temporary and end is None:
        doubts.append("endless")
    dated = msgspec.structs.replace(licence, valid_from=begin, valid_until=end, temporary=temporary)
    timed = licence.hours is not None or begin is not None or end is not None
    return msgspec.structs.replace(dated, utc_offset_h=meaning.utc_offset_h) if timed else dated
