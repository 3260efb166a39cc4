"""All GSM cells of a window at once: samples in, what each cell broadcast and how it arrived out."""

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from dsp.errors import BadRate, NotFinite
from dsp.gsm.fcch import find_tone_bursts
from dsp.gsm.frame import FRAME_SYMBOLS
from dsp.gsm.look import GsmLook, Reception
from dsp.gsm.noise import noise_dbfs_200k
from dsp.gsm.raster import place_on_raster
from dsp.gsm.reader import CellRead, read_cell
from dsp.gsm.reception import reception
from dsp.gsm.slots import Window
from dsp.iq import IqBlock

LEAST_RATE_HZ = 270e3  # a carrier and its filter
_SAME_CELL_HZ = 150e3
_SAME_CELL_SYMBOLS = 4.0


def receive_gsm(block: IqBlock) -> GsmLook:
    """Every cell of the block that can be decoded. Bad samples are counted, never raised."""
    refused: Counter[str] = Counter()
    samples = _finite(block.samples, refused)
    if not block.rate_hz >= LEAST_RATE_HZ:
        refused[BadRate.__name__] += 1
        return _look(block, (), None, 0, refused)
    samples = samples - samples.mean() if len(samples) else samples
    window = Window(np.asarray(samples, np.complex64), block.rate_hz)
    tones = find_tone_bursts(window)
    cells: list[CellRead] = []
    for tone in tones:
        cell = read_cell(window, tone)
        if cell is not None and not any(_same(cell, other) for other in cells):
            cells.append(cell)
            refused.update(cell.contents.refused)
    noise = noise_dbfs_200k(window.samples, block.rate_hz)
    receptions = tuple(reception(cell, block) for cell in cells)
    return _look(block, receptions, noise, len(tones), refused)


def _look(
    block: IqBlock,
    receptions: tuple[Reception, ...],
    noise: float | None,
    suspicions: int,
    refused: Counter[str],
) -> GsmLook:
    return GsmLook(
        receptions=place_on_raster(receptions),
        noise_dbfs_200k=noise,
        seconds=block.seconds if block.rate_hz > 0 else 0.0,
        time_utc_ns=block.time_utc_ns,
        time_sigma_ns=block.time_sigma_ns,
        first_sample=block.first_sample,
        rate_hz=block.rate_hz,
        suspicions=suspicions,
        refused=tuple(sorted(refused.items())),
    )


def _finite(samples: NDArray[np.complex64], refused: Counter[str]) -> NDArray[np.complex64]:
    """The samples with every NaN and infinity silenced."""
    good = np.isfinite(samples)
    if good.all():
        return samples
    refused[NotFinite.__name__] += int(np.count_nonzero(~good))
    return np.where(good, samples, np.complex64(0))


def _same(one: CellRead, other: CellRead) -> bool:
    """One cell found twice: by its own skirt, or by two of its bursts."""
    if abs(one.carrier_hz - other.carrier_hz) > _SAME_CELL_HZ or one.bsic != other.bsic:
        return False
    period = other.clock.samples_per_frame
    apart = (one.clock.first - other.clock.first) / period
    same_place = abs(apart - round(apart)) < _SAME_CELL_SYMBOLS / FRAME_SYMBOLS
    return same_place and (one.frame_number_at_0 - other.frame_number_at_0 + round(apart)) == 0
