"""From one antenna to another: path loss, correlated shadowing, multipath. The same both ways, the same every time."""

import math
import zlib
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from recordings.world_place import distance_m

SPEED_OF_LIGHT_M_S = 299_792_458.0
_WAVES = 256  # plane waves that make up the shadowing field
_SHORTEST_SHADOW_M = 4.0  # shadowing has no detail finer than this: below it is multipath


class Propagation(msgspec.Struct, frozen=True, kw_only=True):
    """What lies between antennas: log-distance with shadowing and echoes. Where nothing is given: 900 MHz."""

    exponent: float = 3.5  # loss grows with 10 · exponent · log10(distance)
    loss_db: float = 125.0  # at 1 km, between antennas 10 m high; never less than free space
    height_gain_db: float = 10.0  # per tenfold height of either antenna, from 10 m
    shadowing_sigma_db: float = 6.0
    decorrelation_m: float = 100.0  # Gudmundson 1991: correlation exp(-moved / this), at either end
    echoes: int = 3  # paths beside the direct one; 0 leaves the direct one alone
    delay_spread_s: float = 0.3e-6  # echo delays are drawn from, and weaken with, this exponential
    rice_factor_db: float = 6.0  # power of the direct path over all echoes


@dataclass(frozen=True, slots=True, eq=False)
class Echoes:
    """The paths of one link, the direct one first. Powers add up to 1.

    delay_s          : (m,) over the direct path
    amplitude        : (m,) complex128
    arrival, departure : (m, 3) unit vectors that turn an end's movement into path length
    """

    delay_s: NDArray[np.float64]
    amplitude: NDArray[np.complex128]
    arrival: NDArray[np.float64]
    departure: NDArray[np.float64]


class ShadowField:
    """Shadowing in dB between any two places: a sum of plane waves over both ends, alike when the ends are swapped.

    Its correlation is exp(-moved / decorrelation) for a movement of either end, and the product for both.
    """

    def __init__(self, rules: Propagation, *, seed: int) -> None:
        rng = np.random.default_rng([seed, zlib.crc32(b"shadowing")])
        self._one = _wave_numbers(rng, rules.decorrelation_m)
        self._other = _wave_numbers(rng, rules.decorrelation_m)
        self._phase = rng.uniform(0.0, 2.0 * np.pi, _WAVES)
        # each wave stands twice, ends swapped: 2 · _WAVES cosines of mean square ½
        self._scale = rules.shadowing_sigma_db / math.sqrt(_WAVES)

    def at_db(self, a_m: NDArray[np.float64], b_m: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n,) dB of extra loss between (n, 3) places; heights do not matter."""
        a, b = a_m[:, :2], b_m[:, :2]
        forth = np.cos(a @ self._one + b @ self._other + self._phase)
        back = np.cos(b @ self._one + a @ self._other + self._phase)
        return np.asarray(self._scale * (forth + back).sum(axis=1))


def _wave_numbers(rng: np.random.Generator, decorrelation_m: float) -> NDArray[np.float64]:
    """(2, waves) wave vectors drawn from the spectrum of exp(-r/d) in the plane, ∝ (k² + 1/d²)^(-3/2)."""
    share = (np.arange(_WAVES) + rng.uniform(size=_WAVES)) / _WAVES  # stratified: the field is truer with few waves
    rng.shuffle(share)
    wave_number = np.sqrt(1.0 / (1.0 - share) ** 2 - 1.0) / decorrelation_m
    wave_number = np.minimum(wave_number, 2.0 * np.pi / _SHORTEST_SHADOW_M)
    angle = rng.uniform(0.0, 2.0 * np.pi, _WAVES)
    return np.asarray(wave_number * np.stack([np.cos(angle), np.sin(angle)]))


def free_space_db(distance: NDArray[np.float64], freq_hz: float) -> NDArray[np.float64]:
    """Rec. ITU-R P.525: loss between isotropic antennas."""
    return np.asarray(20.0 * np.log10(4.0 * np.pi * np.maximum(distance, 1.0) * freq_hz / SPEED_OF_LIGHT_M_S))


def path_loss_db(
    rules: Propagation, field: ShadowField, *, freq_hz: float, a_m: NDArray[np.float64], b_m: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(n,) dB between isotropic antennas at (n, 3) places, echoes left out. Never less than free space."""
    distance = np.maximum(distance_m(a_m, b_m), 1.0)
    heights = np.maximum(a_m[:, 2], 1.0) * np.maximum(b_m[:, 2], 1.0) / 100.0
    loss = rules.loss_db + 10.0 * rules.exponent * np.log10(distance / 1000.0)
    loss = loss - rules.height_gain_db * np.log10(heights) + field.at_db(a_m, b_m)
    return np.asarray(np.maximum(loss, free_space_db(distance, freq_hz)))


def draw_echoes(rules: Propagation, *, seed: int, emitter: str, sensor: str) -> Echoes:
    """The paths of one link, from the names of its ends alone. Powers average to an exponential delay profile."""
    rng = np.random.default_rng([seed, zlib.crc32(b"echoes"), zlib.crc32(f"{emitter}\0{sensor}".encode())])
    delays = np.sort(rng.exponential(rules.delay_spread_s, rules.echoes))
    power = np.exp(-delays / max(rules.delay_spread_s, 1e-12)) if rules.echoes else np.empty(0)
    ratio = 10.0 ** (rules.rice_factor_db / 10.0) if rules.echoes else 1.0
    total = np.concatenate([[ratio], power / power.sum() if rules.echoes else power])
    phases = np.concatenate([[0.0], rng.uniform(0.0, 2.0 * np.pi, rules.echoes)])
    return Echoes(
        delay_s=np.concatenate([[0.0], delays]),
        amplitude=np.sqrt(total / total.sum()) * np.exp(1j * phases),
        arrival=_directions(rng, rules.echoes),
        departure=_directions(rng, rules.echoes),
    )


def _directions(rng: np.random.Generator, echoes: int) -> NDArray[np.float64]:
    """(1 + echoes, 3): level unit vectors; the direct path gets none, its length is known exactly."""
    angle = rng.uniform(0.0, 2.0 * np.pi, echoes)
    level = np.column_stack([np.cos(angle), np.sin(angle), np.zeros(echoes)])
    return np.concatenate([np.zeros((1, 3)), level])
