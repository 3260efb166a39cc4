"""The dongle's converter: uneven I and Q, a little direct current, eight bits, and rails."""

import math

import msgspec
import numpy as np
from numpy.typing import NDArray

DBM_AT_FULL_SCALE = -10.0  # antenna power of a full-scale tone at 0 dB gain: level_dbfs = dBm + gain_db + 10
THERMAL_DBM_HZ = -174.0  # kT at 290 K
CONVERTER_NOISE = 2.0 / 12.0 / 127.5**2  # full-scale power of rounding, I and Q, over the whole rate


class Imperfections(msgspec.Struct, frozen=True, kw_only=True):
    """What a low-cost receiver adds by itself."""

    dc_i: float = 0.0  # of full scale
    dc_q: float = 0.0
    iq_gain_db: float = 0.0  # I over Q
    iq_phase_deg: float = 0.0  # away from a right angle


class Converter:
    """Complex samples at full scale 1 to unsigned bytes: 0 is −1, 255 is +1, beyond them it clips."""

    def __init__(self, imperfections: Imperfections) -> None:
        self._scale = np.float32(127.5)
        self._offset = np.array([imperfections.dc_i, imperfections.dc_q], np.float32) * self._scale + np.float32(128.0)
        half_gain = 10.0 ** (imperfections.iq_gain_db / 40.0)
        angle = math.radians(imperfections.iq_phase_deg)
        self._i, self._q = np.float32(half_gain), np.float32(math.cos(angle) / half_gain)
        self._leak = np.float32(math.sin(angle) / half_gain)
        self._even = imperfections.iq_gain_db == 0.0 and angle == 0.0

    def convert(self, samples: NDArray[np.complex64]) -> NDArray[np.uint8]:
        """(n,) → (2n,) I, Q, I, Q … ; overwrites its input."""
        parts = samples.view(np.float32).reshape(-1, 2)
        if not self._even:
            parts[:, 1] = self._q * parts[:, 1] + self._leak * parts[:, 0]
            parts[:, 0] *= self._i
        parts *= self._scale
        parts += self._offset  # + 127.5 for the middle, + 0.5 to round
        np.clip(parts, 0.0, 255.5, out=parts)
        return parts.reshape(-1).astype(np.uint8)
