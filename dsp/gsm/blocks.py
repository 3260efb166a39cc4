"""All blocks of a control channel that lie whole in a look: bursts equalised at once, decoded at once, then sorted by
what they are."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dsp.gsm.acquire import Lock, slot_bursts
from dsp.gsm.echoes import NORMAL_MODELS, Echoes
from dsp.gsm.equaliser import Complex, Matched, equalise, estimator, match
from dsp.gsm.errors import BlockRefused
from dsp.gsm.frame import BLOCK_STARTS, CCCH_COMBINED, CCCH_OR_DEDICATED, HYPERFRAME, MORE_CCCH_SLOTS, Channel
from dsp.gsm.look import Block, WeakBlock, half_precision
from dsp.gsm.measure import KnownBursts
from dsp.gsm.message import ABOUT_SUBSCRIBERS, EMPTY_PSEUDO, message_kind
from dsp.gsm.slots import Window
from dsp.gsm.sorting import block_of
from dsp.gsm.training import NORMAL_DATA, NORMAL_KNOWN
from dsp.gsm.xcch import coded_order, decode_blocks, encode_blocks


@dataclass(frozen=True, slots=True, eq=False)
class RawBlocks:
    """Decoded blocks before anything is believed. Lives only inside one call: it may hold identities."""

    frame_numbers: NDArray[np.int64]
    octets: NDArray[np.uint8]  # (blocks, 23)
    good: NDArray[np.bool_]
    soft: NDArray[np.float32]  # (blocks, 456) in coding order
    known: KnownBursts  # those of good blocks
    timeslot: int = 0


def block_frames(frames: NDArray[np.int64], frame_number_at_0: int) -> NDArray[np.int64]:
    """Frames (of those recorded, consecutive) that begin a block which ends inside the recording."""
    starts = np.array(sorted(BLOCK_STARTS))
    first = frames[: max(len(frames) - 3, 0)]
    return first[np.isin((first + frame_number_at_0) % HYPERFRAME % 51, starts)]


@dataclass(frozen=True, slots=True, eq=False)
class BlockBursts:
    """The bursts of all whole blocks of one cell, ready for the trellis."""

    frames: NDArray[np.int64]  # (4 · blocks,) by the cell's clock
    frame_number_at_0: int
    samples: Complex
    matched: Matched
    timeslot: int = 0


def cut_blocks(
    window: Window, lock: Lock, *, echoes: Echoes, frame_number_at_0: int, training: int, timeslot: int = 0
) -> BlockBursts:
    """lock : on the time slot that is to be cut."""
    first = block_frames(lock.clock.whole_bursts(len(window.samples)), frame_number_at_0)
    frames = (first[:, None] + np.arange(4)).ravel()
    bursts = slot_bursts(window, lock, frames)
    model = NORMAL_MODELS[training]
    amplitude = bursts[:, model.rows] @ estimator(model, echoes.covariance, echoes.white_noise).T
    matched = match(bursts, amplitude, noise=echoes.white_noise, known=NORMAL_KNOWN[training])
    return BlockBursts(frames, frame_number_at_0, bursts, matched, timeslot)


def decode_all(every: list[BlockBursts]) -> list[RawBlocks]:
    """The blocks of many cells, equalised and decoded together."""
    softs = equalise([each.matched for each in every])
    coded = [coded_order(np.ascontiguousarray(soft[:, NORMAL_DATA]).reshape(-1, 4, 114)) for soft in softs]
    if not coded:
        return []
    octets, good = decode_blocks(np.concatenate(coded))
    ends = np.cumsum([len(each) for each in coded])[:-1]
    parts = zip(every, softs, coded, np.split(octets, ends), np.split(good, ends), strict=True)
    return [_raw(*part) for part in parts]


def _raw(
    bursts: BlockBursts,
    soft: NDArray[np.float32],
    coded: NDArray[np.float32],
    octets: NDArray[np.uint8],
    good: NDArray[np.bool_],
) -> RawBlocks:
    right = np.repeat(good, 4)
    bits = (soft[right] < 0).astype(np.uint8)
    bits[:, NORMAL_DATA] = encode_blocks(octets[good]).reshape(len(bits), 114)
    known = KnownBursts(bursts.frames[right], bursts.samples[right], bits)
    numbers = (bursts.frames[::4] + bursts.frame_number_at_0) % HYPERFRAME
    return RawBlocks(numbers, octets, good, coded, known, bursts.timeslot)


@dataclass(slots=True)
class Sorted:
    """What the blocks of one cell were, the frame numbers of those that failed, and of the BCCH the soft bits too."""

    timeslot: int
    blocks: list[Block]
    failed: list[int]
    weak: list[WeakBlock]


def sort_blocks(raw: RawBlocks, *, combined: bool | None) -> Sorted:
    """Tell the blocks apart. Of a combined cell, or one not known to be none, dedicated blocks are never looked at.

    combined : from System Information 3; None when it was not heard: then the blocks themselves must show it.
    """
    if combined is None:
        combined = not _shows_common_channels(raw)
    out = Sorted(raw.timeslot, [], [], [])
    for row in range(len(raw.frame_numbers)):
        frame_number = int(raw.frame_numbers[row])
        channel = BLOCK_STARTS[frame_number % 51]
        if channel is Channel.SHARED:
            if combined:
                raw.octets[row] = 0
                continue
            channel = Channel.CCCH
        if not raw.good[row]:
            out.failed.append(frame_number)
            if channel is Channel.BCCH:
                out.weak.append(WeakBlock(frame_number, half_precision(raw.soft[row]), raw.timeslot))
            continue
        quality, octets = float(np.abs(raw.soft[row]).mean()), bytearray(raw.octets[row].tobytes())
        out.blocks.append(block_of(frame_number, channel, octets, quality=quality, timeslot=raw.timeslot))
        raw.octets[row] = 0
    return out


def _shows_common_channels(raw: RawBlocks) -> bool:
    """Whether a block where a combined cell has its dedicated channels is one that only common channels carry."""
    places = np.isin(raw.frame_numbers % 51, np.array(CCCH_OR_DEDICATED)) & raw.good
    return any(_only_on_common(raw.octets[row].tobytes()) for row in np.flatnonzero(places))


def _only_on_common(octets: bytes) -> bool:
    if octets == EMPTY_PSEUDO:
        return True
    try:
        return message_kind(octets) in ABOUT_SUBSCRIBERS and octets[0] >> 2 >= 5
    except BlockRefused:
        return False


def tells_ccch_conf(raw: RawBlocks) -> int | None:
    """CCCH_CONF of the first System Information 3 among the BCCH blocks. None when not heard, or reserved."""
    for row in np.flatnonzero(raw.good & (raw.frame_numbers % 51 == 2)):
        octets = raw.octets[row].tobytes()
        if octets[1:3] == b"\x06\x1b" and octets[0] == 0x49:
            return octets[10] & 7 if octets[10] & 7 in (0, CCCH_COMBINED, *MORE_CCCH_SLOTS) else None
    return None
