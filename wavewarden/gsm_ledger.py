"""The cells of a scan: each is told once, when it is complete, or else at the end."""

from collections.abc import Iterable

from dsp.gsm.values import GsmCell

Key = tuple[int, int, int | None, int | None]


class Ledger:
    """Remembers every cell heard, by carrier, BSIC, LAC and CI: one that changes its identity is another."""

    def __init__(self) -> None:
        self._cells: dict[Key, GsmCell] = {}
        self._told: set[Key] = set()

    def __len__(self) -> int:
        return len(self._cells)

    def take(self, cells: Iterable[GsmCell]) -> list[GsmCell]:
        """What one look heard; gives those that have become complete."""
        keyed = [(_key(cell), cell) for cell in cells]
        for key, cell in keyed:
            if cell.ci is not None and [other[:2] for other, _ in keyed].count(key[:2]) == 1:
                self._cells.pop((*key[:2], None, None), None)  # it was this one, before it said who it is
            self._cells[key] = cell
        complete = [(key, cell) for key, cell in keyed if is_complete(cell) and key not in self._told]
        self._told.update(key for key, _ in complete)
        return [cell for _, cell in complete]

    def rest(self) -> list[GsmCell]:
        """Those not told yet, by frequency."""
        left = [cell for key, cell in self._cells.items() if key not in self._told]
        self._told.update(self._cells)
        return sorted(left, key=lambda cell: cell.freq_hz)


def is_complete(cell: GsmCell) -> bool:
    """Whether it said who it is, how it is to be chosen, and its neighbours."""
    return cell.ci is not None and cell.rxlev_access_min is not None and cell.neighbour_arfcns is not None


def _key(cell: GsmCell) -> Key:
    return round(cell.freq_hz / 50e3), cell.bsic, None if cell.ci is None else cell.lac, cell.ci
