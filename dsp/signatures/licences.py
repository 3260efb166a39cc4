"""Who may be on the air: licensed FM stations and known GSM cells, as values. Reading the files is a shell's work."""

import msgspec


class FmLicence(msgspec.Struct, frozen=True, kw_only=True):
    freq_hz: float
    name: str
    lat_deg: float | None = None
    lon_deg: float | None = None
    pi: int | None = None
    erp_w: float | None = None
    height_m: float | None = None  # of the antenna over ground
    stereo: bool | None = None
    rds: bool | None = None


class KnownCell(msgspec.Struct, frozen=True, kw_only=True):
    """One row of an operator's list."""

    mcc: str
    mnc: str
    lac: int
    ci: int
    arfcn: int | None = None
    bsic: int | None = None
    lat_deg: float | None = None
    lon_deg: float | None = None
    eirp_dbm: float | None = None


class Licences(msgspec.Struct, frozen=True, kw_only=True):
    """Everything known to be allowed. An empty tuple means "no list was given", never "nothing is allowed"."""

    fm: tuple[FmLicence, ...] = ()
    cells: tuple[KnownCell, ...] = ()
