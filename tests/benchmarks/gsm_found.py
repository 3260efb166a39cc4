"""Cells found: within half a second, at any offset, with any sample clock, through a spread of levels."""

import numpy as np

from dsp.gsm.receive import receive_gsm
from tests.benchmarks.gsm_truth import CELL, Tally, of_one, total
from tests.dsp.gsm.made import OnAir, window

STARTS, HALF_SECOND = 20, 0.5


def found(eb_n0_db: float, *, starts: int = STARTS) -> Tally:
    """Cold starts at random moments, offsets to ±100 kHz and sample clocks to ±100 ppm, each for itself."""
    return total([_start(eb_n0_db, seed) for seed in range(starts)])


def _start(eb_n0_db: float, seed: int) -> Tally:
    rng = np.random.default_rng((seed, 0xF0))
    offset_hz, clock_ppm = rng.uniform(-100e3, 100e3), rng.uniform(-100, 100)
    start_s = float(rng.uniform(0, 8))
    return at(eb_n0_db, offset_hz, clock_ppm=clock_ppm, seed=seed, seconds=HALF_SECOND, start_s=start_s)


def at(
    eb_n0_db: float, offset_hz: float, *, clock_ppm: float, seed: int, seconds: float, start_s: float = 0.0
) -> Tally:
    """One look at a cell that seems offset_hz from the middle."""
    put_hz = offset_hz - 940e6 * 1e-6 * clock_ppm
    on_air = OnAir(CELL, put_hz, seed=seed, start_s=start_s)
    block = window([on_air], rate_hz=1e6, seconds=seconds, eb_n0_db=eb_n0_db, seed=seed, clock_ppm=clock_ppm)
    return of_one(on_air, receive_gsm(block))


def offset_table() -> None:
    print("\n| carrier off by, kHz | sample clock, ppm | blocks read at 20 dB | at 3 dB |\n|---|---|---|---|")
    for offset_khz in (0, 20, 40, 60, 80, 100, 110):
        for clock_ppm in (0.0, 100.0) if offset_khz in (0, 100) else (0.0,):
            shares = []
            for eb_n0_db in (20.0, 3.0):
                both = [
                    at(eb_n0_db, sign * 1e3 * offset_khz, clock_ppm=sign * clock_ppm, seed=7, seconds=1.0)
                    for sign in (-1, 1)
                ]
                shares.append(f"{100 * total(both).share:.1f} %")
            print(f"| ±{offset_khz} | ±{clock_ppm:g} | {shares[0]} | {shares[1]} |", flush=True)
