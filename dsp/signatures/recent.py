"""The cells heard of late, sorted once a look by network and by name: every signature asks for them."""

from collections.abc import Iterable
from dataclasses import dataclass

from dsp.signatures.cell_record import CellRecord

Keyed = tuple[str, CellRecord]


@dataclass(frozen=True, slots=True, eq=False)
class Recent:
    """Latest first, everywhere.

    by_network : (mcc, mnc) → its cells
    by_name    : (mcc, mnc, ci) → the cells that say it; more than one is remarkable
    """

    cells: tuple[Keyed, ...]
    by_network: dict[tuple[str | None, str | None], list[Keyed]]
    by_name: dict[tuple[str | None, str | None, int | None], list[Keyed]]


def sorted_out(cells: Iterable[Keyed]) -> Recent:
    kept = tuple(cells)
    by_network: dict[tuple[str | None, str | None], list[Keyed]] = {}
    by_name: dict[tuple[str | None, str | None, int | None], list[Keyed]] = {}
    for keyed in kept:
        record = keyed[1]
        by_network.setdefault((record.mcc, record.mnc), []).append(keyed)
        by_name.setdefault((record.mcc, record.mnc, record.ci), []).append(keyed)
    return Recent(kept, by_network, by_name)
