"""The outbox on disk: SQLite, write-ahead log, every promise synced. Raises sqlite3.Error; `outbox` decides what then.

Bodies are packed (zlib): an SD card wears by what is written, and a packed body that was damaged is noticed.
A report's row number is the number of its boot, shifted, plus its own number: rows append in the order they were
made, and no index beside the table is written.
"""

import fcntl
import io
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sensor.errors import SensorError

FORMAT = 1
BOOT_SHIFT = 40
TASKS_KEPT = 1000
_SCHEMA = """
CREATE TABLE IF NOT EXISTS boot(id INTEGER PRIMARY KEY, boot TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS report(
    id INTEGER PRIMARY KEY, protocol INTEGER NOT NULL, flagged INTEGER NOT NULL, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS hole(
    id INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL, reports INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS set_aside(id INTEGER PRIMARY KEY, reason TEXT NOT NULL, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS task(id TEXT PRIMARY KEY, boot INTEGER NOT NULL, outcome TEXT);
CREATE TABLE IF NOT EXISTS snippet(task TEXT PRIMARY KEY, offer BLOB NOT NULL, packed BLOB NOT NULL);
"""


class OutboxError(SensorError):
    """An outbox that this program must not touch."""


class OutboxNewer(OutboxError):
    def __init__(self, *, file: str, theirs: int, ours: int) -> None:
        super().__init__(f"{file} was written by a newer program (format {theirs}, known here up to {ours}): update")
        self.file, self.theirs, self.ours = file, theirs, ours


class OutboxInUse(OutboxError):
    def __init__(self, *, file: str) -> None:
        super().__init__(f"{file} is in use by another sensor program on this machine: stop that one first")
        self.file = file


@dataclass(frozen=True, slots=True)
class Row:
    id: int
    protocol: int
    packed: bytes


