"""Cells as lines of a table that grows: 77 columns, so that each fits every terminal."""

from collections.abc import Sequence

from rich.cells import cell_len

from dsp.gsm.arfcn import SPACING_HZ
from dsp.gsm.values import GsmCell
from wavewarden.language import text

UNKNOWN = "–"
INFINITE = "∞"
COLUMNS = (  # title and width
    ("ARFCN", 5),
    ("MHz", 6),
    ("PLMN", 7),
    ("LAC", 5),
    ("CI", 5),
    ("BSIC", 4),
    ("dBFS", 4),
    ("C/N", 3),
    ("Hz", 9),
    ("gsm.column.neighbours", 3),
    ("CRO", 3),
    ("TO", 2),
    ("PT", 2),
    ("CRH", 3),
    ("RX", 2),
)


def head() -> str:
    titles = [text(title) if title.startswith("gsm.") else title for title, _ in COLUMNS]
    return _row(titles)


def row(cell: GsmCell) -> str:
    sigma_hz = cell.carrier_offset_sigma_hz
    neighbours = cell.neighbour_arfcns
    return _row(
        [
            _whole(cell.arfcn),
            _mhz(cell),
            UNKNOWN if cell.mcc is None else f"{cell.mcc}-{cell.mnc}",
            _whole(cell.lac),
            _whole(cell.ci),
            str(cell.bsic),
            f"{cell.level_dbfs:.0f}",
            f"{cell.cnr_db:.0f}",
            UNKNOWN if cell.arfcn is None else f"{cell.carrier_offset_hz:+.0f}±{max(sigma_hz, 1):.0f}",
            UNKNOWN if neighbours is None else str(len(neighbours)),
            _whole(cell.cell_reselect_offset_db),
            INFINITE if cell.temporary_offset_infinite else _whole(cell.temporary_offset_db),
            _whole(cell.penalty_time),
            _whole(cell.cell_reselect_hysteresis_db),
            _whole(cell.rxlev_access_min),
        ]
    )


def _mhz(cell: GsmCell) -> str:
    """A channel's number of tenths; where there is no channel, as measured."""
    digits = 1 if cell.arfcn is not None and cell.freq_hz % (SPACING_HZ / 2) == 0 else 4
    return f"{cell.freq_hz / 1e6:.{digits}f}"


def _row(values: Sequence[str]) -> str:
    return " ".join(" " * (width - cell_len(value)) + value for value, (_, width) in zip(values, COLUMNS, strict=True))


def _whole(number: int | None) -> str:
    return UNKNOWN if number is None else str(number)
