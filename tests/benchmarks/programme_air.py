"""A sound through an FM transmitter, noise and the receiver."""

import numpy as np
from scipy import signal

from dsp.channelise import channelise
from dsp.fm.discriminator import discriminate
from dsp.fm.look import FmReception
from dsp.fm.mpx import MpxSpectrum, transform
from dsp.fm.receive import receive_fm
from dsp.iq import IqBlock
from tests.benchmarks.programme_sounds import RATE_HZ, RMS, Sound

IQ_RATE_HZ, OFFSET_HZ, MPX_RATE_HZ = 300e3, 20e3, 240e3
PREEMPHASIS_S, PEAK_HZ, PILOT_HZ, AUDIO_TOP_HZ = 50e-6, 60e3, 6750.0, 15e3


def received(
    sound: Sound, cnr_db: float, chance: np.random.Generator, *, loud: float = 2.0, stereo: bool = True
) -> FmReception | None:
    """sound: about 0.1 rms at 8 kS/s; loud: drive into a soft limiter. None: not received."""
    samples = _noisy(_modulated(sound, loud, stereo), cnr_db, chance)
    block = IqBlock(samples, IQ_RATE_HZ, 98e6, time_utc_ns=10**18)
    stations = receive_fm(block).stations
    return stations[0] if stations else None


def multiplex_of(sound: Sound, cnr_db: float, chance: np.random.Generator, *, loud: float) -> MpxSpectrum:
    """The channel demodulated, without asking whether it is a station."""
    samples = _noisy(_modulated(sound, loud, bool(chance.integers(2))), cnr_db, chance)
    channel = channelise(
        samples, IQ_RATE_HZ, offsets_hz=[OFFSET_HZ], out_rate_hz=MPX_RATE_HZ, pass_hz=100e3, stop_hz=120e3
    )
    mpx_hz = discriminate(channel.samples[0], MPX_RATE_HZ)
    return transform(np.asarray(mpx_hz - mpx_hz.mean(), np.float32), MPX_RATE_HZ)


def fingerprint_of(sound: Sound, cnr_db: float, chance: np.random.Generator) -> bytes | None:
    """Through a transmitter of some loudness, mono or stereo."""
    loud, stereo = float(chance.uniform(0.7, 1.8)), bool(chance.integers(2))
    heard = received(sound, cnr_db, chance, loud=loud, stereo=stereo)
    return None if heard is None else heard.multiplex.programme


def _noisy(carrier: np.ndarray, cnr_db: float, chance: np.random.Generator) -> np.ndarray:
    noise = np.sqrt(10 ** (-cnr_db / 10) * IQ_RATE_HZ / 200e3 / 2)
    size = len(carrier)
    both = carrier + noise * (chance.standard_normal(size) + 1j * chance.standard_normal(size))
    return (0.2 * both).astype(np.complex64)


def _low_passed(deviation_hz: np.ndarray) -> np.ndarray:
    """What the limiter made above 15 kHz taken off again, as in any studio."""
    bins = np.fft.rfft(deviation_hz)
    bins[round(AUDIO_TOP_HZ * len(deviation_hz) / IQ_RATE_HZ) :] = 0
    return np.fft.irfft(bins, len(deviation_hz))


def _modulated(sound: Sound, loud: float, stereo: bool) -> np.ndarray:
    fine = signal.resample_poly(sound, round(IQ_RATE_HZ), RATE_HZ)
    pole = np.exp(-1 / (PREEMPHASIS_S * IQ_RATE_HZ))
    raised = signal.lfilter([1 / (1 - pole), -pole / (1 - pole)], [1.0], fine)
    deviation_hz = _low_passed(PEAK_HZ * np.tanh(raised * loud / (3 * RMS)))
    t = np.arange(len(fine)) / IQ_RATE_HZ
    if stereo:
        side = 0.2 * np.roll(deviation_hz, 777) * np.sin(2 * np.pi * 38e3 * t)
        deviation_hz = deviation_hz + PILOT_HZ * np.sin(2 * np.pi * 19e3 * t) + side
    turns = np.cumsum(deviation_hz) / IQ_RATE_HZ + OFFSET_HZ * t
    return np.exp(2j * np.pi * (turns - np.floor(turns)))
