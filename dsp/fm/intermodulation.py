"""Third-order products of FM stations, and the aeronautical frequencies that they fall on. ITU-R SM.1009.

Frequencies say where a product falls, not how strong it is: B1 depends on the levels at the aircraft, which nobody on
the ground receives. So the products are listed by what makes them, two stations before three.
"""

import enum
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dsp.fm.aeronautical import BAND_HZ, BANDWIDTH_HZ, AeronauticalFrequency

# A station fully modulated by BS.412 deviates by 19 kHz ÷ √2 RMS; 2·f1 − f2 by √5 times that, 30 kHz. Half as much
# again: beyond, less than a tenth of the product's power falls into the receiver.
SPREAD_HZ = 45e3
_DECIMALS = 1  # of a Hz: sums of measured frequencies are not exact


class Mechanism(enum.Enum):
    """How broadcasting disturbs aviation.

    A1: radiated there, a spurious emission or a product made in transmitters. A2: the skirt of a carrier near 108 MHz.
    B1: a product made in the aircraft's receiver. (B2, desensitisation, depends on levels alone and is never stated.)
    """

    A1 = "A1"
    A2 = "A2"
    B1 = "B1"


@dataclass(frozen=True, slots=True)
class Hit:
    """victim is hit by 2·first − third (second is None), or first + second − third.

    stations   : indices into the frequencies given, the doubled one first; two or three of them
    offset_hz  : of the product from the victim
    inside     : the middle of the product lies in the receiver's bandwidth
    """

    victim: AeronauticalFrequency
    stations: tuple[int, ...]
    product_hz: float
    offset_hz: float

    @property
    def inside(self) -> bool:
        return abs(self.offset_hz) <= BANDWIDTH_HZ[self.victim.kind] / 2


@dataclass(frozen=True, slots=True, eq=False)
class _Products:
    """(n,) each; first == second where one station is doubled."""

    first: NDArray[np.intp]
    second: NDArray[np.intp]
    third: NDArray[np.intp]
    freq_hz: NDArray[np.float64]


def hits(
    stations_hz: Sequence[float], table: Sequence[AeronauticalFrequency], *, involving: int | None = None
) -> tuple[Hit, ...]:
    """Products of third order that reach a receiver on one of the frequencies.

    involving : index of a station that must take part; None: any
    In order: of two stations before of three, then by offset from the victim.
    """
    products = _products(np.asarray(stations_hz, np.float64), involving)
    found = [hit for victim in table for hit in _on(victim, products)]
    return tuple(sorted(found, key=lambda hit: (len(hit.stations), abs(hit.offset_hz), hit.stations)))


def _products(freq_hz: NDArray[np.float64], involving: int | None) -> _Products:
    """Those inside the aeronautical band."""
    first, second = np.triu_indices(len(freq_hz))
    third = np.arange(len(freq_hz))
    sums = np.round(freq_hz[first, None] + freq_hz[second, None] - freq_hz[third], _DECIMALS)
    kept = (sums >= BAND_HZ[0] - SPREAD_HZ) & (sums <= BAND_HZ[1] + SPREAD_HZ)
    kept &= (third != first[:, None]) & (third != second[:, None])
    if involving is not None:
        kept &= (third == involving) | (first == involving)[:, None] | (second == involving)[:, None]
    pair, single = np.nonzero(kept)
    return _Products(first[pair], second[pair], third[single], sums[pair, single])


def _on(victim: AeronauticalFrequency, products: _Products) -> list[Hit]:
    reach_hz = BANDWIDTH_HZ[victim.kind] / 2 + SPREAD_HZ
    offset_hz = products.freq_hz - victim.freq_hz
    return [
        Hit(
            victim,
            _stations(int(products.first[n]), int(products.second[n]), int(products.third[n])),
            float(products.freq_hz[n]),
            float(offset_hz[n]),
        )
        for n in np.flatnonzero(np.abs(offset_hz) <= reach_hz)
    ]


def _stations(first: int, second: int, third: int) -> tuple[int, ...]:
    return (first, third) if first == second else (first, second, third)


# Highest carrier offset at which SM.1009 asks about out-of-band emission; further off it is filtered by anybody.
A2_REACH_HZ = 300e3


def beside(carrier_hz: float, table: Sequence[AeronauticalFrequency]) -> tuple[AeronauticalFrequency, ...]:
    """Frequencies that the skirt of a carrier may reach (A2), the nearest first."""
    near = (each for each in table if abs(each.freq_hz - carrier_hz) <= A2_REACH_HZ)
    return tuple(sorted(near, key=lambda each: abs(each.freq_hz - carrier_hz)))
