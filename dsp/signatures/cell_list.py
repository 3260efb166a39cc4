"""An operator's cells, a million of them: held in arrays, found by name in microseconds, written as plain lines.

The lines are comma-separated with HEADER first; an empty field is unknown. Rows are kept sorted by name, so that
looking one up is a search in order.
"""

import math
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

import msgspec
import numpy as np
import numpy.typing as npt

from dsp.errors import SignalError

HEADER = ("mcc", "mnc", "lac", "ci", "arfcn", "bsic", "lat_deg", "lon_deg", "eirp_dbm")
MOST_LAC, MOST_CI, MOST_ARFCN, MOST_BSIC = 0xFFFF, 0xFFFF, 1023, 63


class BadCellList(SignalError):
    def __init__(self, *, line: int, why: str) -> None:
        super().__init__(f"line {line}: {why}")
        self.line, self.why = line, why


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


class CellList:
    """Immutable; `rows` finds a cell by its name, `count` says how many of a network are listed.

    names : (n,) int64, sorted; channels : (n,) int32, ARFCN·128 + BSIC; places : (n, 3) float64, NaN where unknown
    """

    __slots__ = ("_channels", "_names", "_places")

    def __init__(self, names: "array[int]", channels: "array[int]", places: "array[float]") -> None:
        held = np.array(names, dtype=np.int64)
        order = np.argsort(held, kind="stable")
        self._names: npt.NDArray[np.int64] = held[order]
        self._channels: npt.NDArray[np.int32] = np.array(channels, dtype=np.int32)[order]
        self._places: npt.NDArray[np.float64] = np.array(places, dtype=np.float64).reshape(-1, 3)[order]

    def __len__(self) -> int:
        return len(self._names)

    def rows(self, mcc: str, mnc: str, lac: int, ci: int) -> tuple[KnownCell, ...]:
        """Every row of this name: a cell can be listed on several channels."""
        name = name_of_cell(mcc, mnc, lac, ci)
        if name is None:
            return ()
        first, end = bisect_left(self._names, name), bisect_right(self._names, name)
        return tuple(self._row(index, mcc, mnc, lac, ci) for index in range(first, end))

    def count(self, mcc: str, mnc: str) -> int:
        """Rows of the network; 0: no list of it was given."""
        first, last = name_of_cell(mcc, mnc, 0, 0), name_of_cell(mcc, mnc, MOST_LAC, MOST_CI)
        if first is None or last is None:
            return 0
        return bisect_right(self._names, last) - bisect_left(self._names, first)

    def _row(self, index: int, mcc: str, mnc: str, lac: int, ci: int) -> KnownCell:
        arfcn, bsic = divmod(int(self._channels[index]), 128)
        lat, lon, eirp = (None if math.isnan(value) else float(value) for value in self._places[index])
        return KnownCell(
            mcc=mcc,
            mnc=mnc,
            lac=lac,
            ci=ci,
            arfcn=None if arfcn == MOST_ARFCN + 1 else arfcn,
            bsic=None if bsic == MOST_BSIC + 1 else bsic,
            lat_deg=lat,
            lon_deg=lon,
            eirp_dbm=eirp,
        )


def name_of_cell(mcc: str, mnc: str, lac: int, ci: int) -> int | None:
    """The name as one number, in the order of networks; None where it is no GSM cell's. "01" is not "001"."""
    if not (len(mcc) == 3 and mcc.isdecimal() and len(mnc) in {2, 3} and mnc.isdecimal()):
        return None
    if not (0 <= lac <= MOST_LAC and 0 <= ci <= MOST_CI):
        return None
    network = int(mcc) * 2000 + int(mnc) + 1000 * (len(mnc) == 3)
    return (network << 32) | (lac << 16) | ci


def cell_list(cells: Iterable[KnownCell]) -> CellList:
    """Raises BadCellList for a row that names no GSM cell; its line is its place from 1."""
    return parse_cell_list([",".join(HEADER), *map(line_of, cells)])


def line_of(cell: KnownCell) -> str:
    return ",".join("" if (value := getattr(cell, name)) is None else str(value) for name in HEADER)


def parse_cell_list(lines: Iterable[str]) -> CellList:
    """Raises BadCellList."""
    names, channels, places = array("q"), array("i"), array("d")
    numbered = enumerate(lines, 1)
    _check_header(next(numbered, (1, ""))[1])
    for number, line in numbered:
        fields = line.rstrip("\r\n").split(",")
        if len(fields) != len(HEADER):
            if line.strip():
                raise BadCellList(line=number, why=f"has {len(fields)} fields, not {len(HEADER)}")
            continue
        try:
            name = name_of_cell(fields[0], fields[1], int(fields[2]), int(fields[3]))
            arfcn = int(fields[4]) if fields[4] else MOST_ARFCN + 1
            bsic = int(fields[5]) if fields[5] else MOST_BSIC + 1
            placed = tuple(_numbers(fields[6:]))
        except ValueError as error:
            raise BadCellList(line=number, why=f"a field is no number ({error})") from None
        if name is None or not (0 <= arfcn <= MOST_ARFCN + 1 and 0 <= bsic <= MOST_BSIC + 1):
            raise BadCellList(line=number, why="a field is out of its range")
        names.append(name)
        channels.append(128 * arfcn + bsic)
        places.extend(placed)
    return CellList(names, channels, places)


def _numbers(fields: Iterable[str]) -> Iterator[float]:
    for field in fields:
        yield float(field) if field else math.nan


def _check_header(line: str) -> None:
    if tuple(line.lstrip("\ufeff").strip().split(",")) != HEADER:
        raise BadCellList(line=1, why=f"is not {','.join(HEADER)}; `wavewarden cells import` writes such a file")
