"""False cells: what the receiver makes of signals that are none. `--hour` for an hour of them in all.

.venv/bin/python -m tests.benchmarks.gsm_false_cells --hour
"""

import sys
from collections import Counter
from dataclasses import dataclass

import numpy as np

from dsp.gsm.receive import receive_gsm
from dsp.iq import IqBlock
from tests.benchmarks import other_signals, other_signals_digital, other_signals_gsm
from tests.benchmarks.other_signals import Maker, Samples, unit_power

RATE_HZ = other_signals_gsm.RATE_HZ
COUNT = 1 << 21  # samples of a look: a length that transforms fast
PIECE_S = COUNT / RATE_HZ
SIGNALS: dict[str, Maker] = {**other_signals.SIGNALS, **other_signals_digital.SIGNALS, **other_signals_gsm.SIGNALS}
HOUR_S, SHORT_S = 3600.0, 40.0


@dataclass(frozen=True, slots=True)
class Heard:
    seconds: float
    suspicions: int
    receptions: int


def mixture(rng: np.random.Generator, count: int, rate_hz: float) -> Samples:
    """Two to four of the others, 0 to 30 dB apart."""
    names = rng.choice(list(SIGNALS), rng.integers(2, 5), replace=False)
    parts = [SIGNALS[name](rng, count, rate_hz) * np.float32(10 ** (-rng.uniform(0, 30) / 20)) for name in names]
    return unit_power(np.sum(parts, axis=0))


def clipped(rng: np.random.Generator, count: int, rate_hz: float) -> Samples:
    """Any of the others through eight bits, at a level from a few steps to far beyond the rails."""
    name = str(rng.choice(list(SIGNALS)))
    rms = 10 ** rng.uniform(-1.7, 1.0)  # full scale 1
    whole = np.round(SIGNALS[name](rng, count, rate_hz).view(np.float32) * np.float32(rms * 127.5) - np.float32(0.5))
    return np.asarray((np.clip(whole, -128, 127) + np.float32(0.5)).view(np.complex64) / np.float32(127.5))


ALL: dict[str, Maker] = {**SIGNALS, "eight bits, clipped": clipped, "mixtures": mixture}


def listen(name: str, *, seconds: float, seed: int) -> Heard:
    suspicions = receptions = 0
    pieces = max(round(seconds / PIECE_S), 1)
    for piece in range(pieces):
        rng = np.random.default_rng((seed, piece, *name.encode()))
        block = IqBlock(samples=ALL[name](rng, COUNT, RATE_HZ) * np.float32(0.05), rate_hz=RATE_HZ, centre_hz=940e6)
        look = receive_gsm(block)
        suspicions, receptions = suspicions + look.suspicions, receptions + len(look.receptions)
        if look.receptions:
            print(f"FALSE: {name} seed {seed} piece {piece}: {look.receptions}", file=sys.stderr, flush=True)
    return Heard(pieces * PIECE_S, suspicions, receptions)


def main(seconds: float = SHORT_S, seed: int = 1) -> None:
    print(f"\nfalse cells: {seconds:g} s in all of signals that are no cells, in looks of {PIECE_S:.2f} s")
    print("| signal | s | tone bursts suspected | cells |\n|---|---|---|---|")
    total: Counter[str] = Counter()
    for name in ALL:
        heard = listen(name, seconds=seconds / len(ALL), seed=seed)
        print(f"| {name} | {heard.seconds:.0f} | {heard.suspicions} | {heard.receptions} |", flush=True)
        total.update(s=round(heard.seconds), suspicions=heard.suspicions, receptions=heard.receptions)
    print(f"| **all** | {total['s']} | {total['suspicions']} | **{total['receptions']}** |", flush=True)


if __name__ == "__main__":
    main(HOUR_S if "--hour" in sys.argv[1:] else SHORT_S)
