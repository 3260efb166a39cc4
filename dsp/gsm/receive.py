"""All GSM cells of a window at once: samples in, what each cell broadcast and how it arrived out."""

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dsp.errors import BadCentre, BadRate, NotFinite
from dsp.gsm.errors import ReservedCode
from dsp.gsm.fcch import find_tone_bursts
from dsp.gsm.look import GsmLook, Reception
from dsp.gsm.noise import noise_dbfs_200k
from dsp.gsm.parts import join_parts
from dsp.gsm.raster import place_on_raster
from dsp.gsm.reader import read_cells
from dsp.gsm.reception import reception
from dsp.gsm.repeats import add_repeats
from dsp.gsm.shadow import is_shadow
from dsp.gsm.slots import Window
from dsp.gsm.tears import unheard_stretches
from dsp.iq import IqBlock

LEAST_RATE_HZ, MOST_RATE_HZ = 270e3, 100e6  # a carrier and its filter; any receiver there is
PIECE_S, OVERLAP_S = 2.0, 0.1  # a longer block is received in pieces: the oscillators drift, and memory is finite
MOST_TEARS = 3  # how often what was not heard in a piece is received once more
_USUAL_PEAK = (1e-6, 1e6)  # beyond, squares leave single precision


def receive_gsm(block: IqBlock) -> GsmLook:
    """Every cell of the block that can be decoded. Bad samples are counted, never raised."""
    refused: Counter[str] = Counter()
    if not np.isfinite(block.centre_hz):
        refused[BadCentre.__name__] += 1
        block = replace(block, centre_hz=0.0)  # what was heard is counted from the middle of the window then
    samples = _finite(block.samples, refused)
    heard = [_receive_piece(block, samples, first, last) for first, last in _pieces(block, refused)]
    joined = join_parts([each for piece in heard for each in piece.receptions])
    receptions = place_on_raster(tuple(add_repeats(each) for each in joined))
    refused.update(b.refusal for each in receptions for b in each.blocks if b.refusal is not None)
    refused.update(ReservedCode.__name__ for each in receptions for b in each.blocks for _ in b.reserved)
    noises = [piece.noise_dbfs for piece in heard if piece.noise_dbfs is not None]
    return GsmLook(
        receptions=receptions,
        noise_dbfs_200k=float(np.median(noises)) if noises else None,
        seconds=len(samples) / block.rate_hz if block.rate_hz > 0 else 0.0,
        time_utc_ns=block.time_utc_ns,
        time_sigma_ns=block.time_sigma_ns,
        first_sample=block.first_sample,
        rate_hz=block.rate_hz,
        suspicions=sum(piece.suspicions for piece in heard),
        refused=tuple(sorted(refused.items())),
    )


@dataclass(frozen=True, slots=True)
class _Piece:
    receptions: tuple[Reception, ...]
    noise_dbfs: float | None
    suspicions: int


def _pieces(block: IqBlock, refused: Counter[str]) -> list[tuple[int, int]]:
    """First and last sample of each piece; none when no carrier fits into the window."""
    if not LEAST_RATE_HZ <= block.rate_hz <= MOST_RATE_HZ:
        refused[BadRate.__name__] += 1
        return []
    count, step = len(block.samples), round(PIECE_S * block.rate_hz)
    firsts = range(0, max(count - step // 2, 1), step)  # the last one may be half as long again
    ends = [first + step + round(OVERLAP_S * block.rate_hz) for first in firsts[:-1]] + [count]
    return list(zip(firsts, ends, strict=True))


def _receive_piece(
    block: IqBlock, samples: NDArray[np.complex64], first: int, last: int, *, tears_left: int = MOST_TEARS
) -> _Piece:
    scaled, scale_db = _in_range(samples[first:last])
    window = Window(scaled, block.rate_hz)
    tones = find_tone_bursts(window)
    found = read_cells(window, tones)
    cells = [cell for k, cell in enumerate(found) if not any(is_shadow(cell, other) for other in found[:k])]
    noise = noise_dbfs_200k(scaled, block.rate_hz)
    heard = [reception(cell, block, first_sample=first, scale_db=scale_db) for cell in cells]
    if tears_left:
        for low, high in unheard_stretches(cells, len(scaled)):
            again = _receive_piece(block, samples, first + low, first + high, tears_left=tears_left - 1)
            heard.extend(again.receptions)
    return _Piece(
        receptions=tuple(heard),
        noise_dbfs=None if noise is None else noise + scale_db,
        suspicions=len(tones),
    )


def _finite(samples: NDArray[np.complex64], refused: Counter[str]) -> NDArray[np.complex64]:
    """The samples with every NaN and infinity silenced."""
    if np.isfinite(_peak(samples)):
        return samples
    good = np.isfinite(samples)
    refused[NotFinite.__name__] += int(np.count_nonzero(~good))
    return np.where(good, samples, np.complex64(0))


def _in_range(samples: NDArray[np.complex64]) -> tuple[NDArray[np.complex64], float]:
    """The samples without their mean, scaled to where single precision is safe, and the scale taken out in dB."""
    peak = _peak(samples)
    if peak < np.finfo(np.float32).tiny:
        return np.zeros_like(samples), 0.0
    scale = 1.0 if _USUAL_PEAK[0] < peak < _USUAL_PEAK[1] else peak
    scaled = samples if scale == 1.0 else samples / np.float32(scale)
    return np.asarray(scaled - scaled.mean(), np.complex64), 20 * float(np.log10(scale))


def _peak(samples: NDArray[np.complex64]) -> float:
    """The largest component; NaN or infinite when one is."""
    numbers = np.ascontiguousarray(samples).view(np.float32)
    return float(max(numbers.max(initial=0), -numbers.min(initial=0)))
