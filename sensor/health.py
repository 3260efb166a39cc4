"""How the sensor is: counted between reports, told with every one that is due."""

import math
from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from dsp.iq import IqBlock
from sensor.listen import Heard
from wire.report import Health, TimeSource

DEAF_AFTER_LOOKS = 20  # in a row with nothing heard: more than half a round of the default plan
DEAD_SPREAD = 1e-6  # standard deviation of samples that carry no noise at all


@dataclass
class HealthTally:
    """Counts since the start of the program; noise and clipping of the looks since the last report."""

    radio: str = ""
    samples_read: int = 0
    samples_lost: int = 0
    restarts: int = 0
    looks_missed: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    gain_db: float | None = None
    _clipped: int = 0
    _clippable: int = 0
    _noises: list[float] = field(default_factory=list)
    _silent_looks: int = 0
    _heard_any: bool = False
    _dead: bool = False

    def note_block(self, block: IqBlock) -> None:
        self.samples_read += len(block.samples)
        self.samples_lost += block.lost_samples
        self.gain_db = block.gain_db
        if block.clipped_samples is not None:
            self._clipped += block.clipped_samples
            self._clippable += len(block.samples)
        self._dead = not len(block.samples) or float(np.std(block.samples[:65536])) < DEAD_SPREAD

    def note_heard(self, heard: Heard) -> None:
        self.refused.update(heard.refused)
        self._noises.extend(swept.noise_dbfs_200k for swept in heard.swept)
        self._heard_any = self._heard_any or bool(heard.values)
        self._silent_looks = 0 if heard.values else self._silent_looks + 1

    def note_trouble(self, error: Exception) -> None:
        self.refused[type(error).__name__] += 1

    @property
    def deaf(self) -> bool | None:
        """True: nothing heard for long, or samples without any noise. None: too early to say."""
        if self._dead or self._silent_looks >= DEAF_AFTER_LOOKS:
            return True
        return False if self._heard_any else None

    def health(
        self,
        *,
        uptime_s: float,
        source: TimeSource,
        time_sigma_ns: int | None,
        queue_length: int,
        durable: bool,
        temperature_c: float | None,
        more_refused: dict[str, int],
    ) -> Health:
        """How it is now; what is averaged begins anew."""
        health = Health(
            uptime_s=uptime_s,
            samples_read=self.samples_read,
            samples_lost=self.samples_lost,
            clipped_share=self._clipped / self._clippable if self._clippable else None,
            noise_dbfs_200k=mean_power_db(self._noises),
            gain_db=self.gain_db,
            time_source=source,
            time_sigma_ns=time_sigma_ns,
            queue_length=queue_length,
            temperature_c=temperature_c,
            radio=self.radio,
            radio_restarts=self.restarts,
            deaf=self.deaf,
            refused=dict(self.refused + Counter(more_refused) + Counter(looks_missed=self.looks_missed)),
            durable=durable,
        )
        self._clipped = self._clippable = 0
        self._noises.clear()
        return health


def mean_power_db(values: list[float]) -> float | None:
    """The mean of powers given in dB, in dB."""
    if not values:
        return None
    return 10 * math.log10(max(1e-30, sum(10 ** (value / 10) for value in values) / len(values)))
