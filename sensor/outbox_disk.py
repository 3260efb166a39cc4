"""The outbox's file as it comes and goes: full disks, read-only folders, damaged files. What cannot be done is said."""

import logging
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from sensor import outbox_file
from sensor.outbox_file import OutboxError, OutboxFile

log = logging.getLogger(__name__)


class OutboxNotDurable(OutboxError):
    """Reports live in memory only. Not raised: `Outbox.problem` holds it for people to read."""

    def __init__(self, *, file: str, reason: str) -> None:
        super().__init__(f"{file} cannot be written ({reason}): reports are kept in memory only; free or mend the disk")
        self.file, self.reason = file, reason


class OutboxDisk:
    """The file while it can be used. Not thread-safe: `outbox` holds the lock.

    problem     : why nothing can be written now; None: it can
    boot_number : what this boot is called in the file
    boots       : number → boot, of everything in the file
    """

    def __init__(self, path: Path, boot: str, counters: Counter[str], *, retry_s: float) -> None:
        self.path = path
        self.problem: OutboxNotDurable | None = None
        self.boot_number, self.boots = 0, {0: boot}
        self._boot, self._counters = boot, counters
        self._retry_s, self._retry_at = retry_s, 0.0
        self._file: OutboxFile | None = None

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def attempt(self, action: Callable[[OutboxFile], None]) -> bool:
        """False: it could not be done, and `problem` says why."""
        if self._file is None:
            return False
        try:
            action(self._file)
        except sqlite3.Error as error:
            self._fail(error)
            return False
        return True

    def retry_due(self) -> bool:
        return self.problem is not None and time.monotonic() >= self._retry_at

    def ready(self) -> bool:
        """Open the file, or what has become of it, unless it is open. Raises OutboxNewer."""
        self._retry_at = time.monotonic() + self._retry_s
        if self._file is not None:
            return True
        try:
            self._file = self._open_or_replace()
            self.boot_number = self._own_number(self._file)
            self.boots = self._file.boots()
        except (sqlite3.Error, OSError) as error:
            self.close()
            self._fail(error if isinstance(error, sqlite3.Error) else sqlite3.OperationalError(str(error)))
            return False
        return True

    def mended(self) -> None:
        """Something was written again."""
        self.problem = None

    def _fail(self, error: sqlite3.Error) -> None:
        """A full disk can still be read; anything else costs the file, which is opened anew later."""
        if self.problem is None:
            self.problem = OutboxNotDurable(file=str(self.path), reason=str(error))
            self._counters["outbox_not_durable"] += 1
            log.error("%s", self.problem)
        self._retry_at = time.monotonic() + self._retry_s
        if _code(error) not in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_BUSY):
            self.close()
            if _is_damage(error):
                self._retry_at = 0.0

    def _own_number(self, file: OutboxFile) -> int:
        known = next((number for number, boot in file.boots().items() if boot == self._boot), None)
        return known or file.add_boot(self._boot, at_least=max(self.boot_number, 1))

    def _open_or_replace(self) -> OutboxFile:
        try:
            return OutboxFile(self.path)
        except sqlite3.DatabaseError as error:
            if not _is_damage(error):
                raise
            aside = outbox_file.put_aside(self.path)
            boots, rows = outbox_file.salvage(aside)
            file = OutboxFile(self.path)
            saved = file.restore(boots, rows)
            self._counters["outbox_damaged"] += 1
            self._counters["outbox_salvaged"] += saved
            log.error("%s was damaged (%s): put aside as %s, %d reports saved from it", self.path, error, aside, saved)
            return file


def _code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF


def _is_damage(error: sqlite3.Error) -> bool:
    return type(error) is sqlite3.DatabaseError and _code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
