"""FM time differences without a reference in the window: retuned to one and back, or by clocks that satellites set."""

import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from dsp.fm.difference_refusals import DifferenceRefused
from dsp.fm.phase_window import phase_window
from dsp.fm.time_difference import Search, time_difference
from fusion.fm_differences import fm_clock_difference
from fusion.gsm_looks import Refused
from recordings.propagation import SPEED_OF_LIGHT_M_S
from tests.dsp.fm.difference_made import SENSORS, Set, path_s, truth_s
from tests.dsp.fm.retuned_made import BESIDE_HZ, TARGET_HZ, Retuning, pairs, parts, receivers
from tests.fusion.test_fm_differences import degrees
from wire.phase_snippet import PhaseSnippet
from wire.report import Position, PositionSource, TimeSource

PART = Set("speech", seed=0, cnr_db=12.0, seconds=0.8)
LONE = replace(PART, seconds=1.2, ppm=(0.001, -0.001, 0.0))
PULSE_NS = 50
Measured = tuple[float, float] | str  # error and sigma in metres, or why there is none


@dataclass(frozen=True, slots=True)
class Row:
    """lost : samples that the second receiver loses on its way back, unknown to it"""

    name: str
    of: Set
    seeds: int
    lost: int = 0


RETUNED = (
    Row("speech, 12 dB", PART, 8),
    Row("music, 12 dB", replace(PART, programme="music"), 4),
    Row("music 25 dB softer, 12 dB", replace(PART, programme="quiet"), 4),
    Row("speech, 8 dB", replace(PART, cnr_db=8.0), 4),
    Row("speech, 20 dB", replace(PART, cnr_db=20.0), 4),
    Row("speech, 12 dB, 40 and -30 ppm", replace(PART, ppm=(40.0, -30.0, 5.0)), 3),
    Row("dead air, 20 dB", replace(PART, programme="silence", cnr_db=20.0), 2),
    Row("one sample lost (0.96 MS/s)", PART, 4, lost=1),
    Row("two samples lost", PART, 4, lost=2),
    Row("one USB packet lost", PART, 4, lost=256),
)
BY_CLOCK = (
    Row("speech, 12 dB", LONE, 8),
    Row("speech, 20 dB", replace(LONE, cnr_db=20.0), 4),
    Row("dead air, 20 dB", replace(LONE, programme="silence", cnr_db=20.0), 2),
)


def table() -> None:
    print(f"\nFM, reference 4.9 MHz away: reference, target, reference, {PART.seconds} s each, every 1.5 s;")
    print("three sensors at ±0.5 ppm, clocks up to 36 ms apart; asked: rms <= 8 m at 12 dB, <= 256 kB a sensor")
    _print_all(RETUNED, _retuned)
    print(f"\nFM, no reference: clocks set by satellites, drawn with {PULSE_NS} ns each, ±1 ppb; {LONE.seconds} s")
    _print_all(BY_CLOCK, _by_clock)


def _print_all(rows: tuple[Row, ...], measure: Callable[[Row, int], Iterator[tuple[Measured, int, float]]]) -> None:
    print(f"{'case':32} {'pairs':>5} {'rms m':>7} {'median':>7} {'claimed':>8} {'err/sigma':>9}", end="")
    print(f" {'kB':>5} {'CPU s a pair':>12}  refused")
    for row in rows:
        found = [each for seed in range(200, 200 + row.seeds) for each in measure(row, seed)]
        _print_row(row.name, found)


def _print_row(name: str, found: list[tuple[Measured, int, float]]) -> None:
    told = [each for each, *_ in found if not isinstance(each, str)]
    refused = Counter(each for each, *_ in found if isinstance(each, str))
    print(f"{name:32} {len(told):5}", end="")
    if told:
        errors, sigmas = np.array(told).T
        print(f" {_rms(errors):7.2f} {np.median(np.abs(errors)):7.2f} {_rms(sigmas):8.2f}", end="")
        print(f" {_rms(errors / sigmas):9.2f}", end="")
    size, cpu_s = max(size for _, size, _ in found), float(np.mean([cpu_s for *_, cpu_s in found]))
    print(
        f" {size / 1e3:5.0f} {cpu_s:12.2f}  " + ", ".join(f"{n} {why}" for why, n in sorted(refused.items())),
        flush=True,
    )


def _retuned(row: Row, seed: int) -> Iterator[tuple[Measured, int, float]]:
    of = replace(row.of, seed=seed)
    heard = [parts(ear, lost=row.lost if k == 1 else 0) for k, ear in enumerate(receivers(of))]
    sizes = [sum(len(zlib.compress(part.steps, 1)) for part in one) for one in heard]
    between = [(0, 1), (1, 2)] if row.lost else list(combinations(range(3), 2))
    for a, b in between:
        began = time.process_time()
        try:
            got = time_difference(*pairs(heard[a], heard[b]), Search(0.0, 0.1, path_s(a, b)))
        except DifferenceRefused as refusal:
            yield refusal.reason, max(sizes), time.process_time() - began
            continue
        reference_s, target_s = truth_s(a, b)
        error_m = (got.later_s - (target_s - reference_s)) * SPEED_OF_LIGHT_M_S
        yield (error_m, got.sigma_s * SPEED_OF_LIGHT_M_S), max(sizes), time.process_time() - began


def _by_clock(row: Row, seed: int) -> Iterator[tuple[Measured, int, float]]:
    of = replace(row.of, seed=seed)
    ahead_s = np.random.default_rng(seed).normal(scale=PULSE_NS * 1e-9, size=3)
    snippets = [_timed(ear, k, float(ahead_s[k])) for k, ear in enumerate(receivers(of))]
    sizes = [len(zlib.compress(each.parts[0].steps, 1)) for each in snippets]
    for a, b in combinations(range(3), 2):
        began = time.process_time()
        got = fm_clock_difference(TARGET_HZ, (str(a), snippets[a]), (str(b), snippets[b]))
        cpu_s = time.process_time() - began
        if isinstance(got, Refused):
            yield got.reason, max(sizes), cpu_s
            continue
        error_m = (got.difference_s - truth_s(a, b)[1]) * SPEED_OF_LIGHT_M_S
        yield (error_m, got.sigma_s * SPEED_OF_LIGHT_M_S), max(sizes), cpu_s


def _timed(ear: Retuning, number: int, ahead_s: float) -> PhaseSnippet:
    """What a sensor whose pulse is so late sends."""
    of = replace(ear, ear=replace(ear.ear, ahead_s=ahead_s))
    block = of.look(TARGET_HZ - BESIDE_HZ, at_s=of.of.begin_s, seconds=of.of.seconds)
    lat_deg, lon_deg = degrees(SENSORS[number])
    return PhaseSnippet(
        parts=phase_window(block, (TARGET_HZ,)),
        time_utc_ns=round(of.of.begin_s * 1e9),
        time_sigma_ns=PULSE_NS,
        time_source=TimeSource.PPS,
        position=Position(lat_deg=lat_deg, lon_deg=lon_deg, sigma_m=1.0, source=PositionSource.SURVEYED),
    )


def _rms(values: np.ndarray) -> float:
    return float(np.sqrt(np.mean(values**2)))
