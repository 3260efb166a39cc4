"""One suspected cell, from tone burst to blocks. Nothing is a cell until it has been decoded."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dsp.gsm.acquire import FrameClock, align, pattern_frames, slot_bursts, tone_frequency
from dsp.gsm.blocks import Sorted, read_blocks, sort_blocks, tells_combined
from dsp.gsm.echoes import SYNC_MODEL, Echoes, learn_echoes
from dsp.gsm.equaliser import Complex, equalise, estimator
from dsp.gsm.fcch import ToneBurst
from dsp.gsm.frame import BURST_BITS, FCCH_FRAMES, HYPERFRAME
from dsp.gsm.measure import KnownBursts
from dsp.gsm.sch import SyncInformation, decode_sync, encode_syncs
from dsp.gsm.slots import Window
from dsp.gsm.training import SYNC_DATA, SYNC_FIRST, SYNC_KNOWN, SYNC_TRAINING

MEMORY = 4


@dataclass(frozen=True, slots=True, eq=False)
class CellRead:
    """One cell as read: carrier from the middle of the window, clock, contents."""

    bsic: int
    carrier_hz: float
    clock: FrameClock  # frame 0 has number frame_number_at_0
    frame_number_at_0: int
    echoes: Echoes
    sync_frames: tuple[int, ...]
    known: KnownBursts  # every burst whose bits are certain
    contents: Sorted


def read_cell(window: Window, tone: ToneBurst) -> CellRead | None:
    """None when no synchronisation burst, or nothing that confirms the only one, can be decoded."""
    clock, carrier_hz = _lock(window, tone)
    frames = pattern_frames(clock, len(window.samples))
    if not len(frames):
        return None
    syncs = _read_syncs(window, clock, carrier_hz, frames)
    agreed = _agree(frames, syncs.said)
    if agreed is None:
        return None
    said, frame_number_at_0 = agreed
    frames = _sync_frames(clock, len(window.samples), frame_number_at_0)
    if not np.array_equal(frames, syncs.frames):
        syncs = _read_syncs(window, clock, carrier_hz, frames)
    right = _confirmed(frames, syncs.said, said, frame_number_at_0)
    raw = read_blocks(
        window,
        clock,
        carrier_hz=carrier_hz,
        echoes=syncs.echoes,
        frame_number_at_0=frame_number_at_0,
        training=said.bsic & 7,
    )
    if int(right.sum()) < 2 and not raw.good.any():
        return None
    contents = sort_blocks(raw, combined=tells_combined(raw))
    bits = _sync_bits(said.bsic, [(int(frame) + frame_number_at_0) % HYPERFRAME for frame in frames[right]])
    known = KnownBursts(frames[right], syncs.bursts[right], bits).with_more(raw.known)
    sync_frames = tuple(int(frame) for frame in frames[right])
    return CellRead(said.bsic, carrier_hz, clock, frame_number_at_0, syncs.echoes, sync_frames, known, contents)


def _lock(window: Window, tone: ToneBurst) -> tuple[FrameClock, float]:
    clock = align(window, tone)
    before = pattern_frames(clock, len(window.samples)) - 1
    tones = before[clock.starts(before) >= 0]
    if not len(tones):
        return clock, tone.carrier_hz
    return clock, tone_frequency(window, clock, tone.carrier_hz, tones)


@dataclass(frozen=True, slots=True, eq=False)
class _Syncs:
    """Synchronisation bursts of `frames` and what each says."""

    frames: NDArray[np.int64]
    bursts: Complex
    echoes: Echoes
    said: list[SyncInformation | None]


def _read_syncs(window: Window, clock: FrameClock, carrier_hz: float, frames: NDArray[np.int64]) -> _Syncs:
    bursts = slot_bursts(window, clock, carrier_hz, frames)
    echoes = learn_echoes(bursts)
    amplitude = bursts[:, SYNC_MODEL.rows] @ estimator(SYNC_MODEL, echoes.covariance, echoes.white_noise).T
    soft = equalise(bursts, amplitude, noise=echoes.white_noise, known=SYNC_KNOWN, memory=MEMORY)
    return _Syncs(frames, bursts, echoes, decode_sync(np.ascontiguousarray(soft[:, SYNC_DATA])))


def _agree(frames: NDArray[np.int64], read: list[SyncInformation | None]) -> tuple[SyncInformation, int] | None:
    """What most synchronisation bursts say: (one of them, the frame number of frame 0)."""
    votes = Counter(
        (said.bsic, (said.frame_number - int(frame)) % HYPERFRAME)
        for frame, said in zip(frames, read, strict=True)
        if said is not None
    )
    if not votes:
        return None
    (bsic, at_0), _ = votes.most_common(1)[0]
    return SyncInformation(bsic, at_0), at_0


def _sync_frames(clock: FrameClock, samples: int, frame_number_at_0: int) -> NDArray[np.int64]:
    frames = clock.whole_bursts(samples)
    number = (frames + frame_number_at_0) % HYPERFRAME
    return frames[np.isin(number % 51, np.array(FCCH_FRAMES) + 1)]


def _sync_bits(bsic: int, frame_numbers: list[int]) -> NDArray[np.uint8]:
    bits = np.zeros((len(frame_numbers), BURST_BITS), np.uint8)
    bits[:, SYNC_FIRST : SYNC_FIRST + len(SYNC_TRAINING)] = SYNC_TRAINING
    bits[:, SYNC_DATA] = encode_syncs([SyncInformation(bsic, number) for number in frame_numbers])
    return bits


def _confirmed(
    frames: NDArray[np.int64], read: list[SyncInformation | None], said: SyncInformation, at_0: int
) -> NDArray[np.bool_]:
    return np.array(
        [
            each is not None and each.bsic == said.bsic and each.frame_number == (int(frame) + at_0) % HYPERFRAME
            for frame, each in zip(frames, read, strict=True)
        ],
        np.bool_,
    )
