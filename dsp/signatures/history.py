"""What one sensor heard before: frozen, bounded, grown by `with_look`. It is learnt from, never guessed.

A cell is kept under (carrier, BSIC), a station under its channel. Times are nanoseconds that never run backwards.
"""

from collections.abc import Iterable
from typing import TypeVar

import msgspec

from dsp.fm.values import FmStation
from dsp.gsm.values import GsmCell
from dsp.signatures.cell_record import CellRecord, record_cell
from dsp.signatures.finding import Finding
from dsp.signatures.station_record import StationRecord, record_station

MOST_RECORDS = 256
DOUBTED_DB = 30.0  # what reaches *watch* by itself is no baseline for others

R = TypeVar("R", CellRecord, StationRecord)


class SiteHistory(msgspec.Struct, frozen=True, kw_only=True):
    cells: dict[str, CellRecord] = {}
    stations: dict[str, StationRecord] = {}

    def cell(self, cell: GsmCell) -> CellRecord | None:
        return self.cells.get(cell_key(cell))

    def station(self, freq_hz: float) -> StationRecord | None:
        return self.stations.get(station_key(freq_hz))

    def with_look(
        self, heard: Iterable[GsmCell | FmStation], *, now_ns: int, findings: Iterable[Finding] = ()
    ) -> "SiteHistory":
        """What is known after this look. `findings` are those about `heard`: what is doubted is no reference."""
        cells, stations = dict(self.cells), dict(self.stations)
        weights = weights_by_index(findings)
        for index, value in enumerate(heard):
            doubted = weights.get(index, 0.0) >= DOUBTED_DB
            if isinstance(value, GsmCell):
                key = cell_key(value)
                cells[key] = record_cell(cells.get(key), value, now_ns=now_ns, doubted=doubted)
            else:
                key = station_key(value.freq_hz)
                stations[key] = record_station(stations.get(key), value, now_ns=now_ns, doubted=doubted)
        return SiteHistory(cells=_bounded(cells), stations=_bounded(stations))


def weights_by_index(findings: Iterable[Finding]) -> dict[int, float]:
    sums: dict[int, float] = {}
    for finding in findings:
        if finding.about is not None:
            sums[finding.about] = sums.get(finding.about, 0.0) + finding.weight_db
    return sums


def cell_key(cell: GsmCell) -> str:
    return f"{round(cell.freq_hz / 100e3)}/{cell.bsic}"


def station_key(freq_hz: float) -> str:
    return str(round(freq_hz / 50e3))


def _bounded(records: dict[str, R]) -> dict[str, R]:
    if len(records) <= MOST_RECORDS:
        return records
    kept = sorted(records.items(), key=lambda item: item[1].last_ns)[-MOST_RECORDS:]
    return dict(kept)
