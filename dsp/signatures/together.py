"""Did the network change its cells, or one cell itself? Operators re-plan many at once; a sweep meets them in turn."""

from collections.abc import Callable, Iterable

from dsp.signatures.cell_record import CellRecord

WINDOW_NS = 3600 * 10**9
CELLS = 5  # that change within the hour, this one among them
LEAST_HEARD = 2


def network_did_it(
    others: Iterable[CellRecord], changed_ns: int, when: Callable[[CellRecord], tuple[int, ...]]
) -> bool:
    """Five cells of the network changed within the hour of it; or, while the first sweep after it is under way, all
    that were heard since then did. `when` says when a record changed.
    """
    heard = [record for record in others if record.last_ns >= changed_ns]
    alike = sum(any(abs(time_ns - changed_ns) <= WINDOW_NS for time_ns in when(record)) for record in heard)
    return alike >= CELLS - 1 or (len(heard) >= LEAST_HEARD and alike == len(heard))
