"""A run of complex samples as a receiver delivered it, with what is known about it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class IqBlock:
    """Consecutive samples at one centre frequency, rate and gain.

    samples       : (n,) complex64, full scale of the converter = 1.0
    first_sample  : running count of the receiver, lost samples included
    count_kept    : it is of one clock from block to block, also while the receiver was tuned elsewhere
    time_utc_ns   : arrival of samples[0]; None when no clock is trusted
    lost_samples  : known to be missing directly before samples[0]
    clipped_samples : of this block, at the converter's rails; None when the format cannot say
    """

    samples: NDArray[np.complex64]
    rate_hz: float
    centre_hz: float
    first_sample: int = 0
    time_utc_ns: int | None = None
    time_sigma_ns: int | None = None
    gain_db: float | None = None
    lost_samples: int = 0
    clipped_samples: int | None = None
    count_kept: bool = True

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate_hz
