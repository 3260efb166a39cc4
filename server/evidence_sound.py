"""The sound of a recorded carrier, twice: FLAC for the case, every sample; Ogg Opus to listen to."""

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dsp.fm.audio import AUDIO_RATE_HZ, ChannelSound
from dsp.fm.widths import NARROW, NORMAL, Width

FULL_SCALE_HZ = 150e3  # twice the deviation allowed: what over-deviates is not clipped
LISTEN_PEAK = 0.9  # of the Opus file, which is made as loud as it goes
DEEMPHASIS_S = 50e-6  # China and Europe (ITU-R BS.450 §2.4)
LEAST_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Sound:
    """channel_half_hz: of the carrier's channel that was demodulated."""

    flac: bytes
    opus: bytes
    seconds: float
    channel_half_hz: float


def sound_of(samples: NDArray[np.complex64], rate_hz: float, *, offset_hz: float) -> Sound:
    """Raises SignalError: the channel is not inside the window, or the rate is none for it."""
    channel = ChannelSound(
        rate_hz=rate_hz, offset_hz=offset_hz, width=_width(rate_hz, offset_hz), deemphasis_s=DEEMPHASIS_S
    )
    deviation_hz = np.concatenate([channel.take(samples), channel.rest()])
    scaled = np.clip(deviation_hz / FULL_SCALE_HZ, -1, 1).astype(np.float32)
    largest = max(float(np.abs(scaled).max(initial=0.0)), 1e-3)
    return Sound(
        flac=_encoded(scaled, "FLAC", "PCM_16"),
        opus=_encoded(scaled * np.float32(LISTEN_PEAK / largest), "OGG", "OPUS"),
        seconds=len(scaled) / AUDIO_RATE_HZ,
        channel_half_hz=channel.width.pass_hz,
    )


def from_cu8(samples: bytes) -> NDArray[np.complex64]:
    """I, Q, I, Q … of a dongle, full scale 1."""
    parts = np.frombuffer(samples[: len(samples) // 2 * 2], np.uint8).astype(np.float32)
    return np.asarray(((parts - 127.5) / 127.5).view(np.complex64))


def _width(rate_hz: float, offset_hz: float) -> Width:
    return NORMAL if abs(offset_hz) + NORMAL.pass_hz <= rate_hz / 2 else NARROW


def _encoded(sound: NDArray[np.float32], kind: str, subtype: str) -> bytes:
    import soundfile  # noqa: PLC0415  # a library in C, for those who keep evidence

    out = io.BytesIO()
    with soundfile.SoundFile(out, "w", round(AUDIO_RATE_HZ), 1, format=kind, subtype=subtype) as file:
        file.write(sound)
    return out.getvalue()
