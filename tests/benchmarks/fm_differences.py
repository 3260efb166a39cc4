"""FM time differences from made IQ: error, what was claimed, and the bound of Stein computed beside; size and cost."""

import time
import zlib
from collections import Counter
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from dsp.fm.difference_refusals import DifferenceRefused
from dsp.fm.discriminator import discriminate
from dsp.fm.phase_steps import PhaseSteps
from dsp.fm.phase_window import phase_window
from dsp.fm.time_difference import Search, time_difference
from recordings.propagation import SPEED_OF_LIGHT_M_S
from recordings.scenario import FmPropagation
from tests.dsp.fm.difference_made import OFFSETS_S, REFERENCE_HZ, TARGET_HZ, Set, blocks, path_s, transmitter, truth_s

SECONDS = 1.2
PLAIN = Set("speech", seed=0, cnr_db=12.0, seconds=SECONDS)
CASES = (
    ("speech, 12 dB", PLAIN, 12),
    ("music, 12 dB", replace(PLAIN, programme="music"), 12),
    ("quiet music, 12 dB", replace(PLAIN, programme="quiet"), 12),
    ("speech, 8 dB", replace(PLAIN, cnr_db=8.0), 6),
    ("speech, 20 dB", replace(PLAIN, cnr_db=20.0), 6),
    ("speech, 40 dB", replace(PLAIN, cnr_db=40.0), 4),
    ("speech, 12 dB, 2.4 MS/s", replace(PLAIN, rate_hz=2.4e6), 3),
    ("speech, 12 dB, 40 and -30 ppm", replace(PLAIN, ppm=(40.0, -30.0, 5.0)), 4),
    ("dead air with RDS, 12 dB", replace(PLAIN, programme="silence", rds=True), 2),
    ("dead air, 30 dB", replace(PLAIN, programme="silence", cnr_db=30.0), 2),
    ("a tone, 30 dB", replace(PLAIN, programme="tone", reference="tone", cnr_db=30.0), 2),
    ("speech, 30 dB, echoes of 0.3 µs", replace(PLAIN, cnr_db=30.0, echoes=FmPropagation()), 12),
)


@dataclass(frozen=True, slots=True)
class Pair:
    error_m: float
    sigma_m: float
    cpu_s: float


def table() -> None:
    print(f"\nFM, three sensors at ±0.5 ppm whose clocks differ by up to 36 ms, snippets of {SECONDS} s, all pairs;")
    print("asked: rms <= 8 m at 12 dB, <= 1.5 CPU s a pair, <= 256 kB a sensor (peer: 100 to 450 m; careful 5 m)")
    print(f"{'case':32} {'pairs':>5} {'rms m':>7} {'median':>7} {'claimed':>8} {'err/sigma':>9} {'bound':>6}", end="")
    print(f" {'kB':>5} {'CPU s a pair':>12} {'a snippet':>9}  refused")
    for name, case, seeds in CASES:
        _print_row(name, case, range(100, 100 + seeds))


def _print_row(name: str, case: Set, seeds: range) -> None:
    pairs: list[Pair] = []
    refused: Counter[str] = Counter()
    sizes, costs = [], []
    for seed in seeds:
        made = replace(case, seed=seed)
        snippets, cpu_s = _snippets(made)
        costs.append(cpu_s)
        sizes += [sum(len(zlib.compress(part.steps, 1)) for part in parts) for parts in snippets]
        for a, b in combinations(range(3), 2):
            found = _pair(snippets[a], snippets[b], a, b)
            if isinstance(found, Pair):
                pairs.append(found)
            else:
                refused[found] += 1
    errors, sigmas = np.array([p.error_m for p in pairs]), np.array([p.sigma_m for p in pairs])
    print(f"{name:32} {len(pairs):5}", end="")
    if pairs:
        least = float(np.sqrt(np.mean([bound_m(replace(case, seed=seed)) ** 2 for seed in seeds[:6]])))
        print(f" {_rms(errors):7.2f} {np.median(np.abs(errors)):7.2f} {_rms(sigmas):8.2f}", end="")
        print(f" {_rms(errors / sigmas):9.2f} {least:6.2f}", end="")
        print(f" {max(sizes) / 1e3:5.0f} {np.mean([p.cpu_s for p in pairs]):12.2f} {np.mean(costs):9.2f}", end="")
    print("  " + ", ".join(f"{count} {reason}" for reason, count in sorted(refused.items())), flush=True)


def _snippets(made: Set) -> tuple[list[tuple[PhaseSteps, ...]], float]:
    """One a sensor, and the mean cost of making one."""
    heard = blocks(made)
    began = time.process_time()
    snippets = [phase_window(block, (REFERENCE_HZ, TARGET_HZ)) for block in heard]
    return snippets, (time.process_time() - began) / len(heard)


def _pair(first: tuple[PhaseSteps, ...], second: tuple[PhaseSteps, ...], a: int, b: int) -> Pair | str:
    began = time.process_time()
    try:
        got = time_difference([(first[0], second[0])], [(first[1], second[1])], Search(0.0, 0.1, path_s(a, b)))
    except DifferenceRefused as refusal:
        return refusal.reason
    reference_s, target_s = truth_s(a, b)
    return Pair(
        (got.later_s - (target_s - reference_s)) * SPEED_OF_LIGHT_M_S,
        got.sigma_s * SPEED_OF_LIGHT_M_S,
        time.process_time() - began,
    )


def bound_m(made: Set) -> float:
    """Of target minus reference: S. Stein (IEEE Trans. ASSP-29, 1981), noise in 200 kHz, the RMS deviation sent.

    All pairs overlap for less than the snippet, by what their clocks differ: the mean of it counts.
    """
    overlap_s = made.seconds - float(np.mean([abs(OFFSETS_S[a] - OFFSETS_S[b]) for a, b in combinations(range(3), 2)]))
    ratio = 10 ** (made.cnr_db / 10)
    together = 1 / (0.5 * (2 / ratio + 1 / ratio**2))
    variance_s2 = 0.0
    for programme, number in ((made.reference, 1), (made.programme, 2)):
        sent = transmitter(made, programme, number)
        samples = sent.baseband(round(made.begin_s * sent.rate_hz), round(overlap_s * sent.rate_hz))
        deviation_hz = float(np.std(discriminate(samples, sent.rate_hz)))
        variance_s2 += 1 / ((2 * np.pi * deviation_hz) ** 2 * 200e3 * overlap_s * together)
    return float(np.sqrt(variance_s2)) * SPEED_OF_LIGHT_M_S


def _rms(values: np.ndarray) -> float:
    return float(np.sqrt(np.mean(values**2)))
