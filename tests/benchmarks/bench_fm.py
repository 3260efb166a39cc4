"""FM: RDS against CNR, names by repetition, carriers found, the cost of a window. redsea's figures: same CNR, 2 kHz."""

import time

import numpy as np

from dsp.fm.rds_fields import RdsFields
from dsp.fm.receive import receive_fm
from dsp.spectrum import welch_spectrum
from recordings.fm.spec import FmBroadcast
from tests.benchmarks.fm_rds import false_confirmations, names_by_repetition, real_bits, real_logs
from tests.dsp.fm.made_window import Sent, make_window, rds

LOOKS = 5
BLOCKS_CUT = 1.0  # the ends of a look cut two blocks in half, on average
SECONDS = 4.0
HOURS = 0.25  # of each input that must confirm nothing false; docs/figures.md says how long it was run
REDSEA_NO_FEC = {12: 1, 14: 12, 16: 50, 18: 87, 20: 98, 22: 99}


def main() -> None:
    _rds_against_cnr()
    names_by_repetition()
    false_confirmations(HOURS)
    real_logs()
    real_bits()
    _found_against_cnr()
    _cost_of_a_window()


def _rds_against_cnr() -> None:
    print(
        "| CNR dB | blocks, % of all | % of those whole in the look | redsea without FEC, % | PI right in 4 s | wrong |"
    )
    print("|---|---|---|---|---|---|")
    for cnr_db in (9, 10, 11, 12, 14, 16, 18, 20, 22):
        good = right = wrong = 0
        for seed in range(LOOKS):
            what = FmBroadcast(programme=("music", "speech")[seed % 2], rds=rds(0x1234 + seed))  # type: ignore[arg-type]
            block = make_window(
                [Sent(20e3, cnr_db, what, seed)], seconds=SECONDS, rate_hz=480e3, seed=100 * cnr_db + seed
            )
            for station in receive_fm(block).stations:
                good += station.multiplex.rds.blocks_good
                confirmed = {pi for pi, n in RdsFields().take(station.multiplex.rds.groups).pi.items() if n >= 3}
                combined = station.multiplex.combined_pi
                known = confirmed | ({combined.pi} if combined else set())
                right += known == {0x1234 + seed}
                wrong += bool(known - {0x1234 + seed})
        sent = LOOKS * SECONDS * 1187.5 / 26
        whole = sent - LOOKS * BLOCKS_CUT
        shares = f"{100 * good / sent:.1f} | {100 * good / whole:.1f}"
        print(f"| {cnr_db} | {shares} | {REDSEA_NO_FEC.get(cnr_db, '')} | {right} of {LOOKS} | {wrong} |", flush=True)


def _found_against_cnr() -> None:
    print("\n| CNR dB | found in 2 s |\n|---|---|")
    for cnr_db in (3, 4, 5, 6, 8):
        found = 0
        for seed in range(LOOKS):
            sent = [
                Sent(-400e3 + 17e3 * seed, cnr_db, FmBroadcast(programme="music"), seed),
                Sent(300e3 - 13e3 * seed, cnr_db, FmBroadcast(programme="speech", stereo=False), seed + 50),
            ]
            found += len(receive_fm(make_window(sent, seconds=2.0, rate_hz=1.2e6, seed=seed)).stations)
        print(f"| {cnr_db} | {found} of {2 * LOOKS} |", flush=True)


def _cost_of_a_window() -> None:
    sent = [
        Sent(-900e3 + 250e3 * k, 20 + 5 * (k % 4), FmBroadcast(programme="music", rds=rds(0x1000 + k)), k)
        for k in range(8)
    ]
    block = make_window(sent, seconds=2.0)
    print(f"\n8 stations in 2.4 MS/s: {_cpu_s(lambda: receive_fm(block)) / block.seconds:.2f} CPU s a second")
    spectrum_s = _cpu_s(lambda: welch_spectrum(block, bin_hz=1500))
    print(f"averaged spectrum: {block.seconds / spectrum_s:.0f} times real time")


def _cpu_s(work: object) -> float:
    assert callable(work)
    spent = []
    for _ in range(3):
        started = time.process_time()
        work()
        spent.append(time.process_time() - started)
    return float(np.min(spent))
