"""What explains that nothing was heard: measured on the way, asked for at the end."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from dsp.iq import IqBlock
from recordings.read import Recording
from sensor.bands import allocated

CLIPPED_SHARE = 0.02  # above this, clipping is the likelier reason why nothing was decoded
CARRIER_OVER_MEDIAN = 10.0  # of the averaged spectrum: something transmits
DC_SHARE = 0.9  # of the power: the receiver hears little but itself
FEW_STEPS = 4  # of the converter: antenna and noise together move it no further
LOOKED_AT = 200_000  # samples whose steps are counted
BINS = 1024
AT_ONCE = 1 << 20  # samples: memory is finite
IN_CACHE = 1 << 14  # samples


@dataclass
class Silence:
    """Facts about all samples so far.

    carriers : something stands above the noise, the receiver's own centre left out
    steps    : most different values of one component within LOOKED_AT samples: of a deaf receiver few; once there are
               more than FEW_STEPS nobody counts on
    services : what the band plan has where it was listened, GSM or FM; without a centre, both
    """

    clipped: int = 0
    samples: int = 0
    seconds: float = 0.0
    constant: bool = True
    carriers: bool = False
    widest_hz: float = 0.0
    planned: bool = False  # some capture lies where GSM or FM may be, or nobody knows where it lies
    dc_w: float = 0.0  # power of the mean, times seconds
    all_w: float = 0.0
    steps: int = 0
    services: frozenset[str] = frozenset()
    centred: bool = False  # some centre is known

    def measure(self, block: IqBlock) -> None:
        self.clipped += block.clipped_samples or 0
        self.samples += len(block.samples)
        self.seconds += block.seconds
        self.widest_hz = max(self.widest_hz, block.rate_hz)
        planned = _services(block)
        self.centred |= block.centre_hz != 0
        self.services |= planned
        self.planned |= block.centre_hz == 0 or bool(planned)
        if len(block.samples):
            self.constant = self.constant and bool(np.all(block.samples == block.samples[0]))
            if self.steps <= FEW_STEPS:
                self.steps = max(self.steps, len(np.unique(block.samples[:LOOKED_AT].real)))
            for part in np.array_split(block.samples, -(-len(block.samples) // AT_ONCE)):
                self._measure_power(part, seconds=len(part) / block.rate_hz)

    def _measure_power(self, samples: NDArray[np.complex64], *, seconds: float) -> None:
        total, energy = 0j, 0.0
        for low in range(0, len(samples), IN_CACHE):
            part = samples[low : low + IN_CACHE].astype(np.complex128)
            total += complex(part.sum())
            energy += float(np.vdot(part, part).real)
        self.dc_w += seconds * abs(total / len(samples)) ** 2
        self.all_w += seconds * energy / len(samples)
        self.carriers = self.carriers or has_carrier(samples)

    @property
    def is_clipped(self) -> bool:
        return self.clipped > CLIPPED_SHARE * self.samples

    @property
    def is_zeros(self) -> bool:
        return self.constant and self.samples > 1

    @property
    def is_own_dc(self) -> bool:
        return self.dc_w > DC_SHARE * self.all_w

    @property
    def is_deaf(self) -> bool:
        return 0 < self.steps <= FEW_STEPS


@dataclass(frozen=True, slots=True)
class Reason:
    """Entry <service>.why.<name> of the catalogue, which takes `values`."""

    name: str
    values: dict[str, object]


class ServiceSilence(Silence, ABC):
    """Of a command that listens for one service: entries <service>.nothing and <service>.why.* of the catalogue."""

    service: ClassVar[str]

    @abstractmethod
    def why(self, recording: Recording | None) -> Reason:
        """`recording` None: from a radio, whose rate and samples need no doubt."""


def _services(block: IqBlock) -> frozenset[str]:
    half_hz = block.rate_hz / 2
    return (
        frozenset()
        if block.centre_hz == 0
        else frozenset(allocated(block.centre_hz - half_hz, block.centre_hz + half_hz))
    )


def has_carrier(samples: NDArray[np.complex64]) -> bool:
    """Whether any part of the averaged spectrum stands well above its median; the receiver's own centre is left out."""
    rows = len(samples) // BINS
    if rows == 0:
        return False
    spectra = np.fft.fft(samples[: rows * BINS].reshape(rows, BINS)).astype(np.complex128)
    power = np.mean(np.abs(spectra) ** 2, axis=0)
    away = power[4:-3]
    return bool(np.max(away) > CARRIER_OVER_MEDIAN * max(float(np.median(away)), 1e-30))
