"""Everything a demodulated multiplex tells: pilot, modulation, RDS, silence, fingerprint."""

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dsp.errors import NotFinite
from dsp.fm.content import ContentShares, content_shares
from dsp.fm.discriminator import Envelope
from dsp.fm.mpx import MpxSpectrum, sum_audio, transform
from dsp.fm.pilot import Pilot, find_pilot
from dsp.fm.programme import fingerprint, silence_share
from dsp.fm.quality import Modulation, measure_modulation, noise_deviation_hz
from dsp.fm.rds import RdsReading, decode_bits
from dsp.fm.rds_code import GROUP_BITS
from dsp.fm.rds_combine import CombinedPi, combine_pi
from dsp.fm.rds_repeats import RdsRepeats, add_repeats
from dsp.fm.rds_symbols import demodulate
from dsp.fm.swing import Swing, measure_swing

_AUDIO_RATE_HZ = 8e3
_LEAST_SINR_DB = 3.0  # under it clicks are all the audio there is
_MOSTLY_SILENT = 0.8
_GUESSED_RMS_HZ = 15e3  # of a multiplex in unknown units: typical programme


@dataclass(frozen=True, slots=True)
class MultiplexReception:
    """Deviations are None where the scale is unknown or they may not be stated: `modulation.reason`."""

    seconds: float
    pilot: Pilot | None
    modulation: Modulation
    rds: RdsReading
    combined_pi: CombinedPi | None
    rds_deviation_hz: float | None
    silence_share: float | None
    programme: bytes | None
    content: ContentShares | None = None  # None: shorter than a second, or the signal is too weak to say
    swing: Swing | None = None  # None: it has a pilot, and needs no other proof
    repeats: RdsRepeats | None = None  # soft bits of this look's RDS by their places; None: no group begins anywhere


def read_multiplex(
    spectrum: MpxSpectrum, envelope: Envelope, *, cnr_db: float, clipped_share: float | None
) -> MultiplexReception:
    """`spectrum` in Hz of deviation about the carrier."""
    pilot = find_pilot(spectrum)
    modulation = measure_modulation(spectrum, envelope, cnr_db=cnr_db, clipped_share=clipped_share)
    symbols = demodulate(spectrum, pilot)
    rds = RdsReading() if symbols is None else decode_bits(symbols.bits)
    combined = None if symbols is None else combine_pi(symbols.soft)
    heard = bool(rds.groups) or combined is not None
    silence, content, programme = _programme(spectrum, envelope)
    return MultiplexReception(
        seconds=spectrum.seconds,
        pilot=pilot,
        modulation=modulation,
        rds=rds,
        combined_pi=combined,
        rds_deviation_hz=float(symbols.peak_hz) if symbols is not None and heard else None,
        silence_share=silence,
        programme=programme,
        content=content,
        swing=None if pilot is not None else measure_swing(spectrum),
        repeats=None if symbols is None else _repeats(symbols.soft, rds, combined),
    )


def _repeats(soft: NDArray[np.float32], rds: RdsReading, combined: CombinedPi | None) -> RdsRepeats | None:
    """A group begins where the PI was found by adding up, else where most unharmed groups say."""
    if combined is not None:
        return add_repeats(soft, combined.start)
    begins = Counter(group.start % GROUP_BITS for group in rds.groups)
    return add_repeats(soft, begins.most_common(1)[0][0]) if begins else None


def receive_multiplex(
    mpx: NDArray[np.floating], rate_hz: float, *, hz_per_unit: float | None = None
) -> MultiplexReception:
    """A multiplex that somebody else demodulated. hz_per_unit: deviation of a sample of 1.0; None: nobody knows.

    Raises BadRate below 128 kS/s, BlockTooShort below 20 ms, NotFinite.
    """
    samples = np.asarray(mpx, np.float32)
    bad = int(np.count_nonzero(~np.isfinite(samples)))
    if bad:
        raise NotFinite(count=bad)
    rms = float(np.sqrt(np.mean(samples.astype(np.float64) ** 2))) if len(samples) else 0.0
    scale = hz_per_unit if hz_per_unit is not None else _GUESSED_RMS_HZ / max(rms, 1e-30)
    spectrum = transform(samples * np.float32(scale), rate_hz)
    envelope = Envelope(sinr_db=60.0, frame_power=np.ones(1, np.float32), frame_samples=len(samples))
    heard = read_multiplex(spectrum, envelope, cnr_db=60.0, clipped_share=None)
    return heard if hz_per_unit is not None else _without_scale(heard)


def _without_scale(heard: MultiplexReception) -> MultiplexReception:
    return replace(
        heard,
        pilot=None if heard.pilot is None else replace(heard.pilot, deviation_hz=None),
        modulation=Modulation(None, None, None, "scale"),
        rds_deviation_hz=None,
        silence_share=None,
        content=None,
    )


def _programme(spectrum: MpxSpectrum, envelope: Envelope) -> tuple[float | None, ContentShares | None, bytes | None]:
    if envelope.sinr_db is None or envelope.sinr_db < _LEAST_SINR_DB:
        return None, None, None
    audio_hz, rate_hz = sum_audio(spectrum, out_rate_hz=_AUDIO_RATE_HZ)
    noise_hz = noise_deviation_hz(spectrum) * (0.45 * rate_hz / 60e3) ** 1.5  # FM noise grows with f²
    silence = silence_share(audio_hz, rate_hz, noise_hz=noise_hz)
    content = content_shares(audio_hz, rate_hz, noise_hz=noise_hz)
    if silence is None or silence > _MOSTLY_SILENT:
        return silence, content, None
    return silence, content, fingerprint(audio_hz, rate_hz)
