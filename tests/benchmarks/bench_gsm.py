"""GSM reception on made signals: blocks read, cells found, what is measured, and what it costs."""

import resource
import time

import numpy as np

from dsp.gsm.receive import receive_gsm
from recordings.gsm.spec import GsmBroadcast
from tests.dsp.gsm.made import OnAir, window

CELL = GsmBroadcast(arfcn=25, plmn="460-00", bsic=21, ci=200, frame_number_at_start=123_456, symbol_offset=333.3)
URBAN = ((0.0, -3.0), (0.2e-6, 0.0), (0.5e-6, -2.0), (1.6e-6, -6.0), (2.3e-6, -8.0), (5e-6, -10.0))
HILLY = ((0.0, 0.0), (0.2e-6, -2.0), (0.4e-6, -4.0), (0.6e-6, -7.0), (15e-6, -6.0), (17.2e-6, -12.0))
RATE, SEEDS = 1e6, 4


def main() -> None:
    _cost()
    _blocks()
    _found()
    _measured()


def _blocks() -> None:
    print("\nblocks read, %             Eb/N0 dB: share")
    static: tuple[tuple[float, float], ...] = ((0.0, 0.0),)
    for name, taps, doppler_hz, levels in (
        ("static", static, 0.0, (4.0, 3.0, 1.5, 0.0)),
        ("typical urban, 42 Hz", URBAN, 42.0, (12.0, 8.0)),
        ("hilly terrain, 83 Hz", HILLY, 83.0, (18.0, 12.0)),
    ):
        row = [f"{level:g}: {100 * _share(level, taps, doppler_hz):.1f}" for level in levels]
        print(f"  {name:24} {'   '.join(row)}")


def _share(eb_n0_db: float, taps: tuple[tuple[float, float], ...], doppler_hz: float) -> float:
    read = total = 0
    for seed in range(SEEDS):
        on_air = OnAir(CELL, 4321.0, seed=seed, taps=taps, doppler_hz=doppler_hz)
        look = receive_gsm(window([on_air], rate_hz=RATE, seconds=2.0, eb_n0_db=eb_n0_db, seed=seed))
        read += sum(len(each.blocks) for each in look.receptions)
        total += sum(len(each.blocks) + each.blocks_failed for each in look.receptions) or 84
    return read / total


def _found() -> None:
    print("\ncell found and confirmed within 0.5 s of signal, offsets up to ±100 kHz, 10 starts each")
    for eb_n0_db in (3.0, 1.0, 0.0, -1.0):
        found = blocks = 0
        for seed in range(10):
            on_air = OnAir(CELL, -9e4 + 2e4 * seed, seed=seed, start_s=0.37 * seed)
            look = receive_gsm(window([on_air], rate_hz=RATE, seconds=0.5, eb_n0_db=eb_n0_db, seed=seed))
            found += bool(look.receptions)
            blocks += sum(len(each.blocks) for each in look.receptions)
        print(f"  {eb_n0_db:4.1f} dB: {found}/10, {blocks / 10:.1f} blocks on average")


def _measured() -> None:
    print("\n1 s, static       carrier error rms / claimed, Hz   arrival error rms / claimed, ns")
    for eb_n0_db in (20.0, 10.0, 3.0):
        errors = []
        for seed in range(10):
            block = window([OnAir(CELL, 7000.0, seed=seed)], rate_hz=RATE, seconds=1.0, eb_n0_db=eb_n0_db, seed=seed)
            (got,) = receive_gsm(block).receptions
            sent = ((got.frame_number - 123_456) * 1250 - 333.3) * RATE * 6 / 1_625_000
            late_ns = (got.frame_sample - sent) / RATE * 1e9
            claimed_ns = (got.frame_sample_sigma or 0.0) / RATE * 1e9
            errors.append((got.carrier_offset_hz - 7000.0, got.carrier_offset_sigma_hz, late_ns, claimed_ns))
        carrier, carrier_claimed, late, late_claimed = np.sqrt(np.mean(np.square(errors), axis=0))
        print(f"  {eb_n0_db:4.1f} dB         {carrier:10.2f} / {carrier_claimed:.2f} {late:28.2f} / {late_claimed:.2f}")


def _cost() -> None:
    print("2.4 MS/s, 1 s         CPU s per s   cells read   blocks failed")
    for count in (0, 1, 3, 7, 11):
        on_air = [
            OnAir(GsmBroadcast(plmn="460-00", bsic=5 * k, ci=k, symbol_offset=97.3 * k), 2e5 * (k - 5), seed=k)
            for k in (range(0, 11, max(1, 11 // max(count, 1))) if count < 11 else range(11))
        ][:count]
        block = window(on_air, rate_hz=2.4e6, seconds=1.0, eb_n0_db=20.0, centre_hz=940e6)
        receive_gsm(block)
        began = time.process_time()
        look = receive_gsm(block)
        spent = time.process_time() - began
        failed = sum(each.blocks_failed for each in look.receptions)
        print(f"  {count:2} cells on air     {spent:8.2f} {len(look.receptions):12} {failed:15}")
    print(f"memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at most")
