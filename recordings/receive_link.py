"""One emitter as one sensor's antenna hears it: delay, Doppler, level and echoes, a batch of blocks at a time."""

from collections.abc import Callable

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


class Link:
    """What does not change from block to block.

    freq_hz   : carrier as sent, the emitter's error included
    bins      : of the wide spectrum between its middle and this emitter's
    amplitude : of the emitter's unit power, at full scale 1, by time
    """

    def __init__(
        self,
        *,
        emission: Emission,
        grid: LowGrid,
        freq_hz: float,
        bins: int,
        emitter: Where,
        sensor: Where,
        echoes: Echoes,
        amplitude: Amplitude,
    ) -> None:
        self._emission, self._grid, self._freq_hz, self._bins = emission, grid, freq_hz, bins
        self._emitter, self._sensor, self._echoes, self._amplitude = emitter, sensor, echoes, amplitude
        self._window = tapered(grid.size, grid.guard) * alternating(grid.size)
        gain = (echoes.amplitude * grid.wide.size / grid.size).astype(np.complex64)  # transforms differ in length
        self._paths = gain[:, None] * self._delayed(-echoes.delay_s * grid.rate_hz)  # (paths, size)

    def add_to(self, wide: NDArray[np.complex64], begin_s: NDArray[np.float64]) -> None:
        """Add this emitter to centred wide spectra (blocks, n) of blocks that begin at these true times (blocks,)."""
        moves = self._emitter.moves or self._sensor.moves
        low = self._moving(begin_s) if moves else self._still(begin_s)
        self._grid.place(wide, low, bins=self._bins)

    def _still(self, begin_s: NDArray[np.float64]) -> NDArray[np.complex64]:
        length_m = self._distance_m(begin_s)
        turn = self._turn(begin_s, -self._freq_hz / SPEED_OF_LIGHT_M_S * length_m)
        spectra = self._heard(begin_s, length_m, turn_cycles=turn)
        return np.asarray(spectra * (self._paths.sum(axis=0) * np.float32(self._amplitude(begin_s[:1])[0])))

    def _moving(self, begin_s: NDArray[np.float64]) -> NDArray[np.complex64]:
        """Each path turns at its own rate, so each is turned in time and the sum transformed again."""
        middle_m = self._distance_m(begin_s + self._grid.wide.seconds / 2)
        spectra = self._heard(begin_s, middle_m, turn_cycles=self._turn(begin_s, 0.0))
        size = self._grid.size
        nodes_s = np.arange(node_count(size)) * NODE_SAMPLES / self._grid.rate_hz
        cycles = -self._freq_hz / SPEED_OF_LIGHT_M_S * self._path_lengths_m(begin_s[:, None] + nodes_s)
        total = np.zeros(spectra.shape, np.complex64)
        for path, spectrum in enumerate(self._paths):
            total += np.asarray(scipy.fft.ifft(spectra * spectrum)) * bent_phasor(cycles[path], size)
        return np.asarray(scipy.fft.fft(total * self._level_ramp(begin_s)))

    def _heard(
        self, begin_s: NDArray[np.float64], length_m: NDArray[np.float64], *, turn_cycles: NDArray[np.float64]
    ) -> NDArray[np.complex64]:
        """(blocks, size) centred spectra of the emission that much later, turned."""
        at = (begin_s - length_m / SPEED_OF_LIGHT_M_S) * self._grid.rate_hz
        first = np.floor(at)
        blocks = np.stack([self._emission.block(int(number), self._grid.size) for number in first])
        return np.asarray(scipy.fft.fft(blocks * self._window)) * self._delayed(at - first, turn_cycles=turn_cycles)

    def _delayed(
        self, later: NDArray[np.float64], *, turn_cycles: NDArray[np.float64] | float = 0.0
    ) -> NDArray[np.complex64]:
        """(..., size) what reads a centred spectrum (...) samples later, and turns it."""
        return phasor(turn_cycles - 0.5 * later, later / self._grid.size, self._grid.size)

    def _turn(self, begin_s: NDArray[np.float64], cycles: NDArray[np.float64] | float) -> NDArray[np.float64]:
        """The wide grid counts its bins from the block's beginning, the emission from the scenario's."""
        return np.asarray(cycles + self._bins * (begin_s / self._grid.wide.seconds))

    def _distance_m(self, time_s: NDArray[np.float64]) -> NDArray[np.float64]:
        return distance_m(self._emitter.positions_m(time_s), self._sensor.positions_m(time_s))

    def _path_lengths_m(self, time_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """(paths, blocks, nodes): the direct one exactly, echoes as plane waves at both ends up to a constant."""
        sender, receiver = (end.positions_m(time_s.ravel()) for end in (self._emitter, self._sensor))
        lengths = -self._echoes.arrival @ receiver.T - self._echoes.departure @ sender.T
        lengths[0] = distance_m(sender, receiver)
        return np.asarray(lengths.reshape(-1, *time_s.shape))

    def _level_ramp(self, begin_s: NDArray[np.float64]) -> NDArray[np.float32]:
        """(blocks, size) amplitude, straight between the ends of what is kept of a block: neighbours meet there."""
        wide = self._grid.wide
        ends_s = np.array([wide.guard, wide.size - wide.guard]) / wide.rate_hz
        level = self._amplitude((begin_s[:, None] + ends_s).ravel()).reshape(-1, 2)
        along = (np.arange(self._grid.size) / self._grid.rate_hz - ends_s[0]) / (ends_s[1] - ends_s[0])
        ramp = level[:, :1] + np.diff(level) * along.astype(np.float32)
        return np.asarray(np.maximum(ramp, 0.0), dtype=np.float32)
