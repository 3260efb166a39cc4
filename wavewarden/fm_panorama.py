"""What a picture of a scan needs, in memory that does not grow with its length: power by frequency and time.

Each window that was listened to is a strip: rows of time, lowest frequency first. When a strip has too many rows, two
become one, and each row from then on lasts twice as long.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from dsp.errors import SignalError
from dsp.iq import IqBlock
from dsp.spectrum import welch_spectrum

BINS = 1024  # about
ROW_S = 0.05
MOST_ROWS = 512


@dataclass
class Strip:
    """One window. rows : (n, bins) power density, full scale² a Hz; row_s : what each lasts"""

    centre_hz: float
    rate_hz: float
    row_s: float = ROW_S
    rows: list[NDArray[np.float64]] = field(default_factory=list)
    lasts: list[float] = field(default_factory=list)
    start_hz: float = 0.0
    step_hz: float = 0.0

    @property
    def seconds(self) -> float:
        return sum(self.lasts)

    @property
    def freq_hz(self) -> NDArray[np.float64]:
        return np.asarray(self.start_hz + self.step_hz * np.arange(len(self.rows[0])), np.float64)

    @property
    def mean(self) -> NDArray[np.float64]:
        """(bins,) over the whole time."""
        return np.asarray(np.average(self.rows, axis=0, weights=self.lasts), np.float64)

    def add(self, block: IqBlock) -> None:
        for piece in _pieces(block, self.row_s):
            try:
                spectrum = welch_spectrum(piece, bin_hz=block.rate_hz / BINS)
            except SignalError:  # too short for one row
                continue
            self.start_hz, self.step_hz = spectrum.start_hz, spectrum.step_hz
            self._put(10.0 ** (spectrum.psd_dbfs_hz.astype(np.float64) / 10), piece.seconds)

    def _put(self, row: NDArray[np.float64], seconds: float) -> None:
        if self.lasts and self.lasts[-1] + seconds <= 1.01 * self.row_s:  # the last row is not full yet
            whole = self.lasts[-1] + seconds
            self.rows[-1] = (self.rows[-1] * self.lasts[-1] + row * seconds) / whole
            self.lasts[-1] = whole
            return
        self.rows.append(row)
        self.lasts.append(seconds)
        if len(self.rows) > MOST_ROWS:
            self._halve()

    def _halve(self) -> None:
        pairs = range(0, len(self.rows), 2)
        self.rows = [np.average(self.rows[k : k + 2], axis=0, weights=self.lasts[k : k + 2]) for k in pairs]
        self.lasts = [sum(self.lasts[k : k + 2]) for k in pairs]
        self.row_s *= 2


@dataclass
class Panorama:
    """Remembers a strip for each window."""

    strips: dict[tuple[float, float], Strip] = field(default_factory=dict)

    def add(self, block: IqBlock) -> None:
        if len(block.samples) < BINS:
            return
        key = (block.centre_hz, block.rate_hz)
        self.strips.setdefault(key, Strip(*key)).add(block)

    def shown(self) -> list[tuple[Strip, slice]]:
        """By frequency, each with the bins that lie nearer to its centre than to a neighbour's."""
        strips = sorted((s for s in self.strips.values() if s.rows), key=lambda strip: (strip.centre_hz, strip.rate_hz))
        return [(strip, _own_bins(strip, strips)) for strip in strips]


def _own_bins(strip: Strip, strips: list[Strip]) -> slice:
    low_hz, high_hz = strip.centre_hz - strip.rate_hz / 2, strip.centre_hz + strip.rate_hz / 2
    for other in strips:
        middle_hz = (strip.centre_hz + other.centre_hz) / 2
        if other.centre_hz < strip.centre_hz:
            low_hz = max(low_hz, middle_hz)
        elif other.centre_hz > strip.centre_hz:
            high_hz = min(high_hz, middle_hz)
    first, last = np.searchsorted(strip.freq_hz, [low_hz, high_hz])
    return slice(int(first), max(int(last), int(first) + 1))


def _pieces(block: IqBlock, row_s: float) -> Iterator[IqBlock]:
    step = max(1, round(row_s * block.rate_hz))
    for first in range(0, len(block.samples), step):
        yield replace(block, samples=block.samples[first : first + step])
