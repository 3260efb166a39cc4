"""A picture of a scan: the averaged spectrum with every station marked, the power by time, who was on the air when."""

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from shell import words
from shell.words import clean
from wavewarden.fm_ledger import Entry
from wavewarden.fm_on_air import draw_on_air
from wavewarden.fm_panorama import Panorama, Strip
from wavewarden.fm_verdict import Verdict
from wavewarden.fonts import LATIN, chinese_font

SIZE_IN, DOTS = (14.0, 8.0), 110
MARKS = {  # colour and shape: told apart by either
    Verdict.LICENSED: ("#1a7f37", "o"),
    Verdict.UNLICENSED: ("#c0262d", "v"),
    Verdict.OTHER: ("#8e3ab0", "D"),
    Verdict.GHOST: ("#8a97a6", "x"),
    Verdict.UNKNOWN: ("#1f5fa8", "s"),
}
LINE = "#33414e"
MOST_LABELS = 80
SPAN_DB = 45.0  # of the waterfall's colours, from the noise up
LABEL_ROOM = 0.7  # of the height of the curve, above it: for the labels


def draw(path: Path, panorama: Panorama, entries: Sequence[Entry], language: str, title: str) -> None:
    """PNG, whatever the file is called. In English where no font here can write Chinese. Raises OSError."""
    chinese = chinese_font()
    language = language if chinese is not None else "en"
    families = [LATIN] if chinese is None else [chinese, LATIN]
    look: Any = {"font.family": families, "font.size": 9, "axes.unicode_minus": False}
    with mpl.rc_context(look), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from font", UserWarning)  # of names from the air
        figure = _figure(panorama, entries, language, title)
        figure.savefig(path, format="png", metadata={"Software": "wavewarden"})


def _figure(panorama: Panorama, entries: Sequence[Entry], language: str, title: str) -> Figure:
    figure = Figure(figsize=SIZE_IN, dpi=DOTS, layout="constrained")
    rows = figure.subplots(3, 1, sharex=True, height_ratios=[6, 4, 2])
    spectrum, waterfall, on_air = rows
    shown = panorama.shown()
    levels = [_levels(strip)[bins] for strip, bins in shown]
    floor_db = float(np.median(np.concatenate(levels)))
    for (strip, bins), level in zip(shown, levels, strict=True):
        spectrum.plot(strip.freq_hz[bins] / 1e6, level, color=LINE, linewidth=0.7)
        image = _draw_rows(waterfall, strip, bins, floor_db)
    figure.colorbar(image, ax=rows.tolist(), label=_density(shown[0][0], language), pad=0.01, fraction=0.02)
    _finish_spectrum(spectrum, levels, floor_db, _density(shown[0][0], language))
    _mark(spectrum, shown, entries, language)
    longest_s = max(strip.seconds for strip, _ in shown)
    waterfall.set_ylim(longest_s, 0)
    for entry in entries:
        waterfall.axvline(entry.station.freq_hz / 1e6, color=MARKS[entry.verdict][0], linewidth=0.8, alpha=0.6)
    draw_on_air(on_air, entries, [MARKS[entry.verdict][0] for entry in entries], language)
    on_air.set_xlabel("MHz")
    waterfall.set_ylabel(words.say("fm.picture.time", language))
    spectrum.set_title(clean(title), fontsize=9, loc="left", parse_math=False)
    return figure


def _draw_rows(axes: Axes, strip: Strip, bins: slice, floor_db: float) -> Any:
    freq_mhz = strip.freq_hz[bins] / 1e6
    half = strip.step_hz / 2e6
    image = 10 * np.log10(np.asarray(strip.rows)[:, bins] * strip.step_hz)
    return axes.imshow(
        image,
        aspect="auto",
        interpolation="nearest",
        extent=(freq_mhz[0] - half, freq_mhz[-1] + half, strip.seconds, 0.0),
        vmin=floor_db - 5,
        vmax=floor_db - 5 + SPAN_DB,
        cmap="viridis",
    )


def _finish_spectrum(axes: Axes, levels: Sequence[NDArray[np.float64]], floor_db: float, label: str) -> None:
    top_db = max(float(level.max()) for level in levels)
    bottom_db = max(min(float(level.min()) for level in levels), floor_db - 15)
    high_db = max(top_db - bottom_db, 10.0)
    axes.set_ylim(bottom_db - 2, top_db + LABEL_ROOM * high_db)
    axes.set_ylabel(label)
    axes.grid(alpha=0.25)


def _mark(axes: Axes, shown: Sequence[tuple[Strip, slice]], entries: Sequence[Entry], language: str) -> None:
    loudest = sorted(entries, key=lambda entry: -entry.station.cnr_db)[:MOST_LABELS]
    for entry in entries:
        colour, shape = MARKS[entry.verdict]
        freq_mhz, at_db = entry.station.freq_hz / 1e6, _height_db(shown, entry.station.freq_hz)
        axes.plot([freq_mhz], [at_db], shape, color=colour, markersize=7, zorder=3)
        if entry in loudest:
            put = {"xytext": (0, 9), "textcoords": "offset points", "rotation": 90, "ha": "center", "va": "bottom"}
            text = axes.annotate(_label(entry), (freq_mhz, at_db), fontsize=8, color=colour, **put)  # type: ignore[arg-type]
            text.set_parse_math(False)
    there = [verdict for verdict in MARKS if any(entry.verdict is verdict for entry in entries)]
    handles = [_handle(verdict, language) for verdict in there]
    if handles:
        axes.legend(handles=handles, loc="upper right", ncols=len(handles), framealpha=0.9)


def _handle(verdict: Verdict, language: str) -> Line2D:
    colour, shape = MARKS[verdict]
    name = words.say(f"fm.verdict.{verdict.value}", language)
    return Line2D([], [], color=colour, marker=shape, linestyle="", label=name)


def _label(entry: Entry) -> str:
    """Text from the air is text: no markup of formulas, no control characters."""
    station = entry.station
    said = [f"{station.freq_hz / 1e6:.2f}", "" if station.pi is None else f"{station.pi:04X}", clean(station.ps or "")]
    return " ".join(part for part in said if part)


def _height_db(shown: Sequence[tuple[Strip, slice]], freq_hz: float) -> float:
    """The curve's top within 50 kHz, in the strip whose middle is nearest."""
    strip = min((strip for strip, _ in shown), key=lambda strip: abs(strip.centre_hz - freq_hz))
    near = np.abs(strip.freq_hz - freq_hz) <= 50e3
    return float(_levels(strip)[near].max()) if near.any() else float(_levels(strip).max())


def _levels(strip: Strip) -> NDArray[np.float64]:
    """(bins,) dBFS in each bin."""
    return np.asarray(10 * np.log10(strip.mean * strip.step_hz), np.float64)


def _density(strip: Strip, language: str) -> str:
    return words.say("fm.picture.level", language, khz=f"{strip.step_hz / 1e3:.1f}")
