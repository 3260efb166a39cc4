"""What stands in one field of somebody's licence table, as a value in our units; or the reason it is none.

Frequencies say their unit by their size: 60–120 is MHz, 60 000–120 000 kHz, 60–120 million Hz (OIRT from 65.8, Japan
from 76, elsewhere from 87.5 MHz). A unit written behind a number rules.
"""

import datetime
import math
import re

from dsp.signatures.hours import BadHours, parse_hours, written
from wavewarden.table_file import RowRefused

FREQ_UNITS = {"mhz": 1e6, "khz": 1e3, "hz": 1.0}
LEAST_HZ, MOST_HZ = 60e6, 120e6
MOST_DBW = 200.0  # no transmitter, but still a number
EMPTY = {"", "-", "--", "–", "?", "n/a", "null", "none"}
YES = {"1", "y", "yes", "true", "是", "有", "s", "stereo", "立体声", "x"}
NO = {"0", "n", "no", "false", "否", "无", "m", "mono", "单声道"}
DATE_ORDERS = (
    r"(?P<y>\d{4})[-/.年](?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})日?",
    r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})",
)


def number(text: str, reason: str = "number") -> tuple[float, str] | None:
    """(value, what is written behind it, in small letters); None where the field is empty. Raises RowRefused."""
    plain = text.strip().lower()
    if plain in EMPTY:
        return None
    parts = re.fullmatch(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*([a-zµ]*)", _point(plain))
    if parts is None:
        raise RowRefused(reason)
    value = float(parts[1])
    if not math.isfinite(value):
        raise RowRefused(reason)
    return value, parts[2]


def _point(text: str) -> str:
    """A comma is a decimal point where there is no other; with a point it parts thousands."""
    return text.replace(",", "") if "." in text else text.replace(",", ".")


def frequency_hz(text: str) -> tuple[float, str]:
    """(Hz, unit it was taken for). Raises RowRefused."""
    read = number(text, "frequency")
    if read is None:
        raise RowRefused("frequency")
    value, said = read
    units = [said] if said else list(FREQ_UNITS)
    for unit in units:
        freq_hz = value * FREQ_UNITS.get(unit, math.nan)
        if LEAST_HZ <= freq_hz <= MOST_HZ:
            return float(round(freq_hz)), unit
    raise RowRefused("frequency")


def power_w(text: str, unit: str) -> float | None:
    """`unit` is the column's, "w", "kw" or "dbw"; one behind the number rules. Raises RowRefused."""
    read = number(text, "power")
    if read is None:
        return None
    value, said = read
    scale = {"w": 1.0, "kw": 1e3, "mw": 1e6 if "MW" in text else 1e-3}
    if (said or unit) in {"dbw", "dbm", "dbk"}:
        dbw = value + {"dbw": 0.0, "dbm": -30.0, "dbk": 30.0}[said or unit]
        if abs(dbw) > MOST_DBW:
            raise RowRefused("power")
        return float(10.0 ** (dbw / 10.0))
    if (said or unit) not in scale or value < 0.0:
        raise RowRefused("power")
    return value * scale[said or unit] or None  # 0: was not filled in


def degrees(text: str) -> float | None:
    """39.67, 39°40'24.3"N, N39-40-24, 39 40 24.3 N, 104E53. Raises RowRefused."""
    plain = text.strip().upper().replace("北纬", "N").replace("南纬", "S").replace("东经", "E").replace("西经", "W")
    if plain.lower() in EMPTY:
        return None
    side = re.search(r"[NSEWO]", plain)
    parts = re.findall(r"\d+(?:[.,]\d+)?", re.sub(r"(?<=\d),(?=\d)", ".", plain))
    if not parts or len(parts) > 3 or re.sub(r"[NSEWO\d.,\s°º˚'′’\"″”:\-+度分秒D]", "", plain):
        raise RowRefused("coordinates")
    values = [float(part) for part in parts] + [0.0, 0.0]
    if values[1] >= 60.0 or values[2] >= 60.0:
        raise RowRefused("coordinates")
    size = values[0] + values[1] / 60.0 + values[2] / 3600.0
    return round(-size if plain.startswith("-") or (side is not None and side[0] in "SW") else size, 6)


def pis_of(text: str) -> tuple[int, ...]:
    """Hexadecimal, one or several: "8341", "0x8341/8541". Raises RowRefused."""
    if text.strip().lower() in EMPTY:
        return ()
    found = [part.removeprefix("0x") for part in re.split(r"[\s,;/+|、]+", text.strip().lower()) if part]
    if any(not re.fullmatch(r"[0-9a-f]{4}", part) for part in found):
        raise RowRefused("pi")
    return tuple(dict.fromkeys(int(part, 16) for part in found))


def hours_of(text: str) -> str | None:
    """Raises RowRefused."""
    if text.strip().lower() in EMPTY:
        return None
    try:
        return written(parse_hours(text))
    except BadHours:
        raise RowRefused("hours") from None


def day_of(text: str) -> datetime.date | None:
    """2026-01-31, 2026/1/31, 2026年1月31日, 31.1.2026; a time behind it is left out. Raises RowRefused."""
    plain = text.strip()
    if plain.lower() in EMPTY:
        return None
    for order in DATE_ORDERS:
        if parts := re.match(order + r"(?:$|[ T])", plain):
            try:
                return datetime.date(int(parts["y"]), int(parts["m"]), int(parts["d"]))
            except ValueError:
                break
    raise RowRefused("date")


def yes_or_no(text: str) -> bool | None:
    """None where nothing, or nothing clear, is said."""
    plain = text.strip().lower()
    return True if plain in YES else False if plain in NO else None


def metres(text: str) -> float | None:
    """Raises RowRefused."""
    if text.strip().lower() in {"m", "ft"}:
        return None  # the FCC's list writes the unit of what it does not say
    read = number(text, "height")
    if read is None:
        return None
    value, unit = read
    if unit not in {"", "m", "ft"} or not -500.0 <= value <= 10_000.0:
        raise RowRefused("height")
    return value * (0.3048 if unit == "ft" else 1.0)
