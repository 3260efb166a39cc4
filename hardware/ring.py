"""A ring of buffers between the thread that receives and those that read: one copy in, one copy out, no allocation.

The writer never waits. A reader that is overtaken finds out from the numbers and is told how much it lost: that is a
loss of ours, not of the receiver.
"""

import ctypes
import threading
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Arrived:
    """One buffer as it came. `data` is a copy.

    number     : of the buffer, counted from 0
    first      : bytes that had arrived before it
    arrived_ns : monotonic clock when its last byte was there
    """

    number: int
    first: int
    arrived_ns: int
    data: NDArray[np.uint8]


class Ring:
    """Remembers the last `slots` buffers of at most `slot_bytes` each."""

    def __init__(self, *, slots: int, slot_bytes: int) -> None:
        self._data = np.zeros((slots, slot_bytes), np.uint8)
        self._lengths = np.zeros(slots, np.int64)
        self._firsts = np.zeros(slots, np.int64)
        self._arrivals = np.zeros(slots, np.int64)
        self._count = 0  # buffers written
        self._bytes = 0
        self._ended: Exception | None = None
        self._changed = threading.Condition()

    @property
    def count(self) -> int:
        return self._count

    def stamps(self) -> list[tuple[int, int]]:
        """(bytes that had arrived, monotonic ns) at the end of each buffer still there, oldest first."""
        with self._changed:
            slots = [n % len(self._data) for n in range(max(0, self._count - len(self._data)), self._count)]
            return [(int(self._firsts[s] + self._lengths[s]), int(self._arrivals[s])) for s in slots]

    def put(self, address: int, length: int, arrived_ns: int) -> None:
        """Copy a buffer in. A longer one than a slot is cut, which the count of bytes shows as a loss."""
        with self._changed:
            slot = self._count % len(self._data)
            kept = min(length, self._data.shape[1])
            ctypes.memmove(self._data[slot].ctypes.data, address, kept)
            self._lengths[slot], self._firsts[slot], self._arrivals[slot] = kept, self._bytes, arrived_ns
            self._count += 1
            self._bytes += length
            self._changed.notify_all()

    def end(self, why: Exception) -> None:
        """No more will come: readers are told when they have read what is there."""
        with self._changed:
            self._ended = why
            self._changed.notify_all()

    def get(self, number: int, *, patience_s: float) -> Arrived | None:
        """Buffer `number`, or the oldest still there if it was overwritten. None: none came within `patience_s`.

        Raises what `end` was given, once everything before it was read.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: self._count > number or self._ended, patience_s):
                return None
            if self._count <= number:
                assert self._ended is not None
                raise self._ended
            number = max(number, self._count - len(self._data))
            slot = number % len(self._data)
            return Arrived(
                number=number,
                first=int(self._firsts[slot]),
                arrived_ns=int(self._arrivals[slot]),
                data=self._data[slot, : self._lengths[slot]].copy(),
            )
