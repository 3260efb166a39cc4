"""All FM stations of a window at once, from samples to what each broadcast.

Found by their spectrum, taken out together, demodulated; then each has to prove itself: an FM carrier has a steady
envelope, which noise, digital signals and the skirt of a neighbour have not.

A carrier without any modulation is reported (as a station about as wide as a line: `occupied_hz` under 10 kHz, no
pilot, silence) only from 20 dB CNR on: below that the receiver's own spurs cannot be told from it. Spurs at multiples
of its 28.8 MHz crystal are left out at any level. A silent station that sends its pilot is a station at any level.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from dsp.errors import BadRate, BlockTooShort
from dsp.fm.carriers import BIN_HZ, find_carriers, find_close_carriers
from dsp.fm.close import beside, parts_of, proved, stands, unsteady
from dsp.fm.ghosts import clean_spectrum
from dsp.fm.lobes import joined
from dsp.fm.look import FmLook, FmReception
from dsp.fm.own_products import products_of_others
from dsp.fm.sorting import sort_lumps
from dsp.fm.take_out import receive_carriers
from dsp.fm.underneath import cleared, uncovered
from dsp.fm.widths import CLOSE, choose_widths
from dsp.iq import IqBlock
from dsp.spectrum import Spectrum

LEAST_RATE_HZ = 200e3
LEAST_SECONDS = 0.05
_ABSURD = 1e6  # times full scale: not from any receiver


def receive_fm(block: IqBlock) -> FmLook:
    """Every FM station of the window.

    Raises BadRate below 200 kS/s and BlockTooShort below 50 ms. Samples that are not finite count as silence.
    """
    _check(block)
    block = replace(block, samples=_finite(block.samples))
    clipped_share = _clipped_share(block)
    if not np.any(block.samples):
        return _look(block, (), None, clipped_share, {})
    spectrum = clean_spectrum(block, bin_hz=BIN_HZ).spectrum
    search = find_carriers(spectrum)
    widths = choose_widths(search.carriers, block.rate_hz)
    lumps = receive_carriers(block, search.carriers, widths, clipped_share=clipped_share)
    lumps = joined(block, lumps, clipped_share=clipped_share)
    parts = _taken_apart(block, spectrum, lumps, clipped_share)
    parts = uncovered(block, parts, noise_dbfs_200k=search.noise_dbfs_200k, clipped_share=clipped_share)
    parts = cleared(block, parts, clipped_share=clipped_share)
    own_products = products_of_others(block, parts)
    found = sort_lumps(parts, own_products, centre_hz=block.centre_hz, clipped_share=clipped_share or 0.0)
    look = _look(block, found.stations, search.noise_dbfs_200k, clipped_share, found.rejected)
    return replace(look, others=found.others)


def _taken_apart(
    block: IqBlock, spectrum: Spectrum, lumps: tuple[FmReception, ...], clipped_share: float | None
) -> tuple[FmReception, ...]:
    """Lumps that are two stations close together, replaced by the two; and those on the slope of a stronger one."""
    if not lumps:
        return lumps
    fine = find_close_carriers(spectrum).carriers
    out: list[FmReception] = []
    for lump in lumps:
        parts = parts_of(lump, lumps, fine) if unsteady(lump) else ()
        heard = receive_carriers(block, parts, [CLOSE] * len(parts), clipped_share=clipped_share)
        out += proved(heard) or (lump,)
    more = beside(out, fine)
    found = receive_carriers(block, more, [CLOSE] * len(more), clipped_share=clipped_share)
    return tuple(sorted([*out, *filter(stands, found)], key=lambda each: each.carrier.freq_hz))


def _check(block: IqBlock) -> None:
    if not block.rate_hz >= LEAST_RATE_HZ:
        raise BadRate(rate_hz=block.rate_hz, least_hz=LEAST_RATE_HZ)
    need = int(np.ceil(LEAST_SECONDS * block.rate_hz))
    if len(block.samples) < need:
        raise BlockTooShort(have=len(block.samples), need=need)


def _finite(samples: NDArray[np.complex64]) -> NDArray[np.complex64]:
    """Zeros for what is not a number or beyond any receiver, and the mean (the receiver's DC) taken off."""
    both = samples.view(np.float32)
    if not (both.max() < _ABSURD and both.min() > -_ABSURD):  # so too for NaN
        samples = np.where(np.abs(both) < _ABSURD, both, np.float32(0)).view(np.complex64)
    return samples - np.complex64(samples.mean(dtype=np.complex128))


def _clipped_share(block: IqBlock) -> float | None:
    return None if block.clipped_samples is None else block.clipped_samples / max(1, len(block.samples))


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
        begin_s=block.first_sample / block.rate_hz,
    )
