"""A cell's carrier against other cells: those of its look where they are enough, else all that were heard of late."""

import math
import statistics
from dataclasses import dataclass

from dsp.gsm.values import GsmCell
from dsp.signatures.carrier_memory import CarrierMemory, middle_and_sigma_ppm
from dsp.signatures.history import SiteHistory
from dsp.signatures.oscillator import Oscillator, carrier_ppm, carrier_sigma_ppm

ENOUGH_REFERENCES = 4
LEAST_SAMPLES = 6
WINDOW_PPM = 0.25  # how far a window may lie off, where none of its cells is known
USUAL_SIGMA_PPM = 0.025  # of how true known cells are: 0.05 ppm at most, 3GPP TS 45.010 §5.1


@dataclass(frozen=True, slots=True)
class RelativeCarrier:
    """allowance_ppm: what the tuner may add to the offset, always the same in this window"""

    offset_ppm: float
    sigma_ppm: float
    references: int
    allowance_ppm: float = 0.0


def relative_carrier(
    cell: GsmCell, look: tuple[GsmCell, ...], before: SiteHistory, lo: Oscillator | None
) -> RelativeCarrier | None:
    """How far off it is; None where nothing stands to compare with. `lo` is the oscillator by the other cells."""
    here = _in_the_look(cell)
    if here is not None and here.references >= ENOUGH_REFERENCES:
        return here
    if lo is None:
        return here
    usual = [memory for other in look if other is not cell and (memory := _known(other, before)) is not None]
    window = [middle_and_sigma_ppm(memory)[0] for memory in usual]
    window_sigma = USUAL_SIGMA_PPM / math.sqrt(len(window)) if window else 0.0
    return RelativeCarrier(
        offset_ppm=carrier_ppm(cell) - lo.ppm - (statistics.median(window) if window else 0.0),
        sigma_ppm=math.hypot(lo.sigma_ppm, carrier_sigma_ppm(cell), window_sigma),
        references=lo.cells,
        allowance_ppm=0.0 if window else WINDOW_PPM,
    )


def own_deviation_ppm(cell: GsmCell, lo: Oscillator | None) -> tuple[float, float] | None:
    """The carrier against the sensor's oscillator alone, with its sigma: to be compared with the cell's own usual."""
    if lo is None:
        return None
    return carrier_ppm(cell) - lo.ppm, math.hypot(lo.sigma_ppm, carrier_sigma_ppm(cell))


def _known(cell: GsmCell, before: SiteHistory) -> CarrierMemory | None:
    record = before.cell(cell)
    if record is None or record.doubted or record.carrier is None or len(record.carrier.ppb) < LEAST_SAMPLES:
        return None
    return record.carrier


def _in_the_look(cell: GsmCell) -> RelativeCarrier | None:
    if cell.relative_offset_ppm is None or cell.relative_offset_sigma_ppm is None:
        return None
    return RelativeCarrier(cell.relative_offset_ppm, cell.relative_offset_sigma_ppm, cell.relative_references)
