"""From a cloud to a fix's numbers: mean, covariance, and a 95 % region."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter
from scipy.special import chdtri
from shapely.geometry import MultiPolygon, Polygon

from fusion.locate.posterior import Posterior
from fusion.locate.region import SHARE, region
from fusion.track.cloud import Cloud

Floats = NDArray[np.float64]
SIDE = 32
CORNERS = 40
ROUND_SHARE = 0.92  # of the weight inside the ellipse, and a quarter in its middle, for it to be a fair picture
MIDDLE_SHARES = (0.15, 0.38)
MARGIN_SIGMAS = 0.3
SMOOTHING, LEAST_CELLS = 0.6, 0.7  # of Silverman's width, less since the cloud may be in pieces; in cells


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    mean_m: tuple[float, float]
    covariance_m2: tuple[float, float, float]
    region: MultiPolygon
    in_one_piece: bool


def shape(cloud: Cloud, least_sigma_m: float = 5.0) -> Shape:
    """An ellipse where the cloud is like one; else the region of its density on a grid."""
    east, north = cloud.mean_m
    de, dn, w = cloud.moving.east_m - east, cloud.moving.north_m - north, cloud.weight
    covariance = np.array([[w @ de**2, w @ (de * dn)], [w @ (de * dn), w @ dn**2]]) + np.eye(2) * least_sigma_m**2
    reach = float(chdtri(2, 1 - SHARE))
    inside = np.einsum("pi,ij,pj->p", np.column_stack([de, dn]), np.linalg.inv(covariance), np.column_stack([de, dn]))
    numbers = float(covariance[0, 0]), float(covariance[0, 1]), float(covariance[1, 1])
    in_middle = float(w[inside <= float(chdtri(2, 0.75))].sum())
    if float(w[inside <= reach].sum()) >= ROUND_SHARE and MIDDLE_SHARES[0] < in_middle < MIDDLE_SHARES[1]:
        return Shape((east, north), numbers, MultiPolygon([_ellipse(east, north, covariance, reach)]), True)
    pieces = region(density(cloud))
    return Shape((east, north), numbers, pieces, len(pieces.geoms) == 1)


def _ellipse(east_m: float, north_m: float, covariance: Floats, reach: float) -> Polygon:
    round_ = np.linspace(0.0, 2 * np.pi, CORNERS, endpoint=False)
    corners = np.linalg.cholesky(covariance) @ np.vstack([np.cos(round_), np.sin(round_)]) * np.sqrt(reach)
    corners *= 1 / np.cos(np.pi / CORNERS) ** 0.5  # of the polygon's area as much as the ellipse's
    return Polygon(np.column_stack([east_m + corners[0], north_m + corners[1]]))


def density(cloud: Cloud) -> Posterior:
    """The cloud smoothed onto a grid, by as much as its number of particles allows."""
    axes = (cloud.moving.east_m, cloud.moving.north_m)
    spread = [float(v) ** 0.5 for v in cloud.covariance_m2[::2]]
    margins = [MARGIN_SIGMAS * s + 10.0 for s in spread]
    edges = [np.linspace(a.min() - m, a.max() + m, SIDE + 1) for a, m in zip(axes, margins, strict=True)]
    counted, _, _ = np.histogram2d(axes[1], axes[0], bins=(edges[1], edges[0]), weights=cloud.weight)
    width, height = (float(e[1] - e[0]) for e in edges)
    bandwidth = SMOOTHING * len(cloud.weight) ** (-1 / 6)
    smooth = gaussian_filter(
        counted, (max(LEAST_CELLS, bandwidth * spread[1] / height), max(LEAST_CELLS, bandwidth * spread[0] / width))
    )
    east, north = (axis.ravel() for axis in np.meshgrid(*(e[:-1] + np.diff(e) / 2 for e in edges)))
    cells = np.ones(smooth.size)
    return Posterior(east, north, smooth.ravel() / smooth.sum(), width * cells, height * cells)


def holds(found: Shape, east_m: float, north_m: float) -> bool:
    return bool(shapely.contains_xy(found.region, east_m, north_m))
