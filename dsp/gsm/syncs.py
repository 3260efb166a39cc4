"""Synchronisation bursts of all suspected cells, read together, and what they agree on."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dsp.gsm.acquire import FrameClock, Lock, pattern_frames, slot_bursts
from dsp.gsm.echoes import SYNC_MODEL, Echoes, learn_echoes
from dsp.gsm.equaliser import Complex, equalise, estimator, match
from dsp.gsm.frame import BURST_BITS, FCCH_FRAMES, HYPERFRAME
from dsp.gsm.measure import KnownBursts
from dsp.gsm.sch import SyncInformation, decode_sync, encode_syncs
from dsp.gsm.slots import Window
from dsp.gsm.training import SYNC_DATA, SYNC_FIRST, SYNC_KNOWN, SYNC_TRAINING


@dataclass(frozen=True, slots=True, eq=False)
class Synchronised:
    """A suspected cell of which at least one synchronisation burst was read."""

    lock: Lock
    echoes: Echoes
    bsic: int
    frame_number_at_0: int  # of frame 0 by the clock
    sync_frames: tuple[int, ...]  # those that say so
    known: KnownBursts  # their bursts


@dataclass(frozen=True, slots=True, eq=False)
class _Bursts:
    lock: Lock
    frames: NDArray[np.int64]
    samples: Complex
    echoes: Echoes


def synchronise(window: Window, locks: list[Lock]) -> list[Synchronised]:
    """Those of the locks that stand on a real synchronisation channel, or on what looks like one so far."""
    patterns = [(each, pattern_frames(each.clock, len(window.samples))) for each in locks]
    first = [_cut(window, each, frames) for each, frames in patterns if len(frames)]
    out, again = [], []
    for bursts, said in zip(first, _read(first), strict=True):
        agreed = _agree(bursts.frames, said)
        if agreed is None:
            continue
        frames = sync_frames_in(bursts.lock.clock, len(window.samples), agreed.frame_number)
        if not len(frames):
            continue
        if np.array_equal(frames, bursts.frames):
            out.append(_synchronised(bursts, said, agreed))
        else:  # the pattern was met at another of its bursts
            again.append((_cut(window, bursts.lock, frames), agreed))
    second = zip(again, _read([bursts for bursts, _ in again]), strict=True)
    return out + [_synchronised(bursts, said, agreed) for (bursts, agreed), said in second]


def _cut(window: Window, lock: Lock, frames: NDArray[np.int64]) -> _Bursts:
    samples = slot_bursts(window, lock, frames)
    return _Bursts(lock, frames, samples, learn_echoes(samples))


def _read(every: list[_Bursts]) -> list[list[SyncInformation | None]]:
    if not every:
        return []
    matched = []
    for each in every:
        noise = each.echoes.white_noise
        amplitude = each.samples[:, SYNC_MODEL.rows] @ estimator(SYNC_MODEL, each.echoes.covariance, noise).T
        matched.append(match(each.samples, amplitude, noise=noise, known=SYNC_KNOWN))
    softs = equalise(matched)
    said = iter(decode_sync(np.concatenate([soft[:, SYNC_DATA] for soft in softs])))
    return [[next(said) for _ in soft] for soft in softs]


def _agree(frames: NDArray[np.int64], read: list[SyncInformation | None]) -> SyncInformation | None:
    """What most synchronisation bursts say; the frame number is that of frame 0."""
    votes = Counter(
        SyncInformation(said.bsic, (said.frame_number - int(frame)) % HYPERFRAME)
        for frame, said in zip(frames, read, strict=True)
        if said is not None
    )
    return votes.most_common(1)[0][0] if votes else None


def sync_frames_in(clock: FrameClock, samples: int, frame_number_at_0: int) -> NDArray[np.int64]:
    frames = clock.whole_bursts(samples)
    number = (frames + frame_number_at_0) % HYPERFRAME
    return frames[np.isin(number % 51, np.array(FCCH_FRAMES) + 1)]


def _synchronised(bursts: _Bursts, said: list[SyncInformation | None], agreed: SyncInformation) -> Synchronised:
    numbers = [(int(frame) + agreed.frame_number) % HYPERFRAME for frame in bursts.frames]
    expected = [SyncInformation(agreed.bsic, number) for number in numbers]
    right = np.array([one == other for one, other in zip(said, expected, strict=True)], np.bool_)
    bits = np.zeros((int(right.sum()), BURST_BITS), np.uint8)
    bits[:, SYNC_FIRST : SYNC_FIRST + len(SYNC_TRAINING)] = SYNC_TRAINING
    bits[:, SYNC_DATA] = encode_syncs([each for each, fine in zip(expected, right, strict=True) if fine])
    return Synchronised(
        lock=bursts.lock,
        echoes=bursts.echoes,
        bsic=agreed.bsic,
        frame_number_at_0=agreed.frame_number,
        sync_frames=tuple(int(frame) for frame in bursts.frames[right]),
        known=KnownBursts(bursts.frames[right], bursts.samples[right], bits),
    )
