"""What the receiver gives of two stations on one channel, on made signals: the capture that `receiver` imitates."""

from dsp.fm.receive import receive_fm
from dsp.fm.station import StationMemory
from recordings.fm.spec import FmBroadcast
from tests.dsp.fm.made_window import Sent, make_window, rds

STATION_CNR_DB, AWAY_HZ, SECONDS = 35.0, 500.0, 2.0
OVER_DB = (-3.0, 0.0, 2.0, 4.0, 6.0, 8.0, 12.0, 18.0)


def table() -> list[str]:
    """A second station 500 Hz off the first, both with 4660 (0x1234) as PI where they have one."""
    rows = [
        "| second, dB over the first | sinr | carrier off the first, Hz (sigma) | pilot off, mHz | RDS groups of 23 |",
        "|---|---|---|---|---|",
    ]
    mono = FmBroadcast(programme="speech", stereo=False)
    for over_db in OVER_DB:
        for name, what in (("mono", mono), ("copy", FmBroadcast(programme="speech", rds=rds()))):
            rows.append(_row(name, over_db, what))
    return rows


def _row(name: str, over_db: float, what: FmBroadcast) -> str:
    first = Sent(20e3, STATION_CNR_DB, FmBroadcast(programme="music", rds=rds()), 1)
    second = Sent(20e3 + AWAY_HZ, STATION_CNR_DB + over_db, what, 9)
    block = make_window([first, second], seconds=SECONDS, rate_hz=480e3, seed=3)
    (station,) = StationMemory().describe(receive_fm(block))
    pilot = "none" if station.pilot_hz is None else f"{1e3 * (station.pilot_hz - 19e3):+.1f}"
    off_hz = station.freq_hz - block.centre_hz - 20e3
    carrier = f"{off_hz:+.0f} ({station.freq_sigma_hz:.0f})"
    return f"| {name} {over_db:+.0f} | {station.sinr_db or 0.0:.1f} | {carrier} | {pilot} | {station.rds_groups} |"
