"""One emitter as one sensor's antenna hears it: delay, Doppler, level and echoes, block by block."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from recordings.propagation import SPEED_OF_LIGHT_M_S, Echoes
from recordings.receive_grid import LowGrid
from recordings.world_emission import Emission
from recordings.world_phasor import NODE_SAMPLES, bent_phasor, node_count, phasor
from recordings.world_place import Where, distance_m
from recordings.world_stretch import alternating, tapered

Amplitude = Callable[[NDArray[np.float64]], NDArray[np.float64]]  # times (n,) → full-scale amplitudes (n,)


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """What does not change from block to block.

    freq_hz   : carrier as sent, the emitter's error included
    bins      : of the wide spectrum between its middle and this emitter's
    amplitude : of the emitter's unit power, at full scale 1, by time
    """

    emission: Emission
    grid: LowGrid
    freq_hz: float
    bins: int
    emitter: Where
    sensor: Where
    echoes: Echoes
    amplitude: Amplitude

    def add_to(self, wide: NDArray[np.complex64], begin_s: float) -> None:
        """Add this emitter to a centred wide spectrum of the block that begins at a true time."""
        low = self._moving(begin_s) if self.emitter.moves or self.sensor.moves else self._still(begin_s)
        self.grid.place(wide, low, bins=self.bins)

    def _still(self, begin_s: float) -> NDArray[np.complex64]:
        begin = np.array([begin_s])
        length_m = float(self._distance_m(begin)[0])
        spectrum, late = self._heard(begin_s, length_m)
        direct = -self.freq_hz * length_m / SPEED_OF_LIGHT_M_S
        response = np.zeros(self.grid.size, np.complex64)
        for delay, gain in zip(self.echoes.delay_s, self.echoes.amplitude, strict=True):
            response += np.complex64(gain) * self._delayed(late - delay * self.grid.rate_hz)
        turn = np.exp(2j * np.pi * ((direct + self._block_cycles(begin_s)) % 1.0))
        return spectrum * response * np.complex64(turn * self.amplitude(begin)[0] * self._scale())

    def _moving(self, begin_s: float) -> NDArray[np.complex64]:
        """Each path turns at its own rate, so each is turned in time and the sum transformed again."""
        middle_m = float(self._distance_m(np.array([begin_s + self.grid.wide.seconds / 2]))[0])
        spectrum, late = self._heard(begin_s, middle_m)
        nodes_s = begin_s + np.arange(node_count(self.grid.size)) * NODE_SAMPLES / self.grid.rate_hz
        lengths_m = self._path_lengths_m(nodes_s)
        total = np.zeros(self.grid.size, np.complex64)
        for path, delay in enumerate(self.echoes.delay_s):
            one = scipy.fft.ifft(spectrum * self._delayed(late - delay * self.grid.rate_hz))
            cycles = -self.freq_hz / SPEED_OF_LIGHT_M_S * lengths_m[path]
            total += np.complex64(self.echoes.amplitude[path]) * one * bent_phasor(cycles, self.grid.size)
        total *= self._level_ramp(begin_s)
        turn = np.exp(2j * np.pi * (self._block_cycles(begin_s) % 1.0))
        return np.asarray(scipy.fft.fft(total) * np.complex64(turn * self._scale()))

    def _heard(self, begin_s: float, length_m: float) -> tuple[NDArray[np.complex64], float]:
        """Centred spectrum of what the antenna hears, and by what part of a sample it is to be read later."""
        at = (begin_s - length_m / SPEED_OF_LIGHT_M_S) * self.grid.rate_hz
        first = int(np.floor(at))
        window = tapered(self.grid.size, self.grid.guard) * alternating(self.grid.size)
        return np.asarray(scipy.fft.fft(self.emission.block(first, self.grid.size) * window)), at - first

    def _delayed(self, later: float) -> NDArray[np.complex64]:
        return phasor(-0.5 * later, later / self.grid.size, self.grid.size)

    def _block_cycles(self, begin_s: float) -> float:
        """The wide grid counts its bins from the block's beginning, the emission from the scenario's."""
        return self.bins * (begin_s / self.grid.wide.seconds)

    def _scale(self) -> float:
        return self.grid.wide.size / self.grid.size  # transforms of different lengths

    def _distance_m(self, time_s: NDArray[np.float64]) -> NDArray[np.float64]:
        return distance_m(self.emitter.positions_m(time_s), self.sensor.positions_m(time_s))

    def _path_lengths_m(self, time_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """(paths, n): the direct one exactly, echoes as plane waves at both ends up to a constant."""
        sender, receiver = self.emitter.positions_m(time_s), self.sensor.positions_m(time_s)
        lengths = -self.echoes.arrival @ receiver.T - self.echoes.departure @ sender.T
        lengths[0] = distance_m(sender, receiver)
        return lengths

    def _level_ramp(self, begin_s: float) -> NDArray[np.float32]:
        """(size,) amplitude, straight between the ends of what is kept of the block: neighbours meet there."""
        wide = self.grid.wide
        ends = begin_s + np.array([wide.guard, wide.size - wide.guard]) / wide.rate_hz
        first, last = self.amplitude(ends)
        along = (np.arange(self.grid.size) / self.grid.rate_hz - wide.guard / wide.rate_hz) / (ends[1] - ends[0])
        return np.asarray(np.maximum(first + (last - first) * along, 0.0), dtype=np.float32)
