"""Which column of a licence table holds what: by preset, or by the names that columns usually have.

fcc    : the FM Query's text output (list=4), separated by bars, without a line of names. The first field is empty; then
         call sign, frequency, service (FM, FX translator, FB booster, FL low power, FS auxiliary, FA allotment …),
         channel, directional or not, three more, status (LIC licensed, CP, APP …) as the 9th, city, state, country,
         file number, ERP horizontal and vertical, HAAT horizontal and vertical, facility, N/S and latitude in three
         fields, E/W and longitude in three, licensee as the 27th, distance and bearing from the asker, height over sea
         twice, pattern, rotation, tower, antenna over ground as the 36th.
fmlist : the list names its columns; which it has is up to who exports. A power whose unit is not said is in kW.
"""

import re
from collections.abc import Mapping, Sequence

FIELDS = (
    *("freq", "name", "site", "pi", "pis", "lat_deg", "lon_deg", "lat_dir", "lat_d", "lat_m", "lat_s"),
    *("lon_dir", "lon_d", "lon_m", "lon_s", "erp", "erp_w", "erp_kw", "erp_dbw", "height_m", "haat_m"),
    *("hours", "valid_from", "valid_until", "stereo", "rds", "network", "temporary"),
)
PRESETS = ("fcc", "fmlist")
FCC = {
    **{"name": 1, "freq": 2, "service": 3, "status": 9, "site": 10, "erp_kw": 14, "erp2_kw": 15, "haat_m": 16},
    **{"network": 18, "lat_dir": 19, "lat_d": 20, "lat_m": 21, "lat_s": 22, "lon_dir": 23, "lon_d": 24, "lon_m": 25},
    **{"lon_s": 26},
}
FCC_HEIGHT, FCC_LEAST_FIELDS = 36, 28
NAMES: Mapping[str, tuple[str, ...]] = {
    "freq": ("freq", "frequency", "mhz", "khz", "qrg", "freq_hz", "频率", "频点", "工作频率", "frequenz"),
    "name": (
        *("name", "programme", "program", "prog", "station", "callsign", "call", "sender", "programm"),
        *("台名", "名称", "电台名称", "台站名称", "节目", "节目名称", "频率名称"),
    ),
    "site": ("site", "location", "transmitter", "tx", "standort", "city", "发射台", "台址", "地点", "发射地点"),
    "pi": ("pi", "pi code", "picode", "pi-code", "rds pi", "rds-pi", "pi码"),
    "pis": ("pis", "regional pi", "pi regional", "pi-regional", "pireg", "pi variants", "地区pi"),
    "lat_deg": ("lat", "latitude", "lat_deg", "breite", "纬度", "北纬"),
    "lon_deg": ("lon", "long", "lng", "longitude", "lon_deg", "länge", "经度", "东经"),
    "erp": ("erp", "power", "leistung", "功率", "有效辐射功率", "发射功率"),
    "erp_w": ("erp_w", "w"),
    "erp_kw": ("kw", "erp_kw"),
    "erp_dbw": ("dbw", "erp_dbw"),
    "height_m": ("height", "antenna height", "height_m", "antenna", "hag", "天线高度", "天线挂高", "天线高"),
    "haat_m": ("haat", "haat_m", "effective height", "有效高度", "天线有效高度"),
    "hours": ("hours", "hours of operation", "schedule", "播出时间", "播音时间", "时段", "播出时段"),
    "valid_from": ("valid_from", "valid from", "from", "granted", "有效期起", "生效日期", "起始日期"),
    "valid_until": (
        *("valid_until", "valid until", "valid to", "until", "expires", "expiry"),
        *("有效期止", "有效期至", "有效期", "截止日期", "到期日期"),
    ),
    "stereo": ("stereo", "立体声"),
    "rds": ("rds",),
    "network": ("network", "sfn", "relay of", "relay", "同步网", "同步组", "转播"),
    "temporary": ("temporary", "临时"),
}
UNIT_FIELDS = {"w": "erp_w", "kw": "erp_kw", "dbw": "erp_dbw"}


def fcc_columns(row: Sequence[str]) -> dict[str, int]:
    """Older outputs give the antenna over ground, newer ones leave it empty."""
    return FCC | ({"height_m": FCC_HEIGHT} if len(row) > FCC_HEIGHT else {})


def columns_by_name(row: Sequence[str]) -> dict[str, int]:
    """Field → index, as far as the names are known; a unit in brackets, 功率(kW), says which power it is."""
    found: dict[str, int] = {}
    for at, title in enumerate(row):
        plain = title.strip().lower()
        unit = re.search(r"[(（\[]\s*([a-z]+)\s*[)）\]]", plain)
        bare = re.sub(r"\s*[(（\[].*", "", plain).strip()
        field = next((each for each, names in NAMES.items() if plain in names or bare in names), None)
        if field is not None and field.startswith("erp") and unit is not None:
            field = UNIT_FIELDS.get(unit[1], field)
        if field is not None and field not in found:
            found[field] = at
    return found
