"""Reports that no server has acknowledged. What `promise` returned is on the disk, or `durable` says that it is not."""

import contextlib
import logging
import secrets
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from sensor import outbox_file
from sensor.outbox_disk import OutboxDisk, OutboxNotDurable
from sensor.outbox_file import BOOT_SHIFT, OutboxError, OutboxFile
from sensor.outbox_memory import Held, OutboxMemory
from wire.codec import PROTOCOL
from wire.messages import Item
from wire.report import Report
from wire.report_codec import encode_report

log = logging.getLogger(__name__)
LIMIT_BYTES = 2 << 30  # of reports on the disk
MEMORY_LIMIT_BYTES = 64 << 20  # of reports that could not be written
DROP_SHARE = 0.05  # of the limit is freed at once
RETRY_S = 10.0  # between attempts to write again
_SEQ = (1 << BOOT_SHIFT) - 1


@dataclass(frozen=True, slots=True)
class Waiting:
    id: int  # rises in the order of making
    item: Item


class Outbox:
    """Thread-safe. Drops only by its rule: beyond the limit the oldest reports without a finding go first,
    then the oldest of all; each hole is counted and kept on record."""

    def __init__(
        self,
        path: Path,
        *,
        limit_bytes: int = LIMIT_BYTES,
        memory_limit_bytes: int = MEMORY_LIMIT_BYTES,
        retry_s: float = RETRY_S,
    ) -> None:
        self.path, self.boot = path, secrets.token_hex(16)
        self.on_promise: Callable[[], None] = lambda: None
        self.epoch = 0  # rises when rows have come back that were out of reach
        self._limit_bytes = limit_bytes
        self._lock = threading.RLock()
        self._counters: Counter[str] = Counter()
        self._disk = OutboxDisk(path, self.boot, self._counters, retry_s=retry_s)
        self._next_seq = 1
        self._count = self._bytes = 0  # on the disk
        self._memory = OutboxMemory(memory_limit_bytes)
        self._acked: set[int] = set()  # on the disk, and could not be erased yet
        self._recent: list[tuple[float, int]] = []  # (monotonic, seq) of the newest promises
        self._lock_file = outbox_file.lock(path)

    @classmethod
    def open(cls, path: Path, *, limit_bytes: int = LIMIT_BYTES) -> "Outbox":
        """Raises OutboxInUse, OutboxNewer. A disk that cannot be written is no refusal: see `problem`."""
        with contextlib.suppress(OSError):  # said when the file cannot be opened
            path.parent.mkdir(parents=True, exist_ok=True)
        outbox = cls(path, limit_bytes=limit_bytes)
        try:
            outbox.recover()
        except OutboxError:
            outbox.close()
            raise
        return outbox

    def close(self) -> None:
        with self._lock:
            self._disk.close()
            if self._lock_file is not None:
                self._lock_file.close()

    @property
    def problem(self) -> OutboxNotDurable | None:
        """Why reports are not written to the disk now."""
        return self._disk.problem

    @property
    def durable(self) -> bool:
        return self.problem is None

    @property
    def next_seq(self) -> int:
        return self._next_seq

    def waiting(self) -> int:
        return self._count - len(self._acked) + len(self._memory)

    def counters(self) -> dict[str, int]:
        """By reason: what was dropped, put aside, found damaged."""
        with self._lock:
            return dict(self._counters)

    def promise(self, report: Report) -> Report:
        """The report with its boot and number, on the disk. Raises WireError for one that no server could take."""
        with self._lock:
            if self._disk.retry_due():
                self.recover()
            seq = self._next_seq
            promised = self._numbered(report, seq)
            body = encode_report(promised)
            if self.problem is not None or not self._write(Held(seq, bool(report.findings), body)):
                promised = self._numbered(report, seq)
                self._say_dropped(self._memory.put(Held(seq, bool(report.findings), encode_report(promised))))
            self._next_seq += 1
            self._note_recent(seq)
        self.on_promise()
        return promised

    def rows(self, *, first: int, before: int | None, limit: int) -> list[Waiting]:
        """What waits in first ≤ id < before, oldest first."""
        with self._lock:
            last = (1 << 62) if before is None else before
            found = self._file_rows(first, last, limit)
            mine = self._disk.boot_number << BOOT_SHIFT
            for held in self._memory:
                if first <= mine + held.seq < last:
                    item = Item(boot=self.boot, seq=held.seq, protocol=PROTOCOL, body=held.body)
                    found.append(Waiting(mine + held.seq, item))
            return found[:limit]

    def live_from(self, seconds: float) -> int:
        """Rows from this id on were promised within the last `seconds`."""
        with self._lock:
            since = time.monotonic() - seconds
            seq = next((seq for made, seq in self._recent if made >= since), self._next_seq)
            return (self._disk.boot_number << BOOT_SHIFT) + seq

    def acknowledged(self, identities: Iterable[tuple[str, int]]) -> None:
        """The server has stored exactly these."""
        with self._lock:
            for boot, seq in identities:
                if not (boot == self.boot and self._memory.take(seq)):
                    self._acked |= {row_id for row_id in (self._id(boot, seq),) if row_id is not None}
            self._erase_acked()

    def refused(self, boot: str, seq: int, reason: str) -> None:
        """The server will never store this one: kept aside, with the reason."""
        with self._lock:
            self._set_aside(boot, seq, f"refused by the server: {reason}")

    def _set_aside(self, boot: str, seq: int, reason: str) -> None:
        self._counters["report_set_aside"] += 1
        log.error("report %s %d is kept aside: %s", boot, seq, reason)
        row_id = self._id(boot, seq)
        if row_id is not None and self._disk.attempt(lambda file: file.set_aside(row_id, reason)):
            self._measure()
        elif boot == self.boot:
            self._memory.take(seq)

    def recover(self) -> None:
        """Open the file, or what has become of it, and move there what memory holds. Raises OutboxError."""
        with self._lock:
            if not self._disk.ready():
                return
            was_lost = self.problem is not None
            rows = [self._file_row(held) for held in self._memory]
            if self._disk.attempt(lambda file: file.append(rows)):
                self._memory.clear()
                self._disk.mended()
                self._erase_acked()
                self._measure()
                self.epoch += was_lost
                if was_lost:
                    log.warning("%s can be written again: %d reports moved there", self.path, len(rows))

    def attempt(self, action: Callable[[OutboxFile], None]) -> bool:
        """Do something with the file, under the lock. False: it could not be done, and `problem` says why."""
        with self._lock:
            return self._disk.attempt(action)

    @property
    def boot_number(self) -> int:
        return self._disk.boot_number

    def _numbered(self, report: Report, seq: int) -> Report:
        health = report.health and msgspec.structs.replace(
            report.health, durable=self.durable, queue_length=self.waiting()
        )
        return msgspec.structs.replace(report, boot=self.boot, seq=seq, health=health)

    def _file_row(self, held: Held) -> tuple[int, int, bool, bytes]:
        return (self._disk.boot_number << BOOT_SHIFT) + held.seq, PROTOCOL, held.flagged, zlib.compress(held.body, 1)

    def _write(self, held: Held) -> bool:
        row = self._file_row(held)
        if not self._disk.attempt(lambda file: file.append([row])):
            return False
        self._count, self._bytes = self._count + 1, self._bytes + len(row[-1])
        if self._bytes > self._limit_bytes:
            self._drop_from_file()
        return True

    def _drop_from_file(self) -> None:
        need = self._bytes - int(self._limit_bytes * (1 - DROP_SHARE))

        def drop(file: OutboxFile) -> None:
            count, freed = file.drop_oldest(need_bytes=need)
            self._count, self._bytes = self._count - count, self._bytes - freed
            self._say_dropped(count)

        self._disk.attempt(drop)

    def _say_dropped(self, count: int) -> None:
        if not count:
            return
        self._counters["outbox_dropped"] += count
        log.error("%s is full: the %d oldest reports were dropped", self.path, count)

    def _note_recent(self, seq: int) -> None:
        now = time.monotonic()
        self._recent.append((now, seq))
        if len(self._recent) > 256 and self._recent[128][0] < now - 120:
            del self._recent[:128]
        elif len(self._recent) > 65536:
            del self._recent[:32768]

    def _id(self, boot: str, seq: int) -> int | None:
        number = next((n for n, name in self._disk.boots.items() if name == boot), None)
        return None if number is None else (number << BOOT_SHIFT) + seq

    def _file_rows(self, first: int, before: int, limit: int) -> list[Waiting]:
        found: list[outbox_file.Row] = []
        self._disk.attempt(lambda file: found.extend(file.rows(first=first, before=before, limit=limit)))
        wanted = [row for row in found if row.id not in self._acked and row.id >> BOOT_SHIFT in self._disk.boots]
        return [waiting for row in wanted if (waiting := self._waiting(row)) is not None]

    def _waiting(self, row: outbox_file.Row) -> Waiting | None:
        boot, seq = self._disk.boots[row.id >> BOOT_SHIFT], row.id & _SEQ
        try:
            body = zlib.decompress(row.packed)
        except zlib.error as error:
            self._set_aside(boot, seq, f"damaged on the disk: {error}")
            return None
        return Waiting(row.id, Item(boot=boot, seq=seq, protocol=row.protocol, body=body))

    def _erase_acked(self) -> None:
        def erase(file: OutboxFile) -> None:
            count, freed = file.erase(self._acked)
            self._acked.clear()
            self._count, self._bytes = self._count - count, self._bytes - freed

        if self._acked:
            self._disk.attempt(erase)

    def _measure(self) -> None:
        def measure(file: OutboxFile) -> None:
            self._count, self._bytes = file.size()
            if "outbox_dropped" not in self._counters:
                self._counters["outbox_dropped"] = file.dropped()

        self._disk.attempt(measure)
