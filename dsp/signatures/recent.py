"""The cells heard of late, sorted once a look by network and by name: every signature asks for them."""

from collections.abc import Iterable
from dataclasses import dataclass

from dsp.signatures.cell_record import CellRecord

Keyed = tuple[str, CellRecord]
Network = tuple[str | None, str | None]  # (mcc, mnc)
PagingRate = tuple[str, int | None, float]  # (key, LAC, pagings a block)
LEAST_PAGING_BLOCKS = 50


@dataclass(frozen=True, slots=True, eq=False)
class Recent:
    """Latest first, everywhere.

    by_network : its cells
    by_name    : (mcc, mnc, ci) → the cells that say it; more than one is remarkable
    paging     : by network, of cells that were listened to for long enough and are not doubted
    """

    cells: tuple[Keyed, ...]
    by_network: dict[Network, list[Keyed]]
    by_name: dict[tuple[str | None, str | None, int | None], list[Keyed]]
    paging: dict[Network, list[PagingRate]]


def sorted_out(cells: Iterable[Keyed]) -> Recent:
    recent = Recent(tuple(cells), {}, {}, {})
    for key, record in recent.cells:
        network = (record.mcc, record.mnc)
        recent.by_network.setdefault(network, []).append((key, record))
        recent.by_name.setdefault((*network, record.ci), []).append((key, record))
        rate = _paging_rate(record)
        if rate is not None and record.mcc is not None:
            recent.paging.setdefault(network, []).append((key, record.lac, rate))
    return recent


def _paging_rate(record: CellRecord) -> float | None:
    paging = record.paging
    if paging is None or record.doubted or paging.all_blocks < LEAST_PAGING_BLOCKS:
        return None
    return paging.all_paged / paging.all_blocks
