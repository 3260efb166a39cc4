"""When each station of a scan was on the air, one column a frequency: the 24 × 7 hours, or its share of the time."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from dsp.signatures.on_air_week import CELLS, DAYS, HOURS, shares
from shell import words
from wavewarden.fm_ledger import Entry

LEAST_HOURS = 3  # of the week that were listened to: in fewer the share of the time says more
HALF_WIDTH_HZ = 40e3
NEVER_HEARD = "#e3e7ec"
MAP = "YlOrRd"


def draw_on_air(axes: Axes, entries: Sequence[Entry], colours: Sequence[str], language: str) -> None:
    """colours: one an entry. The horizontal axis is the picture's, in MHz."""
    weeks = [week_of(entry) for entry in entries]
    if max((int(np.isfinite(week).sum()) for week in weeks), default=0) >= LEAST_HOURS:
        _draw_weeks(axes, entries, weeks, language)
    else:
        _draw_shares(axes, entries, colours, language)


def week_of(entry: Entry) -> NDArray[np.float64]:
    """(168,) share of each hour of the week, Monday 00 UTC first; NaN: not listened to, or nobody knows when."""
    if entry.week is None or entry.first_utc_ns is None:
        return np.full(CELLS, np.nan)
    return np.array([np.nan if share is None else share for share in shares(entry.week)])


def _draw_weeks(axes: Axes, entries: Sequence[Entry], weeks: Sequence[NDArray[np.float64]], language: str) -> None:
    axes.set_facecolor(NEVER_HEARD)
    limits = axes.get_xlim()
    for entry, week in zip(entries, weeks, strict=True):
        low_mhz, high_mhz = (entry.station.freq_hz + side for side in (-HALF_WIDTH_HZ, HALF_WIDTH_HZ))
        extent = (low_mhz / 1e6, high_mhz / 1e6, float(CELLS), 0.0)
        axes.imshow(week[:, None], aspect="auto", interpolation="nearest", extent=extent, vmin=0, vmax=1, cmap=MAP)
    axes.set_xlim(limits)
    axes.set_ylim(CELLS, 0)
    axes.set_yticks([HOURS * day for day in range(DAYS)], words.say("fm.picture.days", language).split())
    axes.set_ylabel(words.say("fm.picture.week", language))


def _draw_shares(axes: Axes, entries: Sequence[Entry], colours: Sequence[str], language: str) -> None:
    for entry, colour in zip(entries, colours, strict=True):
        freq_mhz, percent = entry.station.freq_hz / 1e6, 100 * entry.on_air_share
        axes.bar([freq_mhz], [percent], width=2 * HALF_WIDTH_HZ / 1e6, color=colour, alpha=0.75)
    axes.set_ylim(0, 105)
    axes.set_ylabel(words.say("fm.picture.share", language))
