"""Finding a programme again: one look's fingerprint against many that were kept, at every shift.

Looks are short and scattered: of an advert that comes again, two looks share a second or two, anywhere in either. Bits
of different programmes agree by chance, half of them with a spread that falls with the root of the frames compared;
neighbouring frames and bands move together, which widens it (Haitsma and Kalker, ISMIR 2002, §4). So a match is said in
sigmas of that spread below what these two would have by chance, and one limit holds for every length.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dsp.fm.programme import FRAMES_PER_S, VERSION

LEAST_FRAMES = 24  # three quarters of a second
LEAST_SIGMAS = 8.0
BITS = 16
WIDENED = 1.56  # times the spread of independent bits, measured: docs/programme.md
_LIKE_ITSELF_FRAMES, _LIKE_ITSELF_SIGMAS = 8, 6.0
_MOST_FRAMES = 1024
_CHUNK = 1 << 15  # alignments worked on at once: they stay in the processor's cache


@dataclass(frozen=True, slots=True)
class Found:
    """One of the kept fingerprints has part of this programme.

    index     : which of them
    shift_s   : how much later in it the same sound comes than in the one sought
    overlap_s : of the two at that shift
    """

    index: int
    shift_s: float
    overlap_s: float
    bit_error_rate: float
    sigmas: float


def find(
    sought: bytes, kept: Sequence[bytes], *, least_frames: int = LEAST_FRAMES, least_sigmas: float = LEAST_SIGMAS
) -> tuple[Found, ...]:
    """The best shift of each that matches, in the order of `kept`. What is too short or of another version does not."""
    wanted = frames(sought)
    rows = [frames(each) for each in kept]
    usable = [index for index, row in enumerate(rows) if len(row) >= least_frames]
    if len(wanted) < least_frames or not usable:
        return ()
    longest = max(len(rows[index]) for index in usable)
    shifts = longest + len(wanted) - 2 * least_frames + 1
    step = max(1, _CHUNK // shifts)
    found: list[Found] = []
    for first in range(0, len(usable), step):
        part = usable[first : first + step]
        sigmas, overlap, chance = _sigmas(wanted, [rows[index] for index in part], longest, least_frames)
        best = sigmas.argmax(axis=1)
        for place, index in enumerate(part):
            shift, at = int(best[place]), float(sigmas[place, best[place]])
            if at >= least_sigmas:
                count = int(overlap[place, shift])
                rate = float(chance[place]) - at * chance_sigma(count)
                late = shift - (len(wanted) - least_frames)
                found.append(Found(index, late / FRAMES_PER_S, count / FRAMES_PER_S, rate, at))
    return tuple(found)


def distinctive(print_: bytes) -> bool:
    """False for what is like itself a quarter of a second later: a tone that beats, pips, a drum machine."""
    row = frames(print_)
    for shift in range(_LIKE_ITSELF_FRAMES, len(row) - LEAST_FRAMES + 1):
        differing = np.bitwise_count(row[shift:] ^ row[: len(row) - shift])
        if 0.5 - float(differing.mean()) / BITS >= _LIKE_ITSELF_SIGMAS * chance_sigma(len(row) - shift):
            return False
    return len(row) >= LEAST_FRAMES


def frames(print_: bytes) -> NDArray[np.uint16]:
    """(frames,) 16 bits each; none of another version."""
    if print_[:1] != bytes([VERSION]):
        return np.zeros(0, np.uint16)
    count = min((len(print_) - 1) // 2, _MOST_FRAMES)
    return np.frombuffer(print_, "<u2", count=count, offset=1).astype(np.uint16)


def seconds(print_: bytes) -> float:
    """Of sound the fingerprint covers, by its frames."""
    return len(frames(print_)) / FRAMES_PER_S


def shifts_s(a_s: float, b_s: float) -> float:
    """How many seconds of shifts two fingerprints have at which they could have been found to match."""
    least_s = LEAST_FRAMES / FRAMES_PER_S
    return max(0.0, a_s + b_s - 2 * least_s) if min(a_s, b_s) >= least_s else 0.0


def chance_sigma(count: int) -> float:
    """Spread of the bit error rate of two programmes that have nothing in common, over so many frames."""
    return float(WIDENED * 0.5 / np.sqrt(BITS * count))


def _sigmas(
    wanted: NDArray[np.uint16], rows: Sequence[NDArray[np.uint16]], longest: int, least: int
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
    """(rows, shifts) of how far the errors lie below chance, and of the frames compared; (rows,) of chance itself.

    Rows stand in zeros, so that a frame beyond an end counts its own bits; those are taken off again.
    """
    count, pad = len(wanted), len(wanted) - least
    shifts = longest + count - 2 * least + 1
    field = np.zeros((len(rows), shifts + count - 1), np.uint16)
    for place, row in enumerate(rows):
        field[place, pad : pad + len(row)] = row
    errors = np.zeros((len(rows), shifts), np.uint16)
    for place in range(count):
        errors += np.bitwise_count(field[:, place : place + shifts] ^ wanted[place])
    length = np.array([len(row) for row in rows])[:, None]
    begins = np.clip(pad - np.arange(shifts), 0, count)[None, :]  # first frame of `wanted` inside the row
    ends = np.clip(pad - np.arange(shifts)[None, :] + length, 0, count)
    bits = np.concatenate([[0], np.cumsum(np.bitwise_count(wanted), dtype=np.int64)])
    outside = bits[begins] + bits[-1] - bits[ends]
    overlap = np.maximum(ends - begins, 0)
    safe = np.maximum(overlap, 1)
    chance = _chance(_ones(wanted[None, :]) / count, _ones(field) / length)
    sigmas = (chance[:, None] - (errors - outside) / (BITS * safe)) / (WIDENED * 0.5 / np.sqrt(BITS * safe))
    return np.where(overlap >= least, sigmas, -np.inf), overlap, chance


def _ones(rows: NDArray[np.uint16]) -> NDArray[np.int64]:
    """(rows, 16): how often each bit is set."""
    return np.stack([np.count_nonzero(rows & np.uint16(1 << bit), axis=1) for bit in range(BITS)], axis=-1)


def _chance(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """(rows,) of bits that differ between strangers whose bits are set that often: half, less where they are uneven."""
    return np.asarray(np.mean(one * (1 - other) + other * (1 - one), axis=-1), np.float64)
