"""Sound into a file: FLAC keeps every sample, Ogg Opus is small, WAV goes anywhere, also through a pipe."""

import errno
import hashlib
import struct
import sys
from pathlib import Path
from typing import BinaryIO, Protocol

import numpy as np
from numpy.typing import NDArray

FORMATS = {  # ending: format and subtype of libsndfile, and what a person calls it
    ".flac": ("FLAC", "PCM_16", "FLAC, 16 bit"),
    ".opus": ("OGG", "OPUS", "Ogg Opus"),
    ".ogg": ("OGG", "OPUS", "Ogg Opus"),
    ".wav": ("WAV", "PCM_16", "WAV, 16 bit"),
}
STDOUT = "-"
ENDLESS = 0xFFFFFFFF  # the length of what is still being written


class AudioSink(Protocol):
    """name: for people; codec: how it is stored"""

    name: str
    codec: str

    def write(self, samples: NDArray[np.float32]) -> None:
        """(n,) mono, full scale ±1. Raises OSError."""
        ...

    def close(self) -> str:
        """SHA-256 of everything written, in hexadecimal digits."""
        ...


class AudioFile:
    """Evidence is never written over: raises FileExistsError, and OSError."""

    def __init__(self, path: Path, rate_hz: float) -> None:
        import soundfile

        kind, subtype, self.codec = FORMATS[path.suffix.lower()]
        self.name = str(path)
        path.open("xb").close()  # what cannot be made here says so in the system's own words
        self._path = path
        self._file = soundfile.SoundFile(path, "w", round(rate_hz), 1, format=kind, subtype=subtype)

    def write(self, samples: NDArray[np.float32]) -> None:
        import soundfile

        try:
            self._file.write(np.clip(samples, -1, 1))
        except soundfile.LibsndfileError as error:
            raise OSError(errno.ENOSPC, str(error), self.name) from None  # what a full disk is called there

    def close(self) -> str:
        self._file.close()
        with self._path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


class AudioPipe:
    """WAV to whoever reads it, of a length nobody knows yet."""

    name, codec = STDOUT, FORMATS[".wav"][2]

    def __init__(self, rate_hz: float, out: BinaryIO | None = None) -> None:
        self._out = out if out is not None else sys.stdout.buffer
        self._digest = hashlib.sha256()
        rate = round(rate_hz)
        self._send(b"RIFF" + struct.pack("<I", ENDLESS) + b"WAVEfmt ")
        self._send(struct.pack("<IHHIIHH", 16, 1, 1, rate, 2 * rate, 2, 16))
        self._send(b"data" + struct.pack("<I", ENDLESS))

    def write(self, samples: NDArray[np.float32]) -> None:
        self._send(np.rint(np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())

    def close(self) -> str:
        self._out.flush()
        return self._digest.hexdigest()

    def _send(self, octets: bytes) -> None:
        self._digest.update(octets)
        self._out.write(octets)
        self._out.flush()


def audio_sink(name: str, rate_hz: float) -> AudioSink:
    return AudioPipe(rate_hz) if name == STDOUT else AudioFile(Path(name), rate_hz)
