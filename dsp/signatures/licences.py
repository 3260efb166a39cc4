"""Who may be on the air: licensed FM stations and known GSM cells, as values. Reading the files is a shell's work."""

import msgspec

from dsp.signatures.cell_list import CellList, KnownCell

__all__ = ["CellList", "FmLicence", "KnownCell", "Licences"]


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


class Licences(msgspec.Struct, frozen=True, kw_only=True):
    """Everything known to be allowed. An empty tuple means "no list was given", never "nothing is allowed".

    listed : a long list of cells, from a file of its own; `cells` are those written beside the licences
    """

    fm: tuple[FmLicence, ...] = ()
    cells: tuple[KnownCell, ...] = ()
    listed: CellList | None = None

    @property
    def names_cells(self) -> bool:
        return bool(self.cells) or bool(self.listed)

    def cell_rows(self, mcc: str | None, mnc: str | None, lac: int | None, ci: int | None) -> tuple[KnownCell, ...]:
        """What is listed under this name."""
        if mcc is None or mnc is None or lac is None or ci is None:
            return ()
        here = tuple(row for row in self.cells if (row.mcc, row.mnc, row.lac, row.ci) == (mcc, mnc, lac, ci))
        return here + (self.listed.rows(mcc, mnc, lac, ci) if self.listed is not None else ())

    def cells_of(self, mcc: str | None, mnc: str | None) -> int:
        """How many cells of the network are listed; 0: no list of it was given."""
        if mcc is None or mnc is None:
            return 0
        here = sum((row.mcc, row.mnc) == (mcc, mnc) for row in self.cells)
        return here + (self.listed.count(mcc, mnc) if self.listed is not None else 0)
