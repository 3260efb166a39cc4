"""The folder a set is made in: one maker at a time, nothing half-done in sight, a finished set known as such."""

import contextlib
import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec

from recordings.make_refusals import CannotWrite, MakeError, NoRoom

_MARK = "made.json"
_PART = ".making"
_LOCK = ".lock"
_FULL = {errno.ENOSPC, errno.EDQUOT}
_SPARE_BYTES = 4_000_000  # metadata and truth


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """Written last: the set is whole, and this is what it was made from."""

    key: str
    bytes_by_file: dict[str, int]


class SetFolder:
    """Raises NoRoom and CannotWrite."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.part = folder / _PART
        self._need_bytes = _SPARE_BYTES

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Waits until no other process makes a set here."""
        with self.writing():
            self.folder.mkdir(parents=True, exist_ok=True)
            with (self.folder / _LOCK).open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Turns what the disk says into a refusal."""
        try:
            yield
        except MakeError:
            raise
        except OSError as error:
            if error.errno in _FULL:
                raise self._no_room() from error
            reason, number = error.strerror or str(error), error.errno or errno.EIO
            raise CannotWrite(folder=str(self.folder), reason=reason, number=number) from error

    def holds(self, key: str) -> bool:
        """Whether the set with this key is here, whole."""
        mark = self._mark()
        return (
            mark is not None
            and mark.key == key
            and all(self._size(name) == size for name, size in mark.bytes_by_file.items())
        )

    def clear(self) -> None:
        """Forget an older set and what a crash left."""
        mark = self._mark()
        (self.folder / _MARK).unlink(missing_ok=True)
        for name in mark.bytes_by_file if mark else ():
            (self.folder / name).unlink(missing_ok=True)
        self.drop_part()

    def drop_part(self) -> None:
        shutil.rmtree(self.part, ignore_errors=True)

    def reserve(self, sizes: dict[Path, int]) -> None:
        """Give every file its full length at once, so that a full disk is told before the work."""
        self._need_bytes = sum(sizes.values()) + _SPARE_BYTES
        if self._need_bytes > self._free():
            raise self._no_room()
        self.part.mkdir()
        for path, size in sizes.items():
            with path.open("wb") as file:
                file.truncate(size)
                if size:
                    _allocate(file.fileno(), size)

    def publish(self, key: str) -> None:
        """Move everything into sight, the mark last."""
        sizes = {}
        for path in sorted(self.part.iterdir()):
            sizes[path.name] = path.stat().st_size
            path.replace(self.folder / path.name)
        mark = self.part / _MARK
        with mark.open("wb") as file:
            file.write(msgspec.json.encode(Mark(key=key, bytes_by_file=sizes)))
            file.flush()
            os.fsync(file.fileno())
        mark.replace(self.folder / _MARK)
        self.drop_part()

    def _mark(self) -> Mark | None:
        try:
            return msgspec.json.decode((self.folder / _MARK).read_bytes(), type=Mark)
        except (OSError, msgspec.MsgspecError):
            return None  # no finished set: it will be made

    def _size(self, name: str) -> int | None:
        path = self.folder / name
        return path.stat().st_size if path.is_file() else None

    def _no_room(self) -> NoRoom:
        need_mb, free_mb = -(-self._need_bytes // 1_000_000), self._free() // 1_000_000
        return NoRoom(folder=str(self.folder), need_mb=need_mb, free_mb=free_mb)

    def _free(self) -> int:
        return shutil.disk_usage(self.folder).free


def _allocate(descriptor: int, size: int) -> None:
    """Where the file system can do that; elsewhere the file keeps its length and its holes."""
    try:
        os.posix_fallocate(descriptor, 0, size)
    except OSError as error:
        if error.errno not in {errno.EOPNOTSUPP, errno.EINVAL}:
            raise
