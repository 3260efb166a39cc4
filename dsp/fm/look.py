"""What one look at an FM window gave, before any memory of other looks."""

from dataclasses import dataclass

from dsp.fm.multiplex import MultiplexReception
from dsp.spectrum import Carrier


@dataclass(frozen=True, slots=True)
class FmReception:
    """One station in one look. freq_hz by the sensor's own oscillator."""

    freq_hz: float
    freq_sigma_hz: float
    carrier: Carrier
    sinr_db: float | None  # the carrier over all else in its channel, from its envelope
    multiplex: MultiplexReception
    neighbour_db: float | None = None  # strongest carrier within 400 kHz, over this one
    neighbour_away_hz: float | None = None
    uncovered: bool = False  # heard once a stronger one beside it had been taken off: proved to be no part of it


@dataclass(frozen=True, slots=True)
class FmLook:
    """rejected: lumps in the spectrum that were no FM station, by reason. others: those of them that are emissions all
    the same: narrow channels and data."""

    stations: tuple[FmReception, ...]
    noise_dbfs_200k: float | None  # None: there was no signal at all, not even noise
    centre_hz: float
    rate_hz: float
    seconds: float
    time_utc_ns: int | None
    clipped_share: float | None
    rejected: dict[str, int]
    others: tuple[FmReception, ...] = ()
    begin_s: float | None = None  # of its samples in the receiver's running count
