"""What reception costs: CPU seconds by the number of cells, memory, and how long a new process takes to its first."""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from dsp.gsm.receive import receive_gsm
from dsp.iq import IqBlock
from recordings.gsm.spec import GsmBroadcast
from tests.dsp.gsm.made import OnAir, window

RATE_HZ = 2.4e6
_FIRST = """
import sys, time
import numpy as np
from dsp.gsm.cell import CellMemory
from dsp.gsm.receive import receive_gsm
from dsp.iq import IqBlock
block = IqBlock(samples=np.load(sys.argv[1]), rate_hz=2.4e6, centre_hz=940e6)
cells = CellMemory().describe(receive_gsm(block))
most_kb = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(len(cells), time.process_time(), int(most_kb) / 1024)  # ru_maxrss would count what the parent had
"""


def on_air(cells: int) -> list[OnAir]:
    places = np.linspace(-5, 5, cells).round() if cells > 1 else np.zeros(cells)
    return [
        OnAir(GsmBroadcast(plmn="460-00", bsic=5 * k, ci=k + 1, symbol_offset=97.3 * k), 2e5 * float(place), seed=k)
        for k, place in enumerate(places)
    ]


def cpu_s_per_s(cells: int, *, seconds: float = 1.0) -> tuple[float, int, int]:
    """Median of three after a first one: CPU s a second, cells read, blocks that failed."""
    block = window(on_air(cells), rate_hz=RATE_HZ, seconds=seconds, eb_n0_db=20.0)
    look = receive_gsm(block)
    spent = []
    for _ in range(3):
        began = time.process_time()
        look = receive_gsm(block)
        spent.append((time.process_time() - began) / seconds)
    return float(np.median(spent)), len(look.receptions), sum(each.blocks_failed for each in look.receptions)


def start_to_first_cell() -> tuple[float, float, float]:
    """Of a new process that loads, receives and describes 1 s of three cells: CPU s, wall s, MB; least of three."""
    block = window(on_air(3), rate_hz=RATE_HZ, seconds=1.0, eb_n0_db=20.0)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "window.npy"
        np.save(path, block.samples)
        runs = [_fresh(path) for _ in range(4)][1:]
    return min(run[0] for run in runs), min(run[1] for run in runs), max(run[2] for run in runs)


def _fresh(path: Path) -> tuple[float, float, float]:
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-c", _FIRST, str(path)], check=True, capture_output=True, text=True)
    cells, cpu_s, megabytes = done.stdout.split()
    assert int(cells) == 3, done.stdout
    return float(cpu_s), time.monotonic() - began, float(megabytes)


def table() -> None:
    print(f"\n| window of {RATE_HZ / 1e6:g} MS/s, cells on air | CPU s a second | cells read | blocks failed |")
    print("|---|---|---|---|")
    for cells in (0, 1, 3, 7, 11):
        spent, read, failed = cpu_s_per_s(cells)
        print(f"| {cells} | {spent:.3f} | {read} | {failed} |", flush=True)
    cpu_s, wall_s, megabytes = start_to_first_cell()
    print(
        f"\nnew process to its first cells: {cpu_s:.2f} CPU s ({wall_s:.1f} s by the wall), {megabytes:.0f} MB at most"
    )
    print(f"ten seconds of 2.4 MS/s: {_long_look_mb():.0f} MB more")


def _long_look_mb() -> float:
    rng = np.random.default_rng(1)
    samples = rng.standard_normal(2 * 24_000_000, np.float32).view(np.complex64)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    receive_gsm(IqBlock(samples=samples, rate_hz=RATE_HZ, centre_hz=940e6))
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
