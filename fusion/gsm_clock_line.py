"""The clocks of suspect and references as lines in time, and how late the suspect is at each place: least squares."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fusion.gsm_looks import UNIFORM, Identity, Look, Reference, identity, wrapped_s
from fusion.locate.assumptions import LIGHT_M_S

CARRIER_PPM = 0.02  # how far a cell's carrier is trusted to run like its frames

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """late_s : (p,) of each place against the first of `places`; covariance : (p, p); chi2 : a degree of freedom."""

    places: tuple[int, ...]
    late_s: Floats
    covariance: Floats
    chi2: float
    worst: Identity  # the look that fits least

    def variance_s2(self, i: int, j: int) -> float:
        """Of the difference of two places."""
        return float(self.covariance[i, i] + self.covariance[j, j] - 2 * self.covariance[i, j])


@dataclass(frozen=True, slots=True)
class _Layout:
    """The unknowns in their order: each place's lateness but the first's; each reference's clock at the middle, then
    its rate; the path error of each reference at each place. In nanoseconds and seconds: numbers of one size."""

    places: tuple[int, ...]
    references: tuple[int, ...]
    paths: tuple[tuple[int, int], ...]
    middle_ns: int
    begin_s: float

    @staticmethod
    def of(looks: Sequence[Look]) -> "_Layout":
        return _Layout(
            places=tuple(sorted({look.place for look in looks})),
            references=tuple(sorted({look.reference for look in looks})),
            paths=tuple(sorted({(look.reference, look.place) for look in looks})),
            middle_ns=sum(look.arrival.frame_time_ns for look in looks) // len(looks),
            begin_s=looks[0].apart_s,
        )

    @property
    def firsts(self) -> tuple[int, int, int]:
        """First column of clocks, of rates, of path errors."""
        clocks = len(self.places) - 1
        return clocks, clocks + len(self.references), clocks + 2 * len(self.references)

    @property
    def columns(self) -> int:
        return self.firsts[2] + len(self.paths)

    def row(self, look: Look) -> Floats:
        row = np.zeros(self.columns)
        clocks, rates, paths = self.firsts
        place, reference = self.places.index(look.place), self.references.index(look.reference)
        if place:
            row[place - 1] = -1.0
        row[clocks + reference] = 1.0
        row[rates + reference] = (look.arrival.frame_time_ns - self.middle_ns) * 1e-9
        row[paths + self.paths.index((look.reference, look.place))] = 1.0
        return row

    def value_ns(self, look: Look) -> float:
        return wrapped_s(look.apart_s - self.begin_s) * 1e9


def fit_lines(looks: Sequence[Look], references: Sequence[Reference]) -> Fit:
    """Least squares. Rates have priors, by the cells' own carriers; path errors by what is claimed of the reference's
    place and of the paths' spread."""
    layout = _Layout.of(looks)
    rows, values = [], []
    groups = list(_by_look(looks))
    for group in groups:
        white = _whitener(group)
        rows.append(white @ np.array([layout.row(look) for look in group]))
        values.append(white @ np.array([layout.value_ns(look) for look in group]))
    free = len(looks) - layout.firsts[1]
    for row, value in _priors(layout, looks, references):
        rows.append(row[None])
        values.append(np.array([value]))
    fit, rest = _solved(layout.places, np.vstack(rows), np.concatenate(values), free)
    ends = np.cumsum([len(group) for group in groups])
    misfits = [float(part @ part) for part in np.split(rest[: ends[-1]], ends[:-1])]
    return replace(fit, worst=identity(groups[int(np.argmax(misfits))][0].arrival))


def _by_look(looks: Sequence[Look]) -> Iterable[list[Look]]:
    groups: dict[Identity, list[Look]] = defaultdict(list)
    for look in looks:
        groups[identity(look.arrival)].append(look)
    return groups.values()


def _whitener(group: Sequence[Look]) -> Floats:
    """(n, n) that makes the references' differences of one look, which share the suspect's error, independent."""
    variance = np.diag([(look.sigma_s * 1e9) ** 2 for look in group]) + (group[0].own_sigma_s * 1e9) ** 2
    return np.asarray(np.linalg.inv(np.linalg.cholesky(variance)))


def _priors(layout: _Layout, looks: Sequence[Look], references: Sequence[Reference]) -> Iterable[tuple[Floats, float]]:
    _, rates, paths = layout.firsts
    for n, number in enumerate(layout.references):
        rate, sigma = _carrier_rate([look for look in looks if look.reference == number])
        yield _one(layout.columns, rates + n, 1 / sigma), rate / sigma
    for n, path in enumerate(layout.paths):
        sigma = _path_sigma_ns([look for look in looks if (look.reference, look.place) == path], references[path[0]])
        yield _one(layout.columns, paths + n, 1 / sigma), 0.0


def _one(columns: int, at: int, value: float) -> Floats:
    row = np.zeros(columns)
    row[at] = value
    return row


def _carrier_rate(looks: Sequence[Look]) -> tuple[float, float]:
    """Of the suspect's clock against the reference's, in ns/s, and its sigma: from carriers that one sensor heard."""
    pairs = [(look.arrival, look.other) for look in looks]
    weights = [1 / max(own.carrier_sigma_ppm**2 + other.carrier_sigma_ppm**2, 1e-8) for own, other in pairs]
    apart_ppm = float(np.average([own.carrier_ppm - other.carrier_ppm for own, other in pairs], weights=weights))
    return 1e3 * apart_ppm, 1e3 * math.hypot(math.sqrt(1 / sum(weights)), CARRIER_PPM)


def _path_sigma_ns(looks: Sequence[Look], reference: Reference) -> float:
    spread_ns = math.sqrt(UNIFORM) * float(np.mean([look.other.spread_ns for look in looks]))
    return max(math.hypot(reference.sigma_m / LIGHT_M_S * 1e9, spread_ns), 1e-3)


def _solved(places: tuple[int, ...], rows: Floats, values: Floats, free: int) -> tuple[Fit, Floats]:
    """And what is left of every row."""
    scale = np.linalg.norm(rows, axis=0)
    scaled = rows / scale
    found, *_ = np.linalg.lstsq(scaled, values, rcond=None)
    rest = values - scaled @ found
    chi2 = float(rest @ rest) / free if free > 0 else 1.0
    covariance = np.linalg.inv(scaled.T @ scaled) / np.outer(scale, scale) * max(chi2, 1.0)
    count = len(places) - 1
    late_s = np.concatenate([[0.0], (found / scale)[:count] * 1e-9])
    padded = np.zeros((count + 1, count + 1))
    padded[1:, 1:] = covariance[:count, :count] * 1e-18
    return Fit(places, late_s, padded, chi2, worst=("", "", 0)), rest
