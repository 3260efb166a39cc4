"""GSM carriers that are no cells: traffic, hopping, dummy bursts, bursts of constant bits, without FCCH and SCH.

(count,) complex64 of power about 1, at 13/12 MHz only, which is four samples a symbol.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from recordings.gsm.bursts import BURST_BITS, DUMMY, FRAME_SYMBOLS, SLOT_START, normal_bursts
from recordings.gsm.coding import Bits
from recordings.gsm.gmsk import AFTER, BEFORE, SAMPLES_PER_SYMBOL, modulate
from tests.benchmarks.other_signals import Maker, Samples, noise, turning, unit_power

RATE_HZ = 13e6 / 12
BitMaker = Callable[[np.random.Generator, int], Bits]  # generator, frames → (frames, 1250)


def traffic(rng: np.random.Generator, count: int, rate_hz: float) -> Samples:
    """One to five carriers 200 kHz apart, every slot busy with random bits."""
    return _carriers(rng, count, rate_hz, busy=1.0, hops=False, bits_of=_random)


def half_idle_traffic(rng: np.random.Generator, count: int, rate_hz: float) -> Samples:
    """The same with slots that are switched off half of the time, frame by frame."""
    return _carriers(rng, count, rate_hz, busy=rng.uniform(0.1, 0.8), hops=False, bits_of=_random)


def hopping_traffic(rng: np.random.Generator, count: int, rate_hz: float) -> Samples:
    """The same, each slot on another carrier in each frame."""
    return _carriers(rng, count, rate_hz, busy=rng.uniform(0.2, 1), hops=True, bits_of=_random)


def dummy_and_constant_bursts(rng: np.random.Generator, count: int, rate_hz: float) -> Samples:
    """Dummy bursts, and bursts whose data are all zeros, all ones, or alternate: pieces of tone in every frame."""
    return _carriers(rng, count, rate_hz, busy=rng.uniform(0.3, 1), hops=False, bits_of=_constant)


def _carriers(
    rng: np.random.Generator, count: int, rate_hz: float, *, busy: float, hops: bool, bits_of: BitMaker
) -> Samples:
    frames = -(-count // (FRAME_SYMBOLS * SAMPLES_PER_SYMBOL)) + 1
    many = int(rng.integers(1, 6))
    on = rng.random((many, frames, 8)) < busy
    if hops:
        on = np.arange(many)[:, None, None] == rng.integers(0, many, (frames, 8))
    places = rng.permutation(np.arange(-2, 3))[:many]
    t = np.arange(count) / rate_hz
    total = noise(rng, count, rate_hz) * np.float32(10 ** (-rng.uniform(5, 40) / 20))
    for k, place in enumerate(places.tolist()):
        wave = modulate(_with_margins(bits_of(rng, frames).ravel()), 0)[:count] * _keyed(on[k])[:count]
        offset_hz = 200e3 * place + rng.uniform(-2e4, 2e4)
        total += (
            np.roll(wave, rng.integers(count)) * turning(offset_hz * t) * np.float32(10 ** (-rng.uniform(0, 30) / 20))
        )
    return unit_power(total)


def _random(rng: np.random.Generator, frames: int) -> Bits:
    """(frames, 1250) normal bursts of random bits in all slots."""
    return _framed(normal_bursts(rng.integers(0, 2, (frames, 8, 116), np.uint8), int(rng.integers(8))))


def _constant(rng: np.random.Generator, frames: int) -> Bits:
    data = np.stack([np.zeros(116, np.uint8), np.ones(116, np.uint8), np.arange(116, dtype=np.uint8) % 2])
    bursts = normal_bursts(data[rng.integers(0, 3, (frames, 8))], int(rng.integers(8)))
    bursts[rng.random((frames, 8)) < 0.3] = DUMMY
    return _framed(bursts)


def _framed(bursts: Bits) -> Bits:
    out = np.ones((len(bursts), FRAME_SYMBOLS), np.uint8)
    for slot, first in enumerate(SLOT_START):
        out[:, first : first + BURST_BITS] = bursts[:, slot]
    return out


def _with_margins(bits: Bits) -> Bits:
    return np.concatenate([np.ones(BEFORE, np.uint8), bits, np.ones(AFTER, np.uint8)])


def _keyed(on: NDArray[np.bool_]) -> NDArray[np.float32]:
    """(samples,) 1 while a slot is on. Ramps of a symbol are left out: harder."""
    out = np.zeros((len(on), FRAME_SYMBOLS), np.float32)
    ends = (*SLOT_START[1:], FRAME_SYMBOLS)
    for slot, (first, end) in enumerate(zip(SLOT_START, ends, strict=True)):
        out[:, first:end] = on[:, slot, None]
    return np.repeat(out.ravel(), SAMPLES_PER_SYMBOL)


SIGNALS: dict[str, Maker] = {
    "GSM traffic carriers": traffic,
    "GSM traffic, slots switched off": half_idle_traffic,
    "GSM traffic, hopping": hopping_traffic,
    "GSM dummy and constant bursts": dummy_and_constant_bursts,
}
