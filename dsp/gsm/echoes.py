"""How one cell's bursts arrive: strength of each echo over all bursts, noise in the channel."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dsp.gsm.equaliser import AUTOCORRELATION, DELAYS, ECHOES, NOISE_BANDWIDTH_HZ, Complex, Training, training_model
from dsp.gsm.frame import SYMBOL_HZ
from dsp.gsm.slots import PER_SYMBOL
from dsp.gsm.training import NORMAL_FIRST, NORMAL_KNOWN, SYNC_FIRST, SYNC_KNOWN

SYNC_MODEL = training_model(SYNC_KNOWN, SYNC_FIRST, 64)
NORMAL_MODELS = tuple(training_model(known, NORMAL_FIRST, 26) for known in NORMAL_KNOWN)
_WHITE = PER_SYMBOL * SYMBOL_HZ / NOISE_BANDWIDTH_HZ  # noise as if white over the sampled band, over what passes
_LEAST_NOISE = 3e-3  # of the carrier: the linear model itself is no better than this


@dataclass(frozen=True, slots=True, eq=False)
class Echoes:
    """covariance : (ECHOES, ECHOES) of the echo amplitudes over bursts; noise : power passing the channel filter."""

    covariance: NDArray[np.complex128]
    noise: float

    @property
    def white_noise(self) -> float:
        return self.noise * _WHITE

    @property
    def power(self) -> float:
        """Of the carrier, before the channel filter; full scale is 1."""
        centre = len(AUTOCORRELATION) // 2
        gram = AUTOCORRELATION[DELAYS[:, None] - DELAYS[None, :] + centre]
        return float((gram * self.covariance).sum().real / AUTOCORRELATION[centre])


def _clean_rows(training: Training) -> NDArray[np.bool_]:
    return np.asarray(np.abs(training.unknown).max(axis=(0, 2)) < 1e-6)


_CLEAN = _clean_rows(SYNC_MODEL)
_SOLVER = np.linalg.pinv(SYNC_MODEL.known[_CLEAN].astype(np.complex128))
_FREE = float(_CLEAN.sum() / _WHITE - ECHOES)  # degrees of freedom left to the noise


def learn_echoes(sync_bursts: Complex) -> Echoes:
    """From synchronisation bursts (bursts, 2·SPAN), aligned to within a symbol."""
    rows = sync_bursts[:, SYNC_MODEL.rows][:, _CLEAN].astype(np.complex128)
    amplitude = rows @ _SOLVER.T
    rest = rows - amplitude @ SYNC_MODEL.known[_CLEAN].T
    noise = float((np.abs(rest) ** 2).sum() / (len(rows) * _FREE * _WHITE))
    found = np.einsum("bd,be->de", amplitude, amplitude.conj()) / len(rows)
    by_noise = (_SOLVER @ _SOLVER.conj().T) * noise * _WHITE
    value, vector = np.linalg.eigh(found - by_noise)
    strongest = max(float(value[-1]), float(np.trace(found).real) * 1e-2, 1e-30)
    value = np.clip(value, strongest * 1e-3, None)
    covariance = (vector * value) @ vector.conj().T
    return Echoes(covariance, max(noise, _LEAST_NOISE * strongest))
