"""From carriers found in a spectrum to what each of them says: taken out together, demodulated one by one."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from dsp.channel_plan import Band
from dsp.channelise import channelise_bands
from dsp.fm.carrier_offset import carrier_offset
from dsp.fm.discriminator import discriminate, measure_envelope
from dsp.fm.look import FmReception
from dsp.fm.mpx import transform
from dsp.fm.multiplex import read_multiplex
from dsp.fm.quality import Modulation
from dsp.fm.widths import Width
from dsp.iq import IqBlock
from dsp.spectrum import Carrier

PEAK_HZ = 75e3  # ITU-R BS.450


def receive_carriers(
    block: IqBlock, carriers: Sequence[Carrier], widths: Sequence[Width], *, clipped_share: float | None
) -> tuple[FmReception, ...]:
    """In order of frequency. widths: one a carrier."""
    bands = [
        Band(carrier.freq_hz - block.centre_hz, width.rate_hz, width.pass_hz, width.stop_hz)
        for carrier, width in zip(carriers, widths, strict=True)
    ]
    receptions = []
    for carrier, width, channel in zip(
        carriers, widths, channelise_bands(block.samples, block.rate_hz, bands), strict=True
    ):
        receive = receive_channel if width.pass_hz >= PEAK_HZ else receive_narrowly
        receptions.append(receive(channel.samples, channel.rate_hz, carrier, clipped_share=clipped_share))
    return tuple(sorted(receptions, key=lambda reception: reception.carrier.freq_hz))


def receive_narrowly(
    samples: NDArray[np.complex64], rate_hz: float, carrier: Carrier, *, clipped_share: float | None
) -> FmReception:
    """A channel narrower than the deviation allowed lops it: what is left is not what was sent."""
    heard = receive_channel(samples, rate_hz, carrier, clipped_share=clipped_share)
    reason = heard.multiplex.modulation.reason or "neighbour"
    modulation = Modulation(None, None, heard.multiplex.modulation.noise_hz, reason)
    return replace(heard, multiplex=replace(heard.multiplex, modulation=modulation, rds_deviation_hz=None))


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