class OutboxFile:
    """One open file. Not thread-safe: `outbox` holds the lock."""

    def __init__(self, path: Path) -> None:
        self._promise = _connect(path, synchronous="FULL")
        try:
            self._prepare(path)
            # a lost erasure only sends a report twice, so it need not wait for the disk
            self._erase = _connect(path, synchronous="NORMAL")
        except BaseException:
            self._promise.close()
            raise

    def _prepare(self, path: Path) -> None:
        (theirs,) = self._promise.execute("PRAGMA user_version").fetchone()
        if theirs > FORMAT:
            raise OutboxNewer(file=str(path), theirs=theirs, ours=FORMAT)
        (verdict,) = self._promise.execute("PRAGMA integrity_check(1)").fetchone()
        if verdict != "ok":
            raise sqlite3.DatabaseError(f"damaged: {verdict}")
        with _transaction(self._promise):
            for statement in _SCHEMA.split(";"):
                self._promise.execute(statement)
            self._promise.execute(f"PRAGMA user_version = {FORMAT}")

    def close(self) -> None:
        self._erase.close()
        self._promise.close()

    def add_boot(self, boot: str, *, at_least: int = 1) -> int:
        """The boot's number: above every other, so that rows stand in the order they were made."""
        with _transaction(self._promise):
            (newest,) = self._promise.execute("SELECT coalesce(max(id), 0) FROM boot").fetchone()
            self._promise.execute("DELETE FROM boot WHERE id NOT IN (SELECT DISTINCT id >> 40 FROM report)")
            number = max(newest + 1, at_least)
            self._promise.execute("INSERT INTO boot(id, boot) VALUES (?, ?)", (number, boot))
        return int(number)

    def restore(self, boots: dict[int, str], rows: Iterable[Row]) -> int:
        """What was read from a damaged file, under the numbers it had there. Returns how many reports."""
        with _transaction(self._promise):
            self._promise.executemany("INSERT OR IGNORE INTO boot(id, boot) VALUES (?, ?)", boots.items())
            return self._promise.executemany(
                "INSERT OR IGNORE INTO report(id, protocol, flagged, body) VALUES (?, ?, 1, ?)",
                ((row.id, row.protocol, row.packed) for row in rows),
            ).rowcount

    def boots(self) -> dict[int, str]:
        return dict(self._promise.execute("SELECT id, boot FROM boot").fetchall())

    def append(self, rows: Iterable[tuple[int, int, bool, bytes]]) -> None:
        """(id, protocol, flagged, packed body): on the disk when this returns."""
        with _transaction(self._promise):
            self._promise.executemany("INSERT INTO report(id, protocol, flagged, body) VALUES (?, ?, ?, ?)", rows)

    def rows(self, *, first: int, before: int, limit: int) -> list[Row]:
        query = "SELECT id, protocol, CAST(body AS BLOB) FROM report WHERE id >= ? AND id < ? ORDER BY id LIMIT ?"
        return [Row(*row) for row in self._promise.execute(query, (first, before, limit))]

    def size(self) -> tuple[int, int]:
        """(reports, bytes of their bodies)."""
        return self._promise.execute("SELECT count(*), coalesce(sum(length(body)), 0) FROM report").fetchone()  # type: ignore[no-any-return]

    def erase(self, ids: Iterable[int]) -> tuple[int, int]:
        """Returns (reports, bytes) that are gone."""
        lengths = []
        with _transaction(self._erase):
            for row_id in ids:
                lengths += self._erase.execute(
                    "DELETE FROM report WHERE id = ? RETURNING length(body)", (row_id,)
                ).fetchall()
        return len(lengths), sum(length for (length,) in lengths)

    def set_aside(self, row_id: int, reason: str) -> None:
        """Out of the way, but kept: a report the server will never take."""
        with _transaction(self._promise):
            self._promise.execute(
                "INSERT OR REPLACE INTO set_aside SELECT id, ?, body FROM report WHERE id = ?", (reason, row_id)
            )
            self._promise.execute("DELETE FROM report WHERE id = ?", (row_id,))

    def drop_oldest(self, *, need_bytes: int) -> tuple[int, int]:
        """Make room: reports without a finding go first. Returns (reports, bytes) dropped."""
        chosen, freed = [], 0
        oldest = self._promise.execute("SELECT id, length(body) FROM report ORDER BY flagged, id")
        while freed < need_bytes and (row := oldest.fetchone()):
            chosen.append(row[0])
            freed += row[1]
        oldest.close()
        if chosen:
            with _transaction(self._promise):
                self._promise.executemany("DELETE FROM report WHERE id = ?", ((i,) for i in chosen))
                self._promise.execute(
                    "INSERT INTO hole(first, last, reports) VALUES (?, ?, ?)", (min(chosen), max(chosen), len(chosen))
                )
        return len(chosen), freed

    def dropped(self) -> int:
        (count,) = self._promise.execute("SELECT coalesce(sum(reports), 0) FROM hole").fetchone()
        return int(count)

    def task(self, task: str) -> tuple[int, str | None] | None:
        """(boot number it was taken in, outcome), or None for a task never seen."""
        return self._promise.execute("SELECT boot, outcome FROM task WHERE id = ?", (task,)).fetchone()  # type: ignore[no-any-return]

    def put_task(self, task: str, boot: int, outcome: str | None) -> None:
        with _transaction(self._promise):
            self._promise.execute(
                "INSERT INTO task(id, boot, outcome) VALUES (?, ?, ?)"
                " ON CONFLICT(id) DO UPDATE SET outcome = excluded.outcome",
                (task, boot, outcome),
            )
            self._promise.execute("DELETE FROM task WHERE rowid <= (SELECT max(rowid) FROM task) - ?", (TASKS_KEPT,))

    def put_snippet(self, task: str, offer: bytes, packed: bytes) -> None:
        with _transaction(self._promise):
            self._promise.execute("INSERT OR REPLACE INTO snippet VALUES (?, ?, ?)", (task, offer, packed))

    def snippet_sizes(self) -> list[tuple[str, int]]:
        """(task, bytes), oldest first."""
        return self._promise.execute("SELECT task, length(packed) FROM snippet ORDER BY rowid").fetchall()

    def snippet(self, task: str) -> tuple[bytes, bytes] | None:
        """(offer, packed samples)."""
        return self._promise.execute("SELECT offer, packed FROM snippet WHERE task = ?", (task,)).fetchone()  # type: ignore[no-any-return]

    def erase_snippet(self, task: str) -> None:
        with _transaction(self._erase):
            self._erase.execute("DELETE FROM snippet WHERE task = ?", (task,))


def lock(path: Path) -> io.FileIO | None:
    """Held as long as the file is open. None where no lock file can be written. Raises OutboxInUse."""
    try:
        held = io.FileIO(path.with_name(path.name + ".lock"), "w")
    except OSError:
        return None
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        held.close()
        raise OutboxInUse(file=str(path)) from None
    return held


def put_aside(path: Path) -> Path:
    """A damaged file and its log, renamed and kept. Returns the new name."""
    number = next(n for n in range(1, 1 << 20) if not path.with_name(f"{path.name}.damaged-{n}").exists())
    aside = path.with_name(f"{path.name}.damaged-{number}")
    for suffix in ("-wal", "-shm", ""):
        if (part := path.with_name(path.name + suffix)).exists():
            part.rename(aside.with_name(aside.name + suffix))
    return aside


def salvage(path: Path) -> tuple[dict[int, str], list[Row]]:
    """Boots and reports of a damaged file, as far as they can still be read."""
    boots: dict[int, str] = {}
    rows: list[Row] = []
    try:
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    except sqlite3.Error:
        return boots, rows
    try:
        boots |= connection.execute("SELECT id, boot FROM boot").fetchall()
        for row in connection.execute("SELECT id, protocol, CAST(body AS BLOB) FROM report ORDER BY id"):
            rows.append(Row(*row))
    except sqlite3.Error:  # the damaged page: what came before it has been read
        pass
    finally:
        connection.close()
    return boots, [row for row in rows if row.id >> BOOT_SHIFT in boots]


def _connect(path: Path, *, synchronous: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5.0)
    try:
        for pragma in (
            "journal_mode = WAL",
            f"synchronous = {synchronous}",
            "wal_autocheckpoint = 8000",
            "journal_size_limit = 67108864",
        ):
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
