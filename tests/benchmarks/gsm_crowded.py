"""Windows full of cells at many levels, through a dongle's oscillator and converter: who is found, what is invented."""

from dataclasses import dataclass, replace

import numpy as np

from dsp.gsm.frame import HYPERFRAME
from dsp.gsm.receive import receive_gsm
from dsp.iq import IqBlock
from recordings.gsm.spec import GsmBroadcast
from recordings.receive_converter import Converter, Imperfections
from tests.benchmarks.gsm_truth import Tally, of_one, total
from tests.dsp.gsm.made import OnAir, window

CENTRE_HZ = 940e6
DONGLE = Imperfections(dc_i=0.01, iq_gain_db=0.2, iq_phase_deg=1.0)
WINDOWS, DEEPEST_DB = 8, 35.0
_BESIDE_DB = 15.0  # more than a neighbour on the next channel may be stronger


@dataclass(frozen=True, slots=True)
class Crowd:
    on_air: tuple[OnAir, ...]
    clock_ppm: float

    def seen_hz(self, which: int) -> float:
        return self.on_air[which].offset_hz + CENTRE_HZ * 1e-6 * self.clock_ppm

    def drowned(self, which: int) -> bool:
        """Whether a neighbour 200 kHz away is too strong for it."""
        one = self.on_air[which]
        near = [each for each in self.on_air if each is not one and abs(each.offset_hz - one.offset_hz) < 250e3]
        return any(each.level_db - one.level_db > _BESIDE_DB for each in near)


def crowd(seed: int, rate_hz: float) -> Crowd:
    """Two to eight cells on a raster, up to 35 dB apart, some combined, some with all slots busy."""
    rng = np.random.default_rng((seed, 77))
    reach = int((rate_hz / 2 - 1e5) // 2e5)
    places = rng.permutation(np.arange(-reach, reach + 1))[: rng.integers(2, 9)]
    clock_ppm = float(rng.uniform(-80, 80))
    on_air = [
        OnAir(
            _broadcast(rng, k),
            2e5 * float(place) - CENTRE_HZ * 1e-6 * clock_ppm,
            level_db=-float(rng.uniform(0, DEEPEST_DB)),
            seed=10 * seed + k,
        )
        for k, place in enumerate(places)
    ]
    return Crowd(tuple(on_air), clock_ppm)


def _broadcast(rng: np.random.Generator, k: int) -> GsmBroadcast:
    return GsmBroadcast(
        arfcn=10 + k,
        plmn="460-00",
        bsic=int(rng.integers(64)),
        lac=k + 1,
        ci=1000 + k,
        combined=bool(rng.random() < 0.3),
        frame_number_at_start=int(rng.integers(HYPERFRAME)),
        symbol_offset=float(rng.uniform(0, 1250)),
        busy_timeslots=tuple(range(1, 8)) if rng.random() < 0.5 else (),
        paging_per_s=float(rng.uniform(0, 40)),
    )


def table() -> Tally:
    print("\n| crowded windows | cells | drowned by the next channel | found | blocks read | sent | invented |")
    print("|---|---|---|---|---|---|---|")
    every = []
    for name, rate_hz, bits in (("2.4 MS/s", 2.4e6, False), ("2.0 MS/s, dongle's eight bits", 2e6, True)):
        heard, drowned = _windows(rate_hz, bits=bits)
        row = (name, heard.looks, drowned, heard.found, heard.read, heard.sent, heard.false_cells)
        print(f"| {' | '.join(map(str, row))} |", flush=True)
        every.append(heard)
    return total(every)


def _windows(rate_hz: float, *, bits: bool) -> tuple[Tally, int]:
    every, drowned = [], 0
    for seed in range(WINDOWS):
        air = crowd(seed, rate_hz)
        block = window(
            list(air.on_air), rate_hz=rate_hz, seconds=1.0, eb_n0_db=40.0, seed=seed, clock_ppm=air.clock_ppm
        )
        every.append(_tally(air, _through_converter(block) if bits else block))
        drowned += sum(air.drowned(which) for which in range(len(air.on_air)))
    return total(every), drowned


def _tally(air: Crowd, block: IqBlock) -> Tally:
    """looks : cells. What belongs to no cell, or is a second sight of one, is invented. Drowned cells sent nothing."""
    look = receive_gsm(block)
    left = list(look.receptions)
    every = []
    for which, on_air in enumerate(air.on_air):
        near = [each for each in left if abs(each.measured_hz - CENTRE_HZ - air.seen_hz(which)) < 5e3]
        ours = [each for each in near if each.bsic == on_air.broadcast.bsic][:1]
        left = [each for each in left if each not in ours]
        heard = of_one(on_air, replace(look, receptions=tuple(ours)))
        every.append(replace(heard, sent=heard.read) if air.drowned(which) else heard)
    return total([*every, Tally(false_cells=len(left))])


def _through_converter(block: IqBlock) -> IqBlock:
    samples = block.samples * np.float32(0.8 / np.abs(block.samples).max())
    octets = Converter(DONGLE).convert(samples)
    return replace(block, samples=((octets.astype(np.float32) - 127.5) / 127.5).view(np.complex64))
