"""Text files line by line, packed by gzip or not, in UTF-8 or GB 18030: never a whole file, never a whole huge line."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from shell.settings import UnreadableSettings

LONGEST = 1 << 16  # of one line, bytes; what is longer is cut, and will not be understood
SAMPLE = 1 << 20
GZIP = b"\x1f\x8b"
ENCODINGS = ("utf-8-sig", "gb18030")


@contextmanager
def opened(path: Path) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """The content as bytes, and the file itself to ask how far it was read. Raises UnreadableSettings."""
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == GZIP
            raw.seek(0)
            yield (gzip.GzipFile(fileobj=raw) if packed else raw), raw  # type: ignore[misc]
    except FileNotFoundError:
        raise UnreadableSettings(file=str(path), reason="there is no such file; check the path") from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UnreadableSettings(file=str(path), reason=f"is damaged: {error}") from None
    except OSError as error:
        raise UnreadableSettings(file=str(path), reason=f"cannot be read: {error.strerror or error}") from None


def lines(path: Path, *, encoding: str | None = None) -> Iterator[str]:
    """Raises UnreadableSettings."""
    encoding = encoding or encoding_of(path)
    with opened(path) as (content, _):
        yield from decoded(content, encoding)


def decoded(content: BinaryIO, encoding: str) -> Iterator[str]:
    """Lines without their end; bytes that are no text become U+FFFD."""
    first = True
    while line := content.readline(LONGEST):
        while not line.endswith(b"\n") and (rest := content.readline(LONGEST)):
            line = line[:LONGEST] + rest[-1:]
        text = line.decode(encoding if first or encoding != "utf-8-sig" else "utf-8", errors="replace")
        first = False
        yield text.rstrip("\r\n")


def encoding_of(path: Path) -> str:
    """UTF-8 where the beginning is that, else GB 18030, which Chinese spreadsheets write."""
    with opened(path) as (content, _):
        beginning = content.read(SAMPLE)
    whole = beginning.rpartition(b"\n")[0] or beginning
    try:
        whole.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8-sig"
