"""A row of somebody's table of cells becomes a known cell, or a reason why not. What column holds what is given."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dsp.signatures.cell_list import MOST_ARFCN, MOST_BSIC, KnownCell
from wavewarden.table_file import RowRefused

FIELDS = (
    *("radio", "mcc", "mnc", "plmn", "lac", "lac_hex", "ci", "ci_hex", "cgi", "arfcn", "bsic"),
    *("lat_deg", "lon_deg", "eirp_dbm"),
)
OPENCELLID = (
    *("radio", "mcc", "net", "area", "cell", "unit", "lon", "lat", "range", "samples", "changeable", "created"),
    *("updated", "averageSignal"),
)
OPENCELLID_MEANING = {
    **{"radio": "radio", "mcc": "mcc", "net": "mnc", "area": "lac", "cell": "ci"},
    **{"lon": "lon_deg", "lat": "lat_deg"},
}
RESERVED_LAC = (0x0000, 0xFFFE, 0xFFFF)  # 3GPP TS 23.003 §4.1
MOST_CI = 0xFFFF
NOWHERE_DEG = 1e-6  # 0, 0: a place that was never filled in


@dataclass(frozen=True, slots=True)
class Meaning:
    """Which field stands in which column, and what is known without a column.

    networks   : (mcc, mnc) that are wanted; one alone is also that of rows which name none
    mnc_digits : of networks written as a number, where 0 means "00" (or "000" with 3)
    """

    columns: Mapping[str, int]
    networks: Sequence[tuple[str, str]] = ()
    mnc_digits: int = 2

    @property
    def width(self) -> int:
        return max(self.columns.values()) + 1


def known_cell(row: Sequence[str], meaning: Meaning) -> KnownCell:
    """Raises RowRefused."""
    if len(row) < meaning.width:
        raise RowRefused("columns")
    values = {field: row[column].strip() for field, column in meaning.columns.items()}
    if values.get("radio", "GSM").upper() not in {"GSM", "2G", ""}:
        raise RowRefused("not_gsm")
    mcc, mnc = _network(values, meaning)
    lac, ci = _area_and_cell(values)
    arfcn = _within(values.get("arfcn"), "arfcn", 0, MOST_ARFCN)
    bsic = _within(values.get("bsic"), "bsic", 0, MOST_BSIC)
    lat, lon = _place(values)
    eirp = _number(values.get("eirp_dbm"))
    return KnownCell(mcc=mcc, mnc=mnc, lac=lac, ci=ci, arfcn=arfcn, bsic=bsic, lat_deg=lat, lon_deg=lon, eirp_dbm=eirp)


def network_of(text: str, mnc_digits: int = 2) -> tuple[str, str]:
    """ "460-00", "46000" or "460 00". Raises RowRefused."""
    parts = re.fullmatch(r"(\d{3})[-\s/_]?(\d{1,3})", text.strip())
    if parts is None:
        raise RowRefused("network")
    return parts[1], parts[2].zfill(mnc_digits)


def _network(values: Mapping[str, str], meaning: Meaning) -> tuple[str, str]:
    if values.get("cgi"):
        named = network_of("-".join(_cgi(values["cgi"])[:2]), meaning.mnc_digits)
    elif values.get("plmn"):
        named = network_of(values["plmn"], meaning.mnc_digits)
    elif values.get("mcc") and values.get("mnc"):
        named = network_of(f"{values['mcc']}-{values['mnc']}", meaning.mnc_digits)
    elif len(meaning.networks) == 1:
        named = meaning.networks[0]
    else:
        raise RowRefused("network")
    if meaning.networks and named not in meaning.networks:
        raise RowRefused("other_network")
    return named


def _cgi(text: str) -> list[str]:
    parts = re.split(r"[-:/_\s]+", text)
    if len(parts) != 4:
        raise RowRefused("network")
    return parts


def _area_and_cell(values: Mapping[str, str]) -> tuple[int, int]:
    if values.get("cgi"):
        lac, ci = (_whole(part) for part in _cgi(values["cgi"])[2:])
    else:
        lac = _whole(values["lac_hex"], 16) if values.get("lac_hex") else _whole(values.get("lac"))
        ci = _whole(values["ci_hex"], 16) if values.get("ci_hex") else _whole(values.get("ci"))
    if lac is None or ci is None:
        raise RowRefused("empty")
    if lac in RESERVED_LAC or not 0 <= lac <= 0xFFFF:
        raise RowRefused("lac")
    if not 0 < ci <= MOST_CI:
        raise RowRefused("ci")
    return lac, ci


def _place(values: Mapping[str, str]) -> tuple[float | None, float | None]:
    lat, lon = _number(values.get("lat_deg")), _number(values.get("lon_deg"))
    if lat is None and lon is None:
        return None, None
    if lat is None or lon is None or not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise RowRefused("coordinates")
    if abs(lat) < NOWHERE_DEG and abs(lon) < NOWHERE_DEG:
        raise RowRefused("nowhere")
    return lat, lon


def _within(text: str | None, reason: str, least: int, most: int) -> int | None:
    value = _whole(text)
    if value is not None and not least <= value <= most:
        raise RowRefused(reason)
    return value


def _whole(text: str | None, base: int = 10) -> int | None:
    if not text:
        return None
    try:
        return int(text, 16 if text[:2].lower() == "0x" else base)
    except ValueError:
        raise RowRefused("number") from None


def _number(text: str | None) -> float | None:
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        raise RowRefused("number") from None
    if value != value or value in {float("inf"), float("-inf")}:  # noqa: PLR0124
        raise RowRefused("number")
    return value
