"""Where a cell's frame count stands against the clock: the phase no two unsynchronised transmitters share.

A frame lasts 120/26 ms and the count runs to 2715648 (3GPP TS 45.002 §4.3.3): 12533.76 s. Two cells at random agree
within a millisecond once in 6 million.
"""

from dsp.gsm.values import GsmCell

FRAME_NS = 60e6 / 13.0
FRAMES = 2715648
HYPERFRAME_NS = 12_533_760_000_000


def frame_phase_ns(cell: GsmCell) -> float | None:
    """Instant at which the cell's frame 0 began, modulo a hyperframe; None without a clock."""
    if cell.frame_time_utc_ns is None:
        return None
    elapsed_13 = (cell.frame_number % FRAMES) * 60_000_000  # in 1/13 ns
    return ((cell.frame_time_utc_ns * 13 - elapsed_13) % (HYPERFRAME_NS * 13)) / 13.0


def wrapped_ns(difference_ns: float) -> float:
    """The difference of two phases, within half a hyperframe of zero."""
    return (difference_ns + HYPERFRAME_NS / 2) % HYPERFRAME_NS - HYPERFRAME_NS / 2
