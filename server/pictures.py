"""Pictures of evidence as SVG: text stays text, so that a browser's own fonts write Chinese."""

import io
import warnings
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

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
