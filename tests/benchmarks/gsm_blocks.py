"""How many blocks are read: static, fading, with repeats added over time, and beside a strong neighbour."""

from dataclasses import replace

import msgspec

from dsp.gsm.receive import receive_gsm
from dsp.gsm.repeats import Repeats
from recordings.gsm.spec import GsmBroadcast
from tests.benchmarks.gsm_truth import CELL, Tally, of_one, total
from tests.dsp.gsm.made import OnAir, window

Taps = tuple[tuple[float, float], ...]
STATIC: Taps = ((0.0, 0.0),)
URBAN: Taps = ((0.0, -3.0), (0.2e-6, 0.0), (0.5e-6, -2.0), (1.6e-6, -6.0), (2.3e-6, -8.0), (5e-6, -10.0))
HILLY: Taps = ((0.0, 0.0), (0.2e-6, -2.0), (0.4e-6, -4.0), (0.6e-6, -7.0), (15e-6, -6.0), (17.2e-6, -12.0))
STRONG = GsmBroadcast(arfcn=27, plmn="460-00", bsic=3, ci=3, symbol_offset=700.0, busy_timeslots=(1, 2, 3, 4, 5, 6, 7))
ONE_BIT_OTHER = msgspec.structs.replace(CELL, ci=CELL.ci ^ 1)
RATE_HZ, SECONDS = 1e6, 2.0
LOOKS, FADING_LOOKS, SERIES = 6, 6, 3


def blocks(eb_n0_db: float, *, taps: Taps = STATIC, doppler_hz: float = 0.0, looks: int = LOOKS) -> Tally:
    return total([_look(eb_n0_db, seed, taps=taps, doppler_hz=doppler_hz) for seed in range(looks)])


def _look(eb_n0_db: float, seed: int, *, taps: Taps, doppler_hz: float) -> Tally:
    on_air = OnAir(CELL, 4321.0, seed=seed, taps=taps, doppler_hz=doppler_hz, start_s=1.37 * seed)
    return of_one(on_air, receive_gsm(window([on_air], rate_hz=RATE_HZ, seconds=SECONDS, eb_n0_db=eb_n0_db, seed=seed)))


def over_time(eb_n0_db: float, *, looks: int, cells: tuple[GsmBroadcast, ...] = (CELL,)) -> list[Tally]:
    """The first, second … look of a few cells whose soft bits are kept from look to look.

    cells : what is sent from one look to the next, in turn: one that changes its mind may not be misread
    """
    out = [Tally()] * looks
    for seed in range(SERIES):
        memory = Repeats()
        for k in range(looks):
            on_air = OnAir(cells[k % len(cells)], 4321.0, seed=seed, start_s=SECONDS * k)
            block = window([on_air], rate_hz=RATE_HZ, seconds=SECONDS, eb_n0_db=eb_n0_db, seed=100 * seed + k)
            block = replace(block, first_sample=round(k * SECONDS * RATE_HZ))
            out[k] += of_one(on_air, memory.add(receive_gsm(block)))
    return out


def beside_a_strong_one(away_hz: float, stronger_db: float, *, eb_n0_db: float, looks: int = LOOKS) -> tuple[int, int]:
    """Blocks read alone and beside it, the same noise both times."""
    read = []
    for others in ([], [OnAir(STRONG, -1e5 + away_hz, level_db=stronger_db)]):
        count = 0
        for seed in range(looks):
            on_air = [OnAir(CELL, -1e5, seed=seed), *others]
            look = receive_gsm(window(on_air, rate_hz=1.2e6, seconds=1.0, eb_n0_db=eb_n0_db, seed=seed))
            count += sum(len(each.blocks) for each in look.receptions if each.bsic == CELL.bsic)
        read.append(count)
    return read[0], read[1]
