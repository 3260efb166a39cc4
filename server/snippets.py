"""Samples arriving in parts: put together in memory, checked against their hash, stored once."""

import hashlib
from dataclasses import dataclass, field

import msgspec
from sqlalchemy import Connection, insert, select

from server import tables, tasking
from wire.errors import WireError
from wire.messages import SnippetOffer, SnippetPart, Task, appointed
from wire.phase_snippet import FORMAT as PHASES
from wire.phase_snippet import MOST_BYTES
from wire.report_codec import inflate

LIMIT_BYTES = 128 << 20
BYTES_PER_SAMPLE = {"cu8": 2, "ci8": 2, "ci16_le": 4, "cf32_le": 8}
MARGIN_S = 1.0  # a receiver delivers whole dwells


class SnippetError(WireError):
    """Samples that are not taken."""

    reason = "snippet_refused"


class SnippetUnasked(SnippetError):
    reason = "snippet_unasked"

    def __init__(self) -> None:
        super().__init__("no task of this sensor asked for these samples")


class SnippetTooLarge(SnippetError):
    reason = "snippet_too_large"

    def __init__(self, *, sample_bytes: int, limit_bytes: int) -> None:
        super().__init__(f"{sample_bytes} bytes of samples, the task allows {limit_bytes}")
        self.sample_bytes, self.limit_bytes = sample_bytes, limit_bytes


class SnippetDamaged(SnippetError):
    reason = "snippet_damaged"

    def __init__(self) -> None:
        super().__init__("the samples do not have the hash that was announced")


@dataclass(slots=True)
class Arriving:
    offer: SnippetOffer
    packed: bytearray = field(default_factory=bytearray)

    @property
    def whole(self) -> bool:
        return len(self.packed) >= self.offer.packed_bytes


class Arrivals:
    """What has come so far, by sensor and task. A sensor that reconnects goes on where it was."""

    def __init__(self) -> None:
        self._arriving: dict[tuple[int, str], Arriving] = {}

    def offer(self, sensor_id: int, offer: SnippetOffer) -> int:
        """The offset from which the sensor is to send."""
        known = self._arriving.get((sensor_id, offer.task))
        if known is None or known.offer != offer:
            known = self._arriving[sensor_id, offer.task] = Arriving(offer)
        return len(known.packed)

    def part(self, sensor_id: int, part: SnippetPart) -> Arriving:
        """Raises SnippetUnasked for a part that was not offered. One out of place changes nothing."""
        known = self._arriving.get((sensor_id, part.task))
        if known is None:
            raise SnippetUnasked
        if part.offset == len(known.packed):
            known.packed += part.data[: known.offer.packed_bytes - len(known.packed)]
        return known

    def forget(self, sensor_id: int, task: str) -> None:
        self._arriving.pop((sensor_id, task), None)


def check_offer(connection: Connection, row: int | None, sensor_id: int, offer: SnippetOffer) -> bool:
    """False when it is stored already. Raises SnippetUnasked, SnippetTooLarge."""
    t = tables.task.c
    body = connection.execute(select(t.body).where(t.id == row, t.sensor_id == sensor_id)).scalar_one_or_none()
    task = None if body is None else msgspec.msgpack.decode(body, type=Task)
    limit = None if task is None else _limit_bytes(task, offer.format)
    if limit is None:
        raise SnippetUnasked
    if not (0 < offer.sample_bytes <= limit and 0 < offer.packed_bytes <= offer.sample_bytes + 65536):
        raise SnippetTooLarge(sample_bytes=offer.sample_bytes, limit_bytes=limit)
    return connection.execute(select(tables.snippet.c.id).where(tables.snippet.c.task_id == row)).first() is None


def _limit_bytes(task: Task, sample_format: str) -> int | None:
    """None: the task did not ask for such samples."""
    if sample_format == PHASES:
        return MOST_BYTES if appointed(task) else None
    if not task.snippet or sample_format not in BYTES_PER_SAMPLE:
        return None
    return min(
        LIMIT_BYTES, int((task.seconds + MARGIN_S) * max(task.rate_hz, 0.0) * 2 * BYTES_PER_SAMPLE[sample_format])
    )


def samples_of(arriving: Arriving) -> bytes:
    """Unpacked and checked. Raises SnippetDamaged."""
    try:
        samples = inflate(bytes(arriving.packed), limit_bytes=arriving.offer.sample_bytes)
    except WireError:
        raise SnippetDamaged from None
    if hashlib.sha256(samples).hexdigest() != arriving.offer.sha256:
        raise SnippetDamaged
    return samples


def store_snippet(
    connection: Connection, row: int, sensor_id: int, offer: SnippetOffer, samples: bytes, *, now_utc_ns: int
) -> None:
    """With the end of its task, in the caller's transaction."""
    connection.execute(
        insert(tables.snippet).values(
            task_id=row,
            sensor_id=sensor_id,
            received_utc_ns=now_utc_ns,
            centre_hz=offer.centre_hz,
            rate_hz=offer.rate_hz,
            time_utc_ns=offer.time_utc_ns,
            format=offer.format,
            sha256=offer.sha256,
            data=samples,
        )
    )
    tasking.note_done(connection, row, sensor_id, "done", now_utc_ns=now_utc_ns)
