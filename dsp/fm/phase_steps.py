"""What of an FM signal tells when it arrived: the carrier's phase, in as few bits as its own noise deserves.

Above the discriminator's threshold the noise of the phase is white, so phases of two receivers, laid over each other,
give the delay between them with the least error there can be. A sample is a step of the phase in one signed byte: the
phase is rounded, not the step, so that rounding errors do not add up. The grain follows the noise that is there.
"""

from fractions import Fraction

import msgspec
import numpy as np
import scipy.signal
from numpy.typing import NDArray

from dsp.errors import BadRate, BlockTooShort
from dsp.fm.discriminator import discriminate, measure_envelope

STEP_RATE_HZ = 150e3  # carries the multiplex to its end, RDS included: 59.4 kHz
CHANNEL_RATE_HZ = 240e3
MPX_HZ = 60e3
COARSEST, FINEST = 24, 100  # grains a turn: at the finest a signed byte still carries ±150 kHz
_NOISE_SHARE = 0.1  # of the phase's noise variance: what rounding may add
_MOST_STEP = 127
_LEAST_SECONDS = 0.05


class PhaseSteps(msgspec.Struct, frozen=True, kw_only=True, tag="phase_steps"):
    """One station, as its phase.

    Sample k was received first_s + k / rate_hz after the snippet began, by the receiver's own clock.
    """

    freq_hz: float  # nominal, as asked for
    rate_hz: float
    first_s: float
    grains: int  # a turn
    carrier_hz: float  # measured minus freq_hz, by the receiver's own oscillator; taken off the phase
    steps: bytes  # one signed byte a sample, grains from the sample before; the first is 0
    sinr_db: float | None  # carrier over everything else in its channel; None: no steady carrier
    clipped_share: float | None = None  # of the window's samples
    envelope_slope_s: float = 0.0  # rate of ln |envelope| against the frequency of the moment, in seconds: echoes
    envelope_slope_sigma_s: float = 0.0

    @property
    def samples(self) -> int:
        return len(self.steps)

    @property
    def seconds(self) -> float:
        return self.samples / self.rate_hz


def phase_steps(
    channel: NDArray[np.complex64],
    rate_hz: float,
    *,
    freq_hz: float,
    first_s: float = 0.0,
    clipped_share: float | None = None,
) -> PhaseSteps:
    """channel : (n,) complex64, the station at zero frequency, as wide as its channel.

    Raises BadRate below STEP_RATE_HZ, BlockTooShort below 50 ms.
    """
    if not rate_hz >= STEP_RATE_HZ:
        raise BadRate(rate_hz=rate_hz, least_hz=STEP_RATE_HZ)
    if len(channel) < _LEAST_SECONDS * rate_hz:
        raise BlockTooShort(have=len(channel), need=int(_LEAST_SECONDS * rate_hz))
    deviation_hz = discriminate(channel, rate_hz)
    sinr_db = measure_envelope(channel, rate_hz).sinr_db
    carrier_hz = float(np.mean(deviation_hz, dtype=np.float64))
    turns = np.concatenate([[0.0], np.cumsum((deviation_hz - carrier_hz) / rate_hz, dtype=np.float64)])
    thin, out_rate_hz = _thinned(turns, rate_hz)
    grains = _grains(thin, sinr_db, out_rate_hz)
    rounded = np.rint(thin * grains)
    steps = np.clip(np.diff(rounded, prepend=rounded[0]), -_MOST_STEP, _MOST_STEP).astype(np.int8)
    slope_s, slope_sigma_s = _envelope_slope_s(channel, deviation_hz - carrier_hz, rate_hz)
    return PhaseSteps(
        freq_hz=freq_hz,
        rate_hz=out_rate_hz,
        first_s=first_s,
        grains=grains,
        carrier_hz=carrier_hz,
        steps=steps.tobytes(),
        sinr_db=sinr_db,
        clipped_share=clipped_share,
        envelope_slope_s=slope_s,
        envelope_slope_sigma_s=slope_sigma_s,
    )


def phases(steps: PhaseSteps) -> NDArray[np.float64]:
    """(n,) radians from the first sample's, the carrier taken off."""
    return np.cumsum(np.frombuffer(steps.steps, np.int8), dtype=np.float64) * (2 * np.pi / steps.grains)


def expected_noise_rad2(steps: PhaseSteps) -> float:
    """Variance that noise gives the phase within ±60 kHz, by the steadiness of the envelope."""
    sinr = 10 ** ((steps.sinr_db if steps.sinr_db is not None else 0.0) / 10)
    rounding = (2 * np.pi / steps.grains) ** 2 / 12 * 2 * MPX_HZ / steps.rate_hz
    return float(MPX_HZ / CHANNEL_RATE_HZ / sinr + rounding)


def _thinned(turns: NDArray[np.float64], rate_hz: float) -> tuple[NDArray[np.float64], float]:
    """Sample j at time j / rate of the input, whatever the rate."""
    ratio = Fraction(STEP_RATE_HZ / rate_hz).limit_denominator(256)
    thin = scipy.signal.resample_poly(turns, ratio.numerator, ratio.denominator, padtype="line")
    return np.asarray(thin, np.float64), rate_hz * ratio.numerator / ratio.denominator


def _grains(turns: NDArray[np.float64], sinr_db: float | None, rate_hz: float) -> int:
    """So many that rounding adds a tenth to the noise, and the widest step fits a byte."""
    sinr = 10 ** ((sinr_db if sinr_db is not None else 0.0) / 10)
    noise = rate_hz / CHANNEL_RATE_HZ / (2 * sinr)  # rad², of a sample
    wanted = 2 * np.pi / np.sqrt(12 * _NOISE_SHARE * noise)
    widest = float(np.max(np.abs(np.diff(turns)), initial=0.0))
    fits = _MOST_STEP / max(widest, 1e-6) - 1
    return int(np.clip(min(np.clip(wanted, COARSEST, FINEST), fits), 8, FINEST))


def _envelope_slope_s(
    channel: NDArray[np.complex64], deviation_hz: NDArray[np.floating], rate_hz: float
) -> tuple[float, float]:
    """With its sigma. An echo r strong and τ late tilts the envelope by up to r τ, and the delay by as much."""
    size = max(1, round(rate_hz * 20e-6))  # four or five samples: less noise, the deviation hardly moves
    count = len(deviation_hz) // size * size
    power = np.abs(channel[1 : count + 1].reshape(-1, size)) ** 2
    level = 0.5 * np.log(power.mean(axis=1, dtype=np.float64) + 1e-30)
    moment = 2 * np.pi * deviation_hz[:count].reshape(-1, size).mean(axis=1, dtype=np.float64)
    moment, level = moment - moment.mean(), level - level.mean()
    spread = float(np.dot(moment, moment))
    if not spread > 0:
        return 0.0, 0.0
    slope = float(np.dot(moment, level)) / spread
    rest = level - slope * moment
    return slope, float(np.sqrt(np.dot(moment**2, rest**2))) / spread
