"""Recordings of made cells, and what was sent in them: block by block."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dsp.gsm.frame import FRAME_SYMBOLS, SYMBOL_HZ
from dsp.gsm.message import ABOUT_SUBSCRIBERS, message_kind
from recordings.gsm.multiframe import SlotZero
from recordings.gsm.spec import GsmBroadcast
from recordings.read import Recording, open_recording
from tests.dsp.gsm.made import OnAir, window

RATE_HZ = 1e6
CENTRE_HZ = 940.1e6


def cell(arfcn: int, **more: object) -> GsmBroadcast:
    said = {"plmn": "460-00", "bsic": arfcn % 64, "lac": 100, "ci": 7000 + arfcn, "neighbour_arfcns": (12, 30, 77)}
    return GsmBroadcast(arfcn=arfcn, **said | more)  # type: ignore[arg-type]


def made_file(
    path: Path,
    cells: list[GsmBroadcast],
    *,
    seconds: float,
    rate_hz: float = RATE_HZ,
    eb_n0_db: float = 15.0,
    clock_ppm: float = 0.0,
) -> Path:
    """cf32; each cell on its own channel, cell k with seed k + 1."""
    on_air = [OnAir(each, each.freq_hz - CENTRE_HZ, seed=k + 1) for k, each in enumerate(cells)]
    block = window(
        on_air, rate_hz=rate_hz, seconds=seconds, eb_n0_db=eb_n0_db, centre_hz=CENTRE_HZ, clock_ppm=clock_ppm
    )
    path.write_bytes(block.samples.tobytes())
    return path


def opened(path: Path, *, rate_hz: float = RATE_HZ) -> Recording:
    recording = open_recording(path, rate_hz=rate_hz, centre_hz=CENTRE_HZ, sample_format="cf32_le")
    assert isinstance(recording, Recording)
    return recording


def as_cu8(samples: NDArray[np.complex64]) -> bytes:
    parts = np.ascontiguousarray(samples).view(np.float32)
    return np.clip(np.rint(parts * 127.5 + 127.5), 0, 255).astype(np.uint8).tobytes()


@dataclass(frozen=True)
class Sent:
    frame_number: int
    octets: bytes
    began_s: float

    @property
    def digest4(self) -> str:
        return sha256(self.octets).hexdigest()[:4]

    @property
    def is_about_subscribers(self) -> bool:
        return message_kind(self.octets) in ABOUT_SUBSCRIBERS


def sent(broadcast: GsmBroadcast, *, seed: int, seconds: float) -> list[Sent]:
    """The blocks of time slot 0 that lie whole in the first `seconds` of the air. Not for combined cells."""
    start = broadcast.frame_number_at_start + broadcast.symbol_offset / FRAME_SYMBOLS
    frame_s = FRAME_SYMBOLS / SYMBOL_HZ
    slot_zero, found = SlotZero(broadcast, seed=seed), []
    for multiframe in range(int(start) // 51, int(start + seconds / frame_s) // 51 + 1):
        for frame, octets in slot_zero.blocks(multiframe).items():
            number = 51 * multiframe + frame
            began_s = (number - start) * frame_s
            if began_s >= 0 and began_s + 3 * frame_s + 148 / SYMBOL_HZ <= seconds:
                found.append(Sent(number, octets, began_s))
    return found
