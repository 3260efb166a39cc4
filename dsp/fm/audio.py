"""The programme of one FM channel as sound: mono, de-emphasised, 48 kS/s, without a seam between blocks.

Left + right only, up to 15 kHz (ITU-R BS.450 §2); the pilot and what lies above it is taken out. The scale is that of
the deviation, so that what was loud on the air is loud in the file, and two files can be compared.
"""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from dsp.channelise import channelise
from dsp.errors import SignalError
from dsp.fm.discriminator import discriminate
from dsp.fm.widths import NORMAL, Width

AUDIO_RATE_HZ = 48e3
_CHANNEL_RATE_HZ = 240e3
_DECIMATION = 5
_TAPS = 301  # at 240 kHz: 80 dB down from 19 kHz on
_CUTOFF_HZ = 17e3
_KAISER_80_DB = 7.857
_SLOWEST_HZ = 5.0  # under it lies what the carrier is off, not programme
_LARGEST_STEP = 1 << 15
_SETTLING_S = 0.5e-3  # of the channel's filter, either side


class ChannelOutside(SignalError):
    def __init__(self, *, offset_hz: float, rate_hz: float) -> None:
        super().__init__(f"a channel {offset_hz:g} Hz from the centre is outside a window {rate_hz:g} Hz wide")
        self.offset_hz, self.rate_hz = offset_hz, rate_hz


class ChannelSound:
    """Remembers the last samples of the window and of each filter, so that a block goes on where the last one ended.

    width        : of the channel; wider than 240 kS/s can hold is not needed to listen
    deemphasis_s : 50 µs in China and Europe, 75 µs in the Americas (ITU-R BS.450 §2.4)
    Raises ChannelOutside, BadRate (of `channelise`).
    """

    def __init__(self, *, rate_hz: float, offset_hz: float, width: Width, deemphasis_s: float) -> None:
        self.width = width if width.rate_hz <= _CHANNEL_RATE_HZ else NORMAL
        if abs(offset_hz) + self.width.pass_hz > rate_hz / 2 * 1.001:
            raise ChannelOutside(offset_hz=offset_hz, rate_hz=rate_hz)
        self._rate_hz, self._offset_hz = rate_hz, offset_hz
        ratio = Fraction(_CHANNEL_RATE_HZ / rate_hz).limit_denominator(_LARGEST_STEP)
        self._up, self._down = ratio.numerator, ratio.denominator
        self._lead = -(-int(np.ceil(_SETTLING_S * rate_hz)) // self._down)  # in steps of `down` samples
        self._kept = np.zeros(0, np.complex64)
        self._given = 0  # steps of `kept` whose sound was given already
        self._filters = _Filters(deemphasis_s)

    def take(self, samples: NDArray[np.complex64]) -> NDArray[np.float32]:
        """(n,) complex64 that follow the last ones → (m,) float32, deviation in Hz; half a millisecond is held back."""
        return self._filters.take(self._mpx_hz(samples, held_back=self._lead))

    def rest(self) -> NDArray[np.float32]:
        """What was held back. Nothing may follow it."""
        return np.concatenate([self._filters.take(self._mpx_hz(self._kept[:0], held_back=0)), self._filters.rest()])

    def _mpx_hz(self, samples: NDArray[np.complex64], *, held_back: int) -> NDArray[np.float32]:
        window = np.concatenate([self._kept, np.nan_to_num(samples, posinf=0.0, neginf=0.0)])
        settled = len(window) // self._down - held_back
        if settled <= self._given:
            self._kept = window
            return np.zeros(0, np.float32)
        channel = channelise(
            window,
            self._rate_hz,
            offsets_hz=[self._offset_hz],
            out_rate_hz=_CHANNEL_RATE_HZ,
            pass_hz=self.width.pass_hz,
            stop_hz=self.width.stop_hz,
        )
        mpx_hz = discriminate(channel.samples[0], _CHANNEL_RATE_HZ)[self._given * self._up : settled * self._up]
        first = max(0, settled - self._lead)
        self._kept, self._given = window[first * self._down :], settled - first
        return mpx_hz


class _Filters:
    """From 240 kS/s of deviation to 48 kS/s of sound; remembers what its filters still need."""

    def __init__(self, deemphasis_s: float) -> None:
        # the pole where the time constant puts it: 0.1 dB off at 15 kHz, the droop of the discriminator included
        pole = float(np.exp(-1 / (_CHANNEL_RATE_HZ * deemphasis_s)))
        slow = float(np.exp(-2 * np.pi * _SLOWEST_HZ / _CHANNEL_RATE_HZ))
        self._b = np.convolve([1 - pole], [1.0, -1.0])
        self._a = np.convolve([1.0, -pole], [1.0, -slow])
        self._state: NDArray[np.float64] | None = None
        self._taps = signal.firwin(_TAPS, _CUTOFF_HZ, window=("kaiser", _KAISER_80_DB), fs=_CHANNEL_RATE_HZ)
        self._tail = np.zeros(_TAPS // 2)

    def take(self, mpx_hz: NDArray[np.float32]) -> NDArray[np.float32]:
        if not len(mpx_hz):
            return np.zeros(0, np.float32)
        if self._state is None:  # as if the carrier had always been as far off as it is
            self._state = signal.lfilter_zi(self._b, self._a) * float(np.mean(mpx_hz))
        sound, self._state = signal.lfilter(self._b, self._a, mpx_hz, zi=self._state)
        return self._decimate(sound)

    def rest(self) -> NDArray[np.float32]:
        return self._decimate(np.zeros(_TAPS // 2))

    def _decimate(self, sound: NDArray[np.float64]) -> NDArray[np.float32]:
        """Every fifth sample of the convolution; the first belongs to the first sample that ever came."""
        both = np.concatenate([self._tail, sound])
        count = max(0, (len(both) - _TAPS) // _DECIMATION + 1)
        before = (_TAPS - 1) // _DECIMATION
        self._tail = both[count * _DECIMATION :]
        return np.asarray(signal.upfirdn(self._taps, both, 1, _DECIMATION)[before : before + count], np.float32)
