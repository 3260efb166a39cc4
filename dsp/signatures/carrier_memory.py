"""How far a cell's carrier usually lies from the sensor's own oscillator: the last samples, in parts in 10⁹."""

import statistics
import struct

import msgspec

MOST_SAMPLES = 24
EVERY_NS = 1200 * 10**9
FEW = 6
MOST_SIGMA_PPM = 0.1  # a first sweep knows little; the median gets better with each
JUMP_PPM, SURE_SIGMA_PPM, SOON_NS = 0.1, 0.02, 300 * 10**9
MAD_TO_SIGMA = 1.4826
MOST_PPB = 32767


class CarrierMemory(msgspec.Struct, frozen=True, array_like=True):
    """samples: 16-bit integers, the oldest first; last_ppm: at the last look, learnt or not

    jumped_ns : when it last moved by more than JUMP_PPM from one look to the next; None once it is back
    """

    at_ns: int
    samples: bytes = b""
    last_ns: int = 0
    last_ppm: float = 0.0
    jumped_ns: int | None = None

    @property
    def ppb(self) -> tuple[int, ...]:
        n = len(self.samples) // 2
        return struct.unpack(f"<{n}h", self.samples[: 2 * n])


def with_carrier(
    old: CarrierMemory | None, *, deviation_ppm: float, sigma_ppm: float, now_ns: int
) -> CarrierMemory | None:
    """Only what was measured well, and at most every twenty minutes; the first few as they come."""
    if sigma_ppm > MOST_SIGMA_PPM:
        return old
    few = old is None or len(old.samples) < 2 * FEW
    if old is not None and not few and 0 <= now_ns - old.at_ns < EVERY_NS:
        return old
    new = struct.pack("<h", max(-MOST_PPB, min(MOST_PPB, round(1000 * deviation_ppm))))
    kept = b"" if old is None else old.samples
    learnt = old or CarrierMemory(at_ns=now_ns)
    return msgspec.structs.replace(learnt, at_ns=now_ns, samples=(kept + new)[-2 * MOST_SAMPLES :])


def with_last(old: CarrierMemory, *, deviation_ppm: float, sigma_ppm: float, now_ns: int) -> CarrierMemory:
    """The last look remembered, and whether the carrier jumped: no reference that fails makes it do so in minutes."""
    moved_ppm = abs(deviation_ppm - old.last_ppm)
    soon = 0 < now_ns - old.last_ns <= SOON_NS
    jumped_ns = old.jumped_ns
    if soon and moved_ppm > JUMP_PPM and sigma_ppm <= SURE_SIGMA_PPM:
        jumped_ns = now_ns
    if old.samples and abs(deviation_ppm - middle_and_sigma_ppm(old)[0]) < JUMP_PPM / 2:
        jumped_ns = None
    return msgspec.structs.replace(old, last_ns=now_ns, last_ppm=deviation_ppm, jumped_ns=jumped_ns)


def middle_and_sigma_ppm(memory: CarrierMemory) -> tuple[float, float]:
    middle = statistics.median(memory.ppb)
    spread = statistics.median([abs(each - middle) for each in memory.ppb])
    return middle / 1000, MAD_TO_SIGMA * spread / 1000
