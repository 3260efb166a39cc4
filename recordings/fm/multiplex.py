"""The stereo multiplex as deviation in Hz, block by block (ITU-R BS.450, pilot-tone system).

456 kHz is 12 times the audio's 38 kHz, 24 times the pilot and 384 times the RDS bit rate: everything periodic
is a table. The 38 kHz subcarrier stands in the interpolating filter itself, one column a phase.
"""

from functools import cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from recordings.fm.programme import Programme
from recordings.fm.rds_bits import RdsBits
from recordings.fm.rds_groups import GroupSchedule
from recordings.fm.rds_wave import REACH, SAMPLES_PER_BIT, subcarrier
from recordings.fm.spec import FmBroadcast
from recordings.transmitter import FieldOutOfRange

RATE_HZ = 456_000.0
PER_AUDIO = 12
PILOT_PERIOD = 24
BLOCK_BITS = 128
BLOCK = BLOCK_BITS * SAMPLES_PER_BIT  # 49152 samples: whole pilot periods, whole audio samples
TAPS = 28  # audio samples that make one sample of the multiplex
MOST_HZ = 150_000.0  # deviation that the rate still carries


class Multiplex:
    """Deviation of blocks of BLOCK samples. Raises BroadcastError."""

    def __init__(self, broadcast: FmBroadcast, *, seed: int) -> None:
        rds = broadcast.rds
        self._pilot_hz = broadcast.pilot_deviation_hz if broadcast.stereo else 0.0
        self._rds_hz = rds.deviation_hz if rds is not None else 0.0
        self._audio_hz = broadcast.peak_deviation_hz - self._pilot_hz - self._rds_hz
        peak_hz = broadcast.peak_deviation_hz
        if self._audio_hz < 0 or min(self._pilot_hz, self._rds_hz) < 0 or peak_hz > MOST_HZ:
            least_hz = self._pilot_hz + self._rds_hz
            raise FieldOutOfRange(field="peak_deviation_hz", value=peak_hz, allowed=f"{least_hz:g} … {MOST_HZ:g}")
        self._programme = Programme(broadcast, seed=seed)
        self._bits = RdsBits(GroupSchedule(rds, stereo=broadcast.stereo).group) if rds is not None else None
        self._in_quadrature = rds.in_quadrature if rds is not None else True

    def block(self, number: int) -> NDArray[np.float32]:
        """(BLOCK,) Hz from the carrier; block 0 begins at time 0."""
        deviation = self._audio(number)
        if self._pilot_hz:
            deviation.reshape(-1, PILOT_PERIOD)[:] += np.float32(self._pilot_hz) * _pilot()
        if self._bits is not None:
            bits = self._bits.bits(number * BLOCK_BITS - REACH, BLOCK_BITS + 2 * REACH)
            wave = subcarrier(bits, in_quadrature=self._in_quadrature)
            deviation.reshape(-1, SAMPLES_PER_BIT)[:] += np.float32(self._rds_hz) * wave
        return deviation

    def _audio(self, number: int) -> NDArray[np.float32]:
        count = BLOCK // PER_AUDIO
        left, right = self._programme.audio(number * count - TAPS // 2 + 1, count + TAPS - 1)
        half_hz = np.float32(self._audio_hz / 2)
        middle, side = (half_hz * (left + right), half_hz * (left - right))
        windows = np.concatenate([sliding_window_view(middle, TAPS), sliding_window_view(side, TAPS)], axis=1)
        deviation: NDArray[np.float32] = windows @ _interpolator()
        return deviation.ravel()


@cache
def _pilot() -> NDArray[np.float32]:
    return np.sin(2 * np.pi * np.arange(PILOT_PERIOD) / PILOT_PERIOD).astype(np.float32)


@cache
def _interpolator() -> NDArray[np.float32]:
    """(2·TAPS, 12): audio around a sample to its 12 samples; the lower half times the 38 kHz subcarrier."""
    late = np.arange(PER_AUDIO)[None, :] / PER_AUDIO + TAPS // 2 - 1 - np.arange(TAPS)[:, None]  # audio samples
    taps = np.sinc(late) * np.i0(7.0 * np.sqrt(np.clip(1 - (late / (TAPS / 2)) ** 2, 0, None))) / np.i0(7.0)
    turn = np.sin(2 * np.pi * np.arange(PER_AUDIO) / PER_AUDIO)
    return np.concatenate([taps, taps * turn]).astype(np.float32)
