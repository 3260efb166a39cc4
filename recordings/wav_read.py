"""WAV: two channels are IQ when fast enough, one channel is an FM multiplex when fast enough.

RIFF chunks as in Microsoft's multimedia reference; RF64 for files over 4 GB (EBU Tech 3306). The `auxi` chunk that
several receiver programs write carries start time and centre frequency.
"""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from recordings.bare_read import use_rate
from recordings.errors import (
    BadRateGiven,
    EmptyRecording,
    NeedCentre,
    WavHasChannels,
    WavIsBroken,
    WavIsCoded,
    WavIsSound,
)
from recordings.recording import Capture, Multiplex, Recording, RecordingWarning
from recordings.samples import SampleFormat, format_named, packed_24_bit

IQ_LEAST_HZ = 200e3  # below it neither a GSM cell nor an FM station fits; sound ends at 192 kHz
MULTIPLEX_LEAST_HZ = 128e3  # RDS ends at 59.4 kHz
PCM, FLOAT, EXTENSIBLE = 1, 3, 0xFFFE
STREAMED = (0, 0xFFFFFFFF)  # lengths that mean "not known when this was written"
MAGICS = (b"RIFF", b"RF64", b"BW64")


@dataclass(frozen=True, slots=True)
class WavHeader:
    tag: int
    channels: int
    rate_hz: float
    bits: int
    first_byte: int
    data_bytes: int  # as the file says
    held_bytes: int  # as there are
    centre_hz: float | None = None
    time_utc_ns: int | None = None


def is_wav(start: bytes) -> bool:
    return start[:4] in MAGICS and start[8:12] == b"WAVE"


def read_wav(path: Path, *, rate_hz: float | None, centre_hz: float | None) -> Recording | Multiplex:
    """Raises the NotIqWav family, EmptyRecording, BadRateGiven, NeedCentre. A rate in the header stands."""
    header = _header(path)
    stored_as = _format(path, header)
    rate = header.rate_hz or rate_hz
    if not rate:
        raise BadRateGiven(file=str(path), rate_hz=header.rate_hz)
    use_rate(path, rate)
    _refuse_sound(path, header, rate)
    samples, stray = divmod(header.held_bytes, stored_as.bytes_per_sample)
    if samples == 0:
        raise EmptyRecording(file=str(path))
    warnings = _warnings(header, stored_as, stray)
    if header.channels == 1:
        return Multiplex(path, stored_as, rate, samples, header.first_byte, warnings)
    centre = centre_hz if centre_hz is not None else header.centre_hz
    if centre is None:
        raise NeedCentre(file=str(path))
    capture = Capture(
        index=0,
        centre_hz=centre,
        rate_hz=rate,
        samples=samples,
        time_utc_ns=header.time_utc_ns,
        first_byte=header.first_byte,
    )
    return Recording(path=path, stored_as=stored_as, captures=(capture,), warnings=warnings)


def _refuse_sound(path: Path, header: WavHeader, rate_hz: float) -> None:
    if header.channels not in (1, 2):
        raise WavHasChannels(file=str(path), channels=header.channels)
    least = MULTIPLEX_LEAST_HZ if header.channels == 1 else IQ_LEAST_HZ
    if rate_hz < least:
        raise WavIsSound(file=str(path), channels=header.channels, rate_hz=rate_hz, least_hz=IQ_LEAST_HZ)


def _warnings(header: WavHeader, stored_as: SampleFormat, stray: int) -> tuple[RecordingWarning, ...]:
    size = stored_as.bytes_per_sample
    cut = header.data_bytes > header.held_bytes
    truncated = RecordingWarning("truncated", {"have": header.held_bytes // size, "need": header.data_bytes // size})
    odd = RecordingWarning("stray_bytes", {"count": stray})
    return (*([truncated] if cut else []), *([odd] if stray else []))


def _format(path: Path, header: WavHeader) -> SampleFormat:
    names = {
        (PCM, 8): "cu8",
        (PCM, 16): "ci16_le",
        (PCM, 32): "ci32_le",
        (FLOAT, 32): "cf32_le",
        (FLOAT, 64): "cf64_le",
    }
    if (header.tag, header.bits) == (PCM, 24):
        return packed_24_bit(components=header.channels)
    stored_as = format_named(names.get((header.tag, header.bits), ""))
    if stored_as is None:
        raise WavIsCoded(file=str(path), tag=header.tag, bits=header.bits)
    return replace(stored_as, components=header.channels)


def _header(path: Path) -> WavHeader:
    with path.open("rb") as file:
        chunks: dict[bytes, tuple[int, int]] = {}
        for name, size, start in _chunks(file):
            chunks.setdefault(name, (size, start))
        fmt = _content(file, chunks.get(b"fmt "), least=16)
        if fmt is None:
            raise WavIsBroken(file=str(path), chunk="fmt")
        if b"data" not in chunks:
            raise WavIsBroken(file=str(path), chunk="data")
        tag, channels, rate, _, _, bits = struct.unpack("<HHIIHH", fmt[:16])
        if tag == EXTENSIBLE and len(fmt) >= 26:
            tag = int.from_bytes(fmt[24:26], "little")  # the first field of the sub-format's GUID
        size, start = chunks[b"data"]
        big = _content(file, chunks.get(b"ds64"), least=16)
        if big is not None and size == 0xFFFFFFFF:
            size = int.from_bytes(big[8:16], "little")
        held = os.fstat(file.fileno()).st_size - start
        stated = held if size in STREAMED else size
        centre, began = _auxi(_content(file, chunks.get(b"auxi"), least=36))
        return WavHeader(
            tag=tag,
            channels=channels,
            rate_hz=float(rate),
            bits=bits,
            first_byte=start,
            data_bytes=stated,
            held_bytes=min(stated, held),
            centre_hz=centre,
            time_utc_ns=began,
        )


def _chunks(file: BinaryIO) -> Iterator[tuple[bytes, int, int]]:
    """Name, stated size and first byte of each chunk; a chunk whose length is unknown is the last."""
    file.seek(12)
    while len(head := file.read(8)) == 8:
        name, size, start = head[:4], int.from_bytes(head[4:], "little"), file.tell()
        yield name, size, start
        if name == b"data" and size in STREAMED:
            return
        file.seek(start + size + size % 2)


def _content(file: BinaryIO, chunk: tuple[int, int] | None, *, least: int) -> bytes | None:
    if chunk is None:
        return None
    size, start = chunk
    file.seek(start)
    content = file.read(min(size, 4096))
    return content if len(content) >= least else None


def _auxi(content: bytes | None) -> tuple[float | None, int | None]:
    """Centre frequency and start time: two SYSTEMTIME of 16 bytes, then the centre in Hz."""
    if content is None:
        return None, None
    year, month, _, day, hour, minute, second, milli = struct.unpack("<8H", content[:16])
    centre = int.from_bytes(content[32:36], "little")
    try:
        began = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return float(centre) or None, None
    return float(centre) or None, int(began.timestamp()) * 1_000_000_000 + milli * 1_000_000
