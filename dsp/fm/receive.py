"""All FM stations of a window at once, from samples to what each broadcast.

Found by their spectrum, taken out together, demodulated; then each has to prove itself: an FM carrier has a steady
envelope, which noise, digital signals and the skirt of a neighbour have not.

A carrier without any modulation is reported (as a station about as wide as a line: `occupied_hz` under 10 kHz, no
pilot, silence) only from 20 dB CNR on: below that the receiver's own spurs cannot be told from it. Spurs at multiples
of its 28.8 MHz crystal are left out at any level. A silent station that sends its pilot is a station at any level.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dsp.channelise import channelise
from dsp.errors import BadRate, BlockTooShort
from dsp.fm.carriers import BIN_HZ, find_carriers
from dsp.fm.discriminator import carrier_offset, discriminate, measure_envelope
from dsp.fm.ghosts import clean_spectrum
from dsp.fm.mpx import transform
from dsp.fm.multiplex import MultiplexReception, read_multiplex
from dsp.fm.widths import Width, choose_widths
from dsp.iq import IqBlock
from dsp.spectrum import Carrier

LEAST_RATE_HZ = 200e3
LEAST_SECONDS = 0.05
_LEAST_SINR_DB = 0.0
_MOST_OFFSET_HZ = 60e3  # further off, the discriminator follows another station
_BARE_HZ = 10e3
_BARE_LEAST_CNR_DB = 20.0
_CRYSTAL_HZ = 28.8e6
_CRYSTAL_PPM = 150e-6
_SAME_HZ = 50e3
_ABSURD = 1e6  # times full scale: not from any receiver


@dataclass(frozen=True, slots=True)
class FmReception:
    """One station in one look. freq_hz by the sensor's own oscillator."""

    freq_hz: float
    freq_sigma_hz: float
    carrier: Carrier
    sinr_db: float | None  # the carrier over all else in its channel, from its envelope
    multiplex: MultiplexReception


@dataclass(frozen=True, slots=True)
class FmLook:
    """rejected: lumps in the spectrum that were no FM carrier, by reason."""

    stations: tuple[FmReception, ...]
    noise_dbfs_200k: float | None  # None: there was no signal at all, not even noise
    centre_hz: float
    rate_hz: float
    seconds: float
    time_utc_ns: int | None
    clipped_share: float | None
    rejected: dict[str, int]


def receive_fm(block: IqBlock) -> FmLook:
    """Every FM station of the window.

    Raises BadRate below 200 kS/s and BlockTooShort below 50 ms. Samples that are not finite count as silence.
    """
    _check(block)
    block = replace(block, samples=_finite(block.samples))
    search = find_carriers(clean_spectrum(block, bin_hz=BIN_HZ).spectrum)
    clipped_share = _clipped_share(block)
    if not np.any(block.samples):
        return _look(block, (), None, clipped_share, {})
    rejected: dict[str, int] = {}
    found = []
    for carrier, reception in _received(block, search.carriers, clipped_share):
        reason = _reason_against(carrier, reception)
        if reason is None:
            found.append(reception)
        else:
            rejected[reason] = rejected.get(reason, 0) + 1
    stations = _without_doubles(found)
    return _look(block, stations, search.noise_dbfs_200k, clipped_share, rejected)


def _check(block: IqBlock) -> None:
    if not block.rate_hz >= LEAST_RATE_HZ:
        raise BadRate(rate_hz=block.rate_hz, least_hz=LEAST_RATE_HZ)
    need = int(np.ceil(LEAST_SECONDS * block.rate_hz))
    if len(block.samples) < need:
        raise BlockTooShort(have=len(block.samples), need=need)


def _finite(samples: NDArray[np.complex64]) -> NDArray[np.complex64]:
    """Zeros for what is not a number or beyond any receiver, and the mean (the receiver's DC) taken off."""
    both = samples.view(np.float32)
    good = np.abs(both) < _ABSURD  # False for NaN
    if not good.all():
        samples = np.where(good, both, np.float32(0)).view(np.complex64)
    return samples - np.complex64(samples.mean(dtype=np.complex128))


