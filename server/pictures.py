"""Pictures of evidence as SVG: text stays text, so that a browser's own fonts write Chinese."""

import io
import warnings
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dsp.signatures.on_air_week import DAYS, HOURS, OnAirWeek, shares
from fusion.clock_history import ClockHistory, ClockPoint
from shell import words

matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "wavewarden", "font.size": 9})
warnings.filterwarnings("ignore", "Glyph .* missing from font", UserWarning)  # the browser has the fonts, not we
SUSPECT, OTHER = "#c0262d", "#8a97a6"
WIDE_IN, HIGH_IN = 9.0, 2.6  # of one row: the clock beside the carrier
LINEAR_MS = 1.0  # phases within it are drawn to scale, beyond it by decades
INFORMATION: dict[str, Any] = {"Date": None}  # the same evidence is the same picture


def clock_picture(histories: Sequence[ClockHistory], language: str) -> bytes:
    """One row a sensor: frame phase and carrier of the suspect in red, of the cells heard beside it in grey."""
    figure = Figure(figsize=(WIDE_IN, HIGH_IN * max(len(histories), 1)))
    rows = max(len(histories), 1)
    figure.subplots_adjust(left=0.09, right=0.98, top=1 - 0.14 / rows, bottom=0.24 / rows, wspace=0.25, hspace=0.6)
    if not histories:
        figure.text(0.5, 0.5, words.say("web.frame_clock.none", language), ha="center", va="center")
    for row, history in enumerate(histories):
        phase = figure.add_subplot(len(histories), 2, 2 * row + 1)
        carrier = figure.add_subplot(len(histories), 2, 2 * row + 2)
        _draw_phase(phase, history, language)
        _draw_carrier(carrier, history, language)
    out = io.BytesIO()
    figure.savefig(out, format="svg", metadata=INFORMATION)
    return out.getvalue()


def _draw_phase(axes: Axes, history: ClockHistory, language: str) -> None:
    for points, colour, on_top in _lines(history):
        clocked = [(point, point.phase_ms) for point in points if point.phase_ms is not None]
        times = [_time(point) for point, _ in clocked]
        axes.plot(times, [phase for _, phase in clocked], ".-", color=colour, zorder=on_top, linewidth=0.9)
    if max(map(abs, axes.get_ylim())) > LINEAR_MS:
        axes.set_yscale("symlog", linthresh=LINEAR_MS)
    _finish(axes, f"{history.sensor}: {words.say('web.frame_clock.phase', language)}", "ms")


def _draw_carrier(axes: Axes, history: ClockHistory, language: str) -> None:
    for points, colour, on_top in _lines(history):
        times, carriers = [_time(point) for point in points], [point.carrier_ppm for point in points]
        sigmas = [point.carrier_sigma_ppm for point in points]
        axes.errorbar(times, carriers, yerr=sigmas, fmt=".-", color=colour, zorder=on_top, linewidth=0.9)
    _finish(axes, f"{history.sensor}: {words.say('web.frame_clock.carrier', language)}", "ppm")


def _lines(history: ClockHistory) -> list[tuple[tuple[ClockPoint, ...], str, float]]:
    return [(points, OTHER, 2.0) for _, points in history.others] + [(history.suspect, SUSPECT, 3.0)]


def _time(point: ClockPoint) -> Any:
    return datetime.fromtimestamp(point.time_utc_ns / 1e9, tz=UTC)


def _finish(axes: Axes, title: str, unit: str) -> None:
    axes.set_title(title, fontsize=9, loc="left")
    axes.set_ylabel(unit)
    axes.grid(visible=True, color="#dde3ea", linewidth=0.6)
    axes.tick_params(axis="x", labelrotation=25)
    axes.margins(y=0.15)


def week_picture(week: OnAirWeek, language: str) -> bytes:
    """24 hours by 7 days of UTC: the darker, the more of that hour it was on the air; hatched where nobody listened."""
    days = [words.say(f"web.week.day{day}", language) for day in range(DAYS)]
    share = np.array([np.nan if each is None else each for each in shares(week)]).reshape(DAYS, HOURS)
    figure = Figure(figsize=(WIDE_IN, 2.2))
    figure.subplots_adjust(left=0.07, right=0.98, top=0.96, bottom=0.2)
    axes = figure.add_subplot(1, 1, 1)
    axes.set_facecolor("#ffffff")
    axes.patch.set_hatch("////")
    axes.patch.set_edgecolor(OTHER)
    hours = np.arange(HOURS + 1)
    axes.pcolormesh(hours, np.arange(DAYS + 1), share, cmap="Reds", vmin=0.0, vmax=1.0, edgecolors="w", linewidth=0.6)
    axes.set_xticks(hours[::3])
    axes.set_yticks(np.arange(DAYS) + 0.5, days)
    axes.invert_yaxis()
    axes.set_xlabel(words.say("web.week.hours", language))
    out = io.BytesIO()
    figure.savefig(out, format="svg", metadata=INFORMATION)
    return out.getvalue()
