"""Time differences, bearings and all together: against the bound, against robust least squares, on real bearings and
real arrivals. `bench_locate` has received power."""

import os
from pathlib import Path

from tests.benchmarks import aircraft, hand_held
from tests.benchmarks.locating_tables import against_the_bound, of_every_kind

RUNS_AGAINST_THE_BOUND, RUNS_OF_EVERY_KIND = 300, 200


def recordings() -> Path:
    default = Path(__file__).resolve().parents[2].parent / "shared" / "recordings"
    return Path(os.environ.get("WAVEWARDEN_RECORDINGS") or default) / "locating"


def main() -> None:
    folder = recordings()
    if folder.is_dir():
        hand_held.table(folder)
        print()
        aircraft.table(folder / "adsb_toa")
        print()
    against_the_bound(RUNS_AGAINST_THE_BOUND)
    print()
    of_every_kind(RUNS_OF_EVERY_KIND)