def _clipped_share(block: IqBlock) -> float | None:
    return None if block.clipped_samples is None else block.clipped_samples / max(1, len(block.samples))


def _received(
    block: IqBlock, carriers: Sequence[Carrier], clipped_share: float | None
) -> list[tuple[Carrier, FmReception]]:
    """In order of frequency; channels of one width are taken out together."""
    by_width: dict[Width, list[Carrier]] = {}
    for carrier, width in zip(carriers, choose_widths(carriers, block.rate_hz), strict=True):
        by_width.setdefault(width, []).append(carrier)
    receptions = []
    for width, members in by_width.items():
        channels = channelise(
            block.samples,
            block.rate_hz,
            offsets_hz=[carrier.freq_hz - block.centre_hz for carrier in members],
            out_rate_hz=width.rate_hz,
            pass_hz=width.pass_hz,
            stop_hz=width.stop_hz,
        )
        for carrier, samples in zip(members, channels.samples, strict=True):
            receptions.append(
                (carrier, receive_channel(samples, channels.rate_hz, carrier, clipped_share=clipped_share))
            )
    return sorted(receptions, key=lambda pair: pair[0].freq_hz)


def receive_channel(
    samples: NDArray[np.complex64], rate_hz: float, carrier: Carrier, *, clipped_share: float | None
) -> FmReception:
    """samples: (n,) of the carrier alone, brought to zero frequency."""
    envelope = measure_envelope(samples, rate_hz)
    mpx_hz = discriminate(samples, rate_hz)
    offset = carrier_offset(mpx_hz, rate_hz)
    spectrum = transform(mpx_hz - np.float32(offset.offset_hz), rate_hz)
    multiplex = read_multiplex(spectrum, envelope, cnr_db=carrier.cnr_db, clipped_share=clipped_share)
    return FmReception(carrier.freq_hz + offset.offset_hz, offset.sigma_hz, carrier, envelope.sinr_db, multiplex)


def _reason_against(carrier: Carrier, reception: FmReception) -> str | None:
    if reception.sinr_db is None or reception.sinr_db < _LEAST_SINR_DB:
        return "no_steady_carrier"
    if abs(reception.freq_hz - carrier.freq_hz) > _MOST_OFFSET_HZ:
        return "skirt"
    if carrier.occupied_hz < _BARE_HZ and reception.multiplex.pilot is None:
        nearest_hz = round(reception.freq_hz / _CRYSTAL_HZ) * _CRYSTAL_HZ
        if abs(reception.freq_hz - nearest_hz) < _CRYSTAL_PPM * nearest_hz:
            return "crystal_spur"
        if carrier.cnr_db < _BARE_LEAST_CNR_DB:
            return "bare_line"
    return None


def _without_doubles(found: Sequence[FmReception]) -> tuple[FmReception, ...]:
    """Lumps that led to the same carrier are one station, the one that needed least correcting."""
    kept: list[FmReception] = []
    for each in sorted(found, key=lambda r: abs(r.freq_hz - r.carrier.freq_hz)):
        if all(abs(each.freq_hz - other.freq_hz) >= _SAME_HZ for other in kept):
            kept.append(each)
    return tuple(sorted(kept, key=lambda r: r.freq_hz))


def _look(
    block: IqBlock,
    stations: tuple[FmReception, ...],
    noise_dbfs_200k: float | None,
    clipped_share: float | None,
    rejected: dict[str, int],
) -> FmLook:
    return FmLook(
        stations=stations,
        noise_dbfs_200k=noise_dbfs_200k,
        centre_hz=block.centre_hz,
        rate_hz=block.rate_hz,
        seconds=block.seconds,
        time_utc_ns=block.time_utc_ns,
        clipped_share=clipped_share,
        rejected=rejected,
    )
