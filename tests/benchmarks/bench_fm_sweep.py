"""One dongle, 87 to 108 MHz: how long a sweep stays, and what it costs to find, name and judge all it hears."""

import time
from dataclasses import replace

from dsp.signatures.licences import FmLicence, Licences
from recordings.fm.spec import FmBroadcast
from tests.benchmarks.fm_days.chain import DWELL_S, TUNE_S, WINDOWS
from tests.dsp.fm.made_window import Sent, make_window, rds
from wavewarden.fm_hearing import FmHearing

ASKED_S = 45.0
CROWDED = (4, 8)  # stations in a window: 24 or so are in a city's whole band, four a window with the overlaps


def main() -> None:
    swept_s = len(WINDOWS) * (DWELL_S + TUNE_S)
    print(f"{len(WINDOWS)} windows of {DWELL_S:g} s, {TUNE_S:g} s to tune: {swept_s:.1f} s (asked: {ASKED_S:g})\n")
    print("| stations in each window | named | unlicensed found | CPU s a sweep | of the sweep (asked: below 50 %) |")
    print("|---|---|---|---|---|")
    for count in CROWDED:
        _one(count, swept_s)


def _one(count: int, swept_s: float) -> None:
    """One made window in each place, all of the sweep heard and judged. The last of its stations has no licence."""
    offsets = [-875e3 + 1750e3 * k / (count - 1) // 50e3 * 50e3 + 25e3 for k in range(count)]
    what = [FmBroadcast(programme="music", rds=rds(0x1000 + k)) for k in range(count)]
    sent = [
        Sent(offset, 25.0 + 5 * (k % 4), each, k) for k, (offset, each) in enumerate(zip(offsets, what, strict=True))
    ]
    block = make_window(sent, seconds=DWELL_S)
    licences = Licences(
        fm=tuple(
            FmLicence(freq_hz=window.centre_hz + offset, name="one", pi=0x1000 + k)
            for window in WINDOWS
            for k, offset in enumerate(offsets[:-1])
        )
    )
    hearing, named, unlicensed = FmHearing(licences), 0, 0
    started = time.process_time()
    for turn, window in enumerate(WINDOWS):
        moved = replace(block, centre_hz=window.centre_hz, time_utc_ns=10**18 + turn * 3_150_000_000)
        for sighting in hearing.hear(moved, None).sightings:
            named += sighting.station.pi is not None
            unlicensed += any(f.name == "fm_unlicensed" for f in sighting.findings)
    cpu_s = time.process_time() - started
    found = f"{named} of {len(WINDOWS) * count} | {unlicensed} of {len(WINDOWS)}"
    print(f"| {count} | {found} | {cpu_s:.1f} | {100 * cpu_s / swept_s:.0f} % |", flush=True)


if __name__ == "__main__":
    main()
