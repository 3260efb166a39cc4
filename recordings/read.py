"""Open any recording: SigMF, WAV or a bare file."""

import os
import string
from pathlib import Path

from recordings.bare_read import ENDINGS, read_bare, use_rate
from recordings.errors import (
    EmptyRecording,
    IsFolder,
    IsNoFile,
    IsPacked,
    IsText,
    MissingRecording,
    NoMetadata,
    UnreadableRecording,
)
from recordings.recording import Capture, Multiplex, Recording, RecordingWarning
from recordings.sigmf_read import DATA, META, is_sigmf, read_sigmf
from recordings.wav_read import is_wav, read_wav

__all__ = ["Capture", "Multiplex", "Recording", "RecordingWarning", "open_recording"]

LOOKED_AT = 4096
PACKED = {
    b"\x1f\x8b": "gzip",
    b"PK\x03\x04": "zip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
}
PRINTED = frozenset(string.printable.encode())


def open_recording(
    path: str | os.PathLike[str],
    *,
    rate_hz: float | None = None,
    centre_hz: float | None = None,
    sample_format: str | None = None,
) -> Recording | Multiplex:
    """IQ as a Recording; one fast real channel as a Multiplex. Raises the RecordingError family.

    The options say what a file cannot say of itself: all three for a bare file, the centre for most WAVs. Where a
    SigMF or WAV file says it, the file stands.
    """
    where = _whole_name(Path(path))
    if rate_hz is not None:
        use_rate(where, rate_hz)
    try:
        start = _start(where)
        if is_sigmf(where):
            return read_sigmf(where, rate_hz=rate_hz, centre_hz=centre_hz)
        if is_wav(start):
            return read_wav(where, rate_hz=rate_hz, centre_hz=centre_hz)
        _refuse_other(where, start)
        return read_bare(where, rate_hz=rate_hz, centre_hz=centre_hz, sample_format=sample_format)
    except OSError as error:
        raise UnreadableRecording(file=str(where), reason=error.strerror or str(error)) from error


def _whole_name(path: Path) -> Path:
    """A SigMF pair may be named without its ending."""
    if path.exists():
        return path
    halves = (path.with_name(path.name + ending) for ending in (META, DATA))
    return next((half for half in halves if half.exists()), path)


def _start(path: Path) -> bytes:
    if path.is_dir():
        raise IsFolder(file=str(path))
    if path.exists() and not path.is_file():
        raise IsNoFile(file=str(path))
    try:
        with path.open("rb") as file:
            start = file.read(LOOKED_AT)
    except FileNotFoundError:
        _refuse_lone_name(path)
        raise MissingRecording(file=str(path)) from None
    if not start:
        raise EmptyRecording(file=str(path))
    return start


def _refuse_lone_name(path: Path) -> None:
    """The metadata was named and is not there, but its samples are."""
    if path.suffix == META and path.with_suffix(DATA).exists():
        raise NoMetadata(file=str(path.with_suffix(DATA)), metadata=path.name)


def _refuse_other(path: Path, start: bytes) -> None:
    kind = next((name for magic, name in PACKED.items() if start.startswith(magic)), None)
    if kind is not None and path.suffix.lower() not in ENDINGS:
        raise IsPacked(file=str(path), kind=kind)
    if path.suffix == ".sigmf":
        raise IsPacked(file=str(path), kind="SigMF")
    if _is_text(start):
        raise IsText(file=str(path))


def _is_text(start: bytes) -> bool:
    """Printable in ASCII, or words in UTF-8. Samples hover around 0, 127.5 or 128, none of which is printable."""
    if all(byte in PRINTED for byte in start):
        return True
    try:
        text = start[: start.rfind(b"\n") + 1 or len(start)].decode("utf-8")
    except UnicodeDecodeError:
        return False
    return all(character.isprintable() or character in "\t\r\n" for character in text)
