"""A cloud of particles: one guess each of place, heading and speed, with what it makes of the levels."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fusion.locate.posterior import Posterior
from fusion.locate.power import Propagation
from fusion.track.chance import normals, uniforms
from fusion.track.levels import Unknowns, nothing_known
from fusion.track.motion import Moving

Floats = NDArray[np.float64]
PARTICLES = 1024
LEAST_ALIVE = 0.5  # share of the particles that must carry weight, else they are drawn again
JITTER = 0.3  # of the spread, given to those drawn twice
MOST_JITTER_M = 60.0
PARKED_SHARE, STANDING_SHARE = 0.4, 0.55  # of the particles to begin with; those that stand include the parked
FASTEST_START_M_S = 22.0


@dataclass(frozen=True, slots=True, eq=False)
class Cloud:
    """moving, exponent, weight : (p,); weights sum to 1."""

    moving: Moving
    exponent: Floats
    weight: Floats
    unknowns: Unknowns

    @property
    def parked(self) -> float:
        """Probability that it stands for long."""
        return float(self.weight[self.moving.parked].sum())

    @property
    def mean_speed_m_s(self) -> float:
        return float(self.weight @ self.moving.speed_m_s)

    @property
    def mean_m(self) -> tuple[float, float]:
        return float(self.weight @ self.moving.east_m), float(self.weight @ self.moving.north_m)

    @property
    def covariance_m2(self) -> tuple[float, float, float]:
        """east-east, east-north, north-north"""
        east, north = self.mean_m
        de, dn, w = self.moving.east_m - east, self.moving.north_m - north, self.weight
        return float(w @ de**2), float(w @ (de * dn)), float(w @ dn**2)


def begun(found: Posterior, prior: Propagation, key: int, *, spread_m: float = 0.0, size: int = PARTICLES) -> Cloud:
    """Drawn from a posterior on a grid. `spread_m` : how far it may have gone while that was measured."""
    draw = uniforms(key, 9, size)
    cell = np.minimum(np.searchsorted(np.cumsum(found.probability), _spread_out(draw[0])), len(found.probability) - 1)
    east = found.east_m[cell] + (draw[1] - 0.5) * found.width_m[cell] + spread_m * normals(draw[2])
    north = found.north_m[cell] + (draw[3] - 0.5) * found.height_m[cell] + spread_m * normals(draw[4])
    speed = np.where(draw[5] < STANDING_SHARE, 0.0, 1.0 + (FASTEST_START_M_S - 1.0) * draw[6])
    exponent = prior.exponent + prior.exponent_sigma * normals(draw[7])
    moving = Moving(east, north, 2 * np.pi * draw[8], speed, draw[5] < PARKED_SHARE)
    return Cloud(moving, exponent, np.full(size, 1.0 / size), nothing_known(size, prior))


def _spread_out(draw: Floats) -> Floats:
    """Uniforms, one in each of equal parts: less chance in how many particles each cell gets."""
    return (np.arange(len(draw)) + draw) / len(draw)


def weighed(cloud: Cloud, log_likelihood: Floats) -> Cloud:
    logs = np.log(np.maximum(cloud.weight, 1e-300)) + log_likelihood
    weight = np.exp(logs - logs.max())
    return replace(cloud, weight=weight / weight.sum())


def renewed(cloud: Cloud, key: int) -> Cloud:
    """Where few particles carry the weight, drawn again: systematic resampling, with a little jitter of the places."""
    size = len(cloud.weight)
    if 1.0 / float(cloud.weight @ cloud.weight) >= LEAST_ALIVE * size:
        return cloud
    draw = uniforms(key, 5, size)
    drawn = np.minimum(np.searchsorted(np.cumsum(cloud.weight), (np.arange(size) + draw[0, 0]) / size), size - 1)
    moving, unknowns = cloud.moving, cloud.unknowns
    sigma_e, sigma_n = (min(JITTER * v**0.5, MOST_JITTER_M) for v in cloud.covariance_m2[::2])
    speed = moving.speed_m_s[drawn]
    return Cloud(
        Moving(
            moving.east_m[drawn] + sigma_e * normals(draw[1]),
            moving.north_m[drawn] + sigma_n * normals(draw[2]),
            moving.heading_rad[drawn] + 0.03 * normals(draw[3]),
            np.where(speed > 0, np.abs(speed + 0.2 * normals(draw[4])) + 1e-3, 0.0),
            moving.parked[drawn],
        ),
        cloud.exponent[drawn],
        np.full(size, 1.0 / size),
        replace(unknowns, mean_db=unknowns.mean_db[drawn]),
    )
