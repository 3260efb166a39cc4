"""Coverage as a picture: how many sensors hear each place, and how large a region each method gives there."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from fusion.coverage import METHODS, Coverage, Emission, Site
from shell import words
from shell.words import clean
from wavewarden.fonts import LATIN, chinese_font

SIZE_IN, DOTS = (14.0, 8.0), 110
NEAR_M, FAR_M = 30.0, 5_000.0
UNKNOWN = "#c9ced3"


def features(found: Coverage, sites: Sequence[Site]) -> list[dict[str, Any]]:
    """A square a cell, a point a sensor; a radius that is not known is null."""
    step_lat, step_lon = _steps(found)
    cells = []
    for row, column in np.ndindex(found.heard.shape):
        lat, lon = float(found.lat_deg[row, column]), float(found.lon_deg[row, column])
        north, east = step_lat / 2, step_lon / 2
        ring = [
            [lon - east, lat - north],
            [lon + east, lat - north],
            [lon + east, lat + north],
            [lon - east, lat + north],
        ]
        radii = {f"{m}_radius_m": _or_null(float(found.radius_m[m][row, column])) for m in METHODS}
        about = {"heard_by": int(found.heard[row, column]), **radii}
        geometry = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
        cells.append({"type": "Feature", "geometry": geometry, "properties": about})
    return [*cells, *map(_sensor, sites)]


def _or_null(radius_m: float) -> float | None:
    return None if not np.isfinite(radius_m) else round(radius_m, 1)


def _sensor(site: Site) -> dict[str, Any]:
    point = {"type": "Point", "coordinates": [float(site.lon_deg), float(site.lat_deg)]}
    return {"type": "Feature", "geometry": point, "properties": {"sensor": site.name}}


def _steps(found: Coverage) -> tuple[float, float]:
    return (
        float(np.ptp(found.lat_deg)) / (found.lat_deg.shape[0] - 1),
        float(np.ptp(found.lon_deg)) / (found.lon_deg.shape[1] - 1),
    )


def draw(
    path: Path, found: Coverage, sites: Sequence[Site], added: Sequence[Site], emission: Emission, language: str
) -> None:
    """PNG. In English where no font here can write Chinese. Raises OSError."""
    chinese = chinese_font()
    language = language if chinese is not None else "en"
    look: Any = {"font.family": [LATIN] if chinese is None else [chinese, LATIN], "font.size": 9}
    with mpl.rc_context({**look, "axes.unicode_minus": False}):
        figure = Figure(figsize=SIZE_IN, dpi=DOTS, layout="constrained")
        figure.suptitle(_title(found, emission, language))
        methods = [m for m in METHODS if m != "bearing" or np.isfinite(found.radius_m[m]).any()]
        axes = np.atleast_1d(figure.subplots(2, (len(methods) + 2) // 2)).ravel()
        _heard(figure, axes[0], found, language)
        for axis, method in zip(axes[1:], methods, strict=False):
            _radius(figure, axis, found, method, language)
        for axis in axes[1 + len(methods) :]:
            axis.set_axis_off()
        for axis in axes[: 1 + len(methods)]:
            _sites(axis, sites, added)
        figure.savefig(path, format="png", metadata={"Software": "wavewarden"})


def _title(found: Coverage, emission: Emission, language: str) -> str:
    return words.say(
        "coverage.title",
        language,
        service=emission.service.upper(),
        mhz=f"{emission.freq_hz / 1e6:g}",
        eirp=f"{emission.eirp_dbm:g}",
        houses=f"{emission.houses_db:g}",
        share=f"{found.heard_share:.0%}",
    )


def _heard(figure: Figure, axis: Axes, found: Coverage, language: str) -> None:
    most = max(1, int(found.heard.max()))
    shades = mpl.colormaps["cividis"].resampled(most + 1)
    image = axis.pcolormesh(found.lon_deg, found.lat_deg, found.heard, cmap=shades, vmin=-0.5, vmax=most + 0.5)
    bar = figure.colorbar(image, ax=axis, ticks=range(most + 1), pad=0.01)
    bar.set_label(words.say("coverage.by_sensors", language))
    _frame(axis, words.say("coverage.heard_by", language))


def _radius(figure: Figure, axis: Axes, found: Coverage, method: str, language: str) -> None:
    radius = np.ma.masked_invalid(found.radius_m[method])
    axis.set_facecolor(UNKNOWN)
    image = axis.pcolormesh(
        found.lon_deg, found.lat_deg, radius, cmap="viridis_r", norm=LogNorm(NEAR_M, FAR_M), rasterized=True
    )
    ticks = [30, 100, 300, 1000, 3000]
    bar = figure.colorbar(image, ax=axis, ticks=ticks, format="%d", pad=0.01)
    bar.ax.minorticks_off()
    bar.set_label(words.say("coverage.metres", language))
    _frame(axis, words.say(f"coverage.method.{method}", language))


def _frame(axis: Axes, title: str) -> None:
    axis.set_title(title)
    axis.ticklabel_format(useOffset=False)
    axis.xaxis.set_major_locator(MaxNLocator(4))
    axis.yaxis.set_major_locator(MaxNLocator(6))
    low, high = axis.get_ylim()
    axis.set_aspect(1.0 / np.cos(np.radians((low + high) / 2)))


def _sites(axis: Axes, sites: Sequence[Site], added: Sequence[Site]) -> None:
    for group, mark, size in ((sites, "^", 46), (added, "*", 150)):
        lon, lat = [s.lon_deg for s in group], [s.lat_deg for s in group]
        axis.scatter(lon, lat, marker=mark, s=size, color="#c0262d", edgecolors="white", linewidths=0.8, zorder=3)
        for site in group:
            axis.annotate(clean(site.name), (site.lon_deg, site.lat_deg), xytext=(5, 5), textcoords="offset points")
