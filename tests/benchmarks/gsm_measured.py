"""Carrier and arrival of made cells: their errors, what was claimed, and the Cramér–Rao bound of the bursts read."""

from dataclasses import dataclass

import numpy as np

from dsp.gsm.bounds import bounds
from dsp.gsm.fcch import find_tone_bursts
from dsp.gsm.frame import HYPERFRAME, SYMBOL_HZ
from dsp.gsm.measure import Measured, measure
from dsp.gsm.reader import CellRead, read_cells
from dsp.gsm.slots import Window
from recordings.gsm.spec import GsmBroadcast
from tests.dsp.gsm.made import SCALE_DBFS, OnAir, window

Taps = tuple[tuple[float, float], ...]
STATIC: Taps = ((0.0, 0.0),)
URBAN: Taps = ((0.0, -3.0), (0.2e-6, 0.0), (0.5e-6, -2.0), (1.6e-6, -6.0), (2.3e-6, -8.0), (5e-6, -10.0))
HILLY: Taps = ((0.0, 0.0), (0.2e-6, -2.0), (0.4e-6, -4.0), (0.6e-6, -7.0), (15e-6, -6.0), (17.2e-6, -12.0))


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    eb_n0_db: float
    seconds: float = 1.0
    rate_hz: float = 1e6
    taps: Taps = STATIC
    doppler_hz: float = 0.0
    seeds: int = 40


CASES = (
    Case("static", 3.0),
    Case("static", 10.0),
    Case("static", 20.0),
    Case("static", 30.0),
    Case("static, 0.3 s", 10.0, seconds=0.3),
    Case("static, 2 s", 10.0, seconds=2.0, seeds=20),
    Case("static, 1.083 MS/s", 10.0, rate_hz=4 * SYMBOL_HZ, seeds=20),
    Case("static, 2.0 MS/s", 10.0, rate_hz=2e6, seeds=20),
    Case("static, 2.4 MS/s", 10.0, rate_hz=2.4e6, seeds=20),
    Case("static, 3.2 MS/s", 10.0, rate_hz=3.2e6, seeds=20),
    Case("typical urban, 42 Hz", 15.0, taps=URBAN, doppler_hz=42.0),
    Case("typical urban, 3 Hz", 15.0, taps=URBAN, doppler_hz=2.5),
    Case("hilly terrain, 83 Hz", 18.0, taps=HILLY, doppler_hz=83.0),
)


def table() -> None:
    """Prints root mean squares over seeds; arrival against the first path, bound for a single one."""
    print(
        "\nmeasured                  Eb/N0 seeds   arrival, ns: mean    rms claimed  bound rms/bound claimed/rms",
        end="",
    )
    print("   carrier, Hz:  mean    rms claimed  bound rms/bound claimed/rms   level, dB   C/N, dB")
    for k, case in enumerate(CASES):
        seeds = range(1000 * k, 1000 * k + case.seeds)  # noise of its own
        _print_row(case, [row for seed in seeds if (row := _one(case, seed)) is not None])


@dataclass(frozen=True, slots=True)
class _Row:
    arrival_ns: tuple[float, float, float]  # error, claimed, bound
    carrier_hz: tuple[float, float, float]
    level_db: float  # errors
    cnr_db: float


def _print_row(case: Case, rows: list[_Row]) -> None:
    print(f"  {case.name:23} {case.eb_n0_db:5g} {len(rows):5}", end="")
    for each, places, width in (([r.arrival_ns for r in rows], 2, 20), ([r.carrier_hz for r in rows], 3, 17)):
        rms, claimed, bound = np.sqrt(np.mean(np.square(each), axis=0))
        mean = float(np.mean(each, axis=0)[0])
        print(f" {mean:{width}.{places}f} {rms:6.{places}f} {claimed:7.{places}f} {bound:6.{places}f}", end="")
        print(f" {rms / bound:9.2f} {claimed / rms:11.2f}", end="")
    level, cnr = (np.mean([getattr(row, name) for row in rows]) for name in ("level_db", "cnr_db"))
    print(f" {level:11.2f} {cnr:9.2f}", flush=True)


def _one(case: Case, seed: int) -> _Row | None:
    """A cell of random phase, offset and contents; None when it was not read."""
    rng = np.random.default_rng((seed, 20))
    sent = GsmBroadcast(
        arfcn=25,
        plmn="460-00",
        bsic=int(rng.integers(64)),
        ci=int(rng.integers(1, 65535)),
        frame_number_at_start=int(rng.integers(HYPERFRAME - 10_000)),
        symbol_offset=float(rng.uniform(0, 1250)),
    )
    offset_hz = float(rng.uniform(-3e4, 3e4))
    on_air = OnAir(sent, offset_hz, seed=seed, taps=case.taps, doppler_hz=case.doppler_hz)
    block = window([on_air], rate_hz=case.rate_hz, seconds=case.seconds, eb_n0_db=case.eb_n0_db, seed=seed)
    within = Window(block.samples, block.rate_hz)
    cells = read_cells(within, find_tone_bursts(within))
    if not cells:
        return None
    got = measure(cells[0].known, cells[0].clock, cells[0].carrier_hz)
    return _row(case, sent, offset_hz, cells[0], got)


def _row(case: Case, sent: GsmBroadcast, offset_hz: float, cell: CellRead, got: Measured) -> _Row:
    ns = 1e9 / case.rate_hz
    number = (got.frame + cell.frame_number_at_0) % HYPERFRAME
    symbols = (number - sent.frame_number_at_start) * 1250 - sent.symbol_offset
    least = bounds(cell.known.bits, eb_n0_db=case.eb_n0_db)
    return _Row(
        (
            (got.frame_sample - symbols * case.rate_hz / SYMBOL_HZ) * ns,
            got.frame_sample_sigma * ns,
            least.arrival_s * 1e9,
        ),
        (got.carrier_hz - offset_hz, got.carrier_sigma_hz, least.carrier_hz),
        10 * float(np.log10(got.power)) - SCALE_DBFS,
        10 * float(np.log10(got.power / got.noise)) - case.eb_n0_db - 10 * float(np.log10(SYMBOL_HZ / 200e3)),
    )


if __name__ == "__main__":
    table()
