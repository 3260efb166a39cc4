"""All GSM cells of a window at once: samples in, what each cell broadcast and how it arrived out."""

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from dsp.errors import BadRate, NotFinite
from dsp.gsm.fcch import find_tone_bursts
from dsp.gsm.look import GsmLook, Reception
from dsp.gsm.noise import noise_dbfs_200k
from dsp.gsm.parts import join_parts
from dsp.gsm.raster import place_on_raster
from dsp.gsm.reader import read_cell
from dsp.gsm.reception import reception
from dsp.gsm.shadow import is_shadow
from dsp.gsm.slots import Window
from dsp.iq import IqBlock

LEAST_RATE_HZ, MOST_RATE_HZ = 270e3, 100e6  # a carrier and its filter; any receiver there is
_USUAL_PEAK = (1e-6, 1e6)  # beyond, squares leave single precision


def receive_gsm(block: IqBlock) -> GsmLook:
    """Every cell of the block that can be decoded. Bad samples are counted, never raised."""
    refused: Counter[str] = Counter()
    samples = _finite(block.samples, refused)
    if not LEAST_RATE_HZ <= block.rate_hz <= MOST_RATE_HZ:
        refused[BadRate.__name__] += 1
        return _look(block, (), None, 0, refused)
    samples, scale_db = _in_range(samples)
    window = Window(samples, block.rate_hz)
    tones = find_tone_bursts(window)
    found = [cell for tone in tones if (cell := read_cell(window, tone)) is not None]
    found.sort(key=lambda cell: -cell.echoes.power)
    cells = [cell for k, cell in enumerate(found) if not any(is_shadow(cell, other) for other in found[:k])]
    for cell in cells:
        refused.update(cell.contents.refused)
    noise = noise_dbfs_200k(window.samples, block.rate_hz)
    receptions = join_parts([reception(cell, block, scale_db=scale_db) for cell in cells])
    return _look(block, receptions, None if noise is None else noise + scale_db, len(tones), refused)


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


def _in_range(samples: NDArray[np.complex64]) -> tuple[NDArray[np.complex64], float]:
    """The samples without their mean, scaled to where single precision is safe, and the scale taken out in dB."""
    if not len(samples):
        return samples, 0.0
    peak = float(np.abs(np.ascontiguousarray(samples).view(np.float32)).max())
    scale = 1.0 if peak == 0 or _USUAL_PEAK[0] < peak < _USUAL_PEAK[1] else peak
    scaled = samples if scale == 1.0 else samples / np.float32(scale)
    return np.asarray(scaled - scaled.mean(), np.complex64), 20 * float(np.log10(scale))
