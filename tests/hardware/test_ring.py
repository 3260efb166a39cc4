import threading

import numpy as np
import pytest

from hardware.ring import Ring


def put(ring: Ring, content: list[int], at_ns: int = 0) -> None:
    data = np.array(content, np.uint8)
    ring.put(data.ctypes.data, len(data), at_ns)


def test_buffers_come_out_as_they_went_in():
    ring = Ring(slots=4, slot_bytes=8)
    put(ring, [1, 2, 3], 10)
    put(ring, [4], 20)
    first, second = (ring.get(n, patience_s=0) for n in range(2))
    assert (first.number, first.first, first.arrived_ns, first.data.tolist()) == (0, 0, 10, [1, 2, 3])
    assert (second.number, second.first, second.arrived_ns, second.data.tolist()) == (1, 3, 20, [4])


def test_a_reader_that_was_overtaken_sees_it_from_the_number():
    ring = Ring(slots=4, slot_bytes=8)
    for n in range(10):
        put(ring, [n, n])
    oldest = ring.get(2, patience_s=0)
    assert (oldest.number, oldest.first, oldest.data[0]) == (6, 12, 6)


def test_what_was_read_does_not_change_when_the_ring_goes_round():
    ring = Ring(slots=2, slot_bytes=4)
    put(ring, [7])
    kept = ring.get(0, patience_s=0)
    for _ in range(5):
        put(ring, [9])
    assert kept.data.tolist() == [7]


def test_a_reader_waits_for_what_comes_and_no_longer_than_its_patience():
    ring = Ring(slots=2, slot_bytes=4)
    assert ring.get(0, patience_s=0.01) is None
    threading.Timer(0.05, put, (ring, [5])).start()
    assert ring.get(0, patience_s=5).data.tolist() == [5]


def test_the_end_is_told_after_everything_before_it_was_read():
    ring = Ring(slots=2, slot_bytes=4)
    put(ring, [5])
    ring.end(OSError("unplugged"))
    assert ring.get(0, patience_s=0).data.tolist() == [5]
    with pytest.raises(OSError, match="unplugged"):
        ring.get(1, patience_s=5)


def test_a_buffer_longer_than_a_slot_is_cut_and_the_count_shows_it():
    ring = Ring(slots=2, slot_bytes=2)
    put(ring, [1, 2, 3])
    put(ring, [4])
    assert ring.get(0, patience_s=0).data.tolist() == [1, 2]
    assert ring.get(1, patience_s=0).first == 3
