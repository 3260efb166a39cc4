import json
from pathlib import Path

import numpy as np
import pytest

from hardware.clock import ClockQuality, ClockSource
from hardware.errors import BadWindow, EndOfRecording, NotInRecording, NotIq, RadioClosed
from hardware.pace import AsFastAsRead, Live
from hardware.radio import Place, Window, sweep
from hardware.replay import Replay
from recordings.read import open_recording

RATE = 1000.0
T0 = "2026-01-01T00:00:00Z"
T0_NS = 1_767_225_600_000_000_000
SECOND_NS = 1_000_000_000


class MadeClock:
    """A clock that only moves when it is waited on."""

    def __init__(self) -> None:
        self.now_ns = 1_800_000_000 * SECOND_NS
        self.waits: list[float] = []

    def utc_ns(self) -> int:
        return self.now_ns

    def monotonic_ns(self) -> int:
        return self.now_ns - 5

    def quality(self) -> ClockQuality:
        return ClockQuality(ClockSource.NTP, 1000)

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now_ns += round(seconds * SECOND_NS)


def recording(folder: Path, looks, *, dated=True):
    """looks: (second it began, length s, centre, position) at 1 kS/s; sample values count the looks."""
    captures, data = [], b""
    for number, (began, seconds, centre, position) in enumerate(looks):
        capture = {"core:sample_start": len(data) // 2, "core:frequency": centre}
        if dated:
            capture["core:datetime"] = f"2026-01-01T00:00:{began:06.3f}Z"
        if position is not None:
            capture["core:geolocation"] = {"type": "Point", "coordinates": [position[1], position[0]]}
            capture["wavewarden:position_sigma_m"] = 4.0
        captures.append(capture)
        data += bytes([number]) * (2 * round(seconds * RATE))
    about = {"core:datatype": "cu8", "core:sample_rate": RATE}
    (folder / "r.sigmf-data").write_bytes(data)
    (folder / "r.sigmf-meta").write_text(json.dumps({"global": about, "captures": captures}))
    return open_recording(folder / "r.sigmf-meta")


def number_of(block) -> int:
    return round(float(block.samples[0].real) * 127.5 + 127.5)


SCHEDULE = [(0, 1, 98e6, (39.0, 116.0)), (2, 1, 936e6, None), (4, 1, 98e6, (39.1, 116.1))]


def test_a_look_is_the_next_one_recorded_that_covers_what_is_asked(tmp_path):
    radio = Replay(recording(tmp_path, SCHEDULE))
    first, second = (radio.look(98e6, RATE, 1.0) for _ in range(2))
    assert (number_of(first), number_of(second)) == (0, 2)
    with pytest.raises(EndOfRecording):
        radio.look(98e6, RATE, 1.0)


def test_a_sensor_that_follows_the_recording_hears_all_of_it_in_order(tmp_path):
    radio = Replay(recording(tmp_path, SCHEDULE))
    heard = []
    with pytest.raises(EndOfRecording):
        while True:
            window = radio.next_window(longest_s=10.0)
            heard.append(radio.look(window.centre_hz, window.rate_hz, window.seconds))
    assert [number_of(block) for block in heard] == [0, 1, 2]
    assert [block.centre_hz for block in heard] == [98e6, 936e6, 98e6]


def test_times_and_counts_are_the_recordings_own_when_it_is_read_fast(tmp_path):
    radio = Replay(recording(tmp_path, SCHEDULE))
    radio.look(98e6, RATE, 1.0)
    block = radio.look(98e6, RATE, 1.0)
    assert block.time_utc_ns == T0_NS + 4 * SECOND_NS
    assert block.first_sample == 4000  # the receiver went on counting while it listened elsewhere


def test_a_shift_moves_every_time(tmp_path):
    radio = Replay(recording(tmp_path, SCHEDULE), AsFastAsRead(shift_s=10.0))
    assert radio.look(98e6, RATE, 1.0).time_utc_ns == T0_NS + 10 * SECOND_NS


def test_a_long_capture_is_walked_through_without_losing_or_repeating_a_sample(tmp_path):
    held = recording(tmp_path, [(0, 1.7, 98e6, None)])
    radio = Replay(held)
    blocks = list(radio.stream(98e6, RATE, block_seconds=0.5))
    assert [len(block.samples) for block in blocks] == [567, 567, 566]  # three near half a second, no scrap
    assert [block.first_sample for block in blocks] == [0, 567, 1134]
    whole = held.read(held.captures[0], 0, 1700).samples
    assert np.array_equal(np.concatenate([block.samples for block in blocks]), whole)


def test_what_was_asked_for_may_be_narrower_than_what_was_recorded(tmp_path):
    radio = Replay(recording(tmp_path, SCHEDULE))
    assert radio.look(98e6 + 100, 500.0, 1.0).rate_hz == RATE  # the block says what it is
    with pytest.raises(NotInRecording):
        radio.look(98e6 + 400, 500.0, 1.0)


def test_live_looks_come_when_they_would_have_and_are_dated_now(tmp_path):
    clock = MadeClock()
    began = clock.now_ns
    radio = Replay(recording(tmp_path, SCHEDULE), Live(clock, sleep=clock.sleep))
    block = radio.look(98e6, RATE, 1.0)
    assert block.time_utc_ns == began
    assert clock.now_ns == began + SECOND_NS  # a dwell takes its time
    block = radio.look(936e6, RATE, 1.0)
    assert block.time_utc_ns == began + 2 * SECOND_NS
    assert clock.now_ns == began + 3 * SECOND_NS


def test_two_sensors_with_one_shift_agree_on_when_it_happened(tmp_path):
    clock = MadeClock()
    shift_s = (clock.now_ns - T0_NS) / SECOND_NS
    radio = Replay(recording(tmp_path, [(2, 1, 98e6, None)]), Live(clock, shift_s=shift_s, sleep=clock.sleep))
    assert radio.look(98e6, RATE, 1.0).time_utc_ns == T0_NS + round((shift_s + 2) * SECOND_NS)
    assert clock.waits == [pytest.approx(3.0, abs=1e-6)]


def test_an_undated_recording_has_a_time_only_when_it_is_live(tmp_path):
    held = recording(tmp_path, SCHEDULE, dated=False)
    assert Replay(held).look(98e6, RATE, 1.0).time_utc_ns is None
    clock = MadeClock()
    began = clock.now_ns
    radio = Replay(held, Live(clock, sleep=clock.sleep))
    radio.look(98e6, RATE, 1.0)
    assert radio.look(936e6, RATE, 1.0).time_utc_ns == began + SECOND_NS  # one capture after the other


def test_a_sensor_that_was_busy_misses_what_happened_meanwhile_and_counts_it(tmp_path):
    clock = MadeClock()
    radio = Replay(recording(tmp_path, [(n, 1, 98e6, None) for n in range(40)]), Live(clock, sleep=clock.sleep))
    radio.look(98e6, RATE, 1.0)
    clock.now_ns += 18 * SECOND_NS
    assert number_of(radio.look(98e6, RATE, 1.0)) == 1  # late, but not too late
    clock.now_ns += 6 * SECOND_NS
    assert number_of(radio.look(98e6, RATE, 1.0)) == 4  # it ended 20 s ago; two ended earlier
    assert radio.missed == 2


def test_a_sensor_that_starts_late_has_missed_nothing(tmp_path):
    clock = MadeClock()
    shift_s = (clock.now_ns - T0_NS) / SECOND_NS - 28.0
    looks = [(n, 1, 98e6, None) for n in range(40)]
    radio = Replay(recording(tmp_path, looks), Live(clock, shift_s=shift_s, sleep=clock.sleep))
    assert number_of(radio.look(98e6, RATE, 1.0)) == 7
    assert radio.missed == 0


def test_a_loop_goes_on_in_time_and_says_that_it_began_again(tmp_path):
    clock = MadeClock()
    began = clock.now_ns
    radio = Replay(recording(tmp_path, SCHEDULE), Live(clock, sleep=clock.sleep), loop_s=6.0)
    for _ in range(2):
        radio.look(98e6, RATE, 1.0)
    assert radio.epoch == 0
    block = radio.look(98e6, RATE, 1.0)
    assert radio.epoch == 1
    assert number_of(block) == 0
    assert block.time_utc_ns == began + 6 * SECOND_NS
    assert block.first_sample == 6000


def test_a_loop_is_never_shorter_than_the_recording(tmp_path):
    radio = Replay(recording(tmp_path, SCHEDULE), loop_s=1.0)
    for _ in range(3):
        block = radio.look(98e6, RATE, 1.0)
    assert block.time_utc_ns == T0_NS + 5 * SECOND_NS


def test_the_place_is_that_of_the_last_look_and_stays_until_another_is_said(tmp_path):
    radio = Replay(recording(tmp_path, SCHEDULE))
    assert radio.place() is None
    radio.look(98e6, RATE, 1.0)
    radio.look(936e6, RATE, 1.0)
    assert radio.place() == Place(39.0, 116.0, 4.0)
    radio.look(98e6, RATE, 1.0)
    assert radio.place() == Place(39.1, 116.1, 4.0)


def test_a_sweep_is_one_look_after_another(tmp_path):
    windows = [Window(98e6, RATE, 1.0), Window(936e6, RATE, 1.0)]
    assert [number_of(block) for block in sweep(Replay(recording(tmp_path, SCHEDULE)), windows)] == [0, 1]


def test_a_closed_radio_and_an_impossible_window_are_refused(tmp_path):
    radio = Replay(recording(tmp_path, SCHEDULE))
    with pytest.raises(BadWindow):
        radio.look(98e6, 0.0, 1.0)
    radio.close()
    radio.close()
    with pytest.raises(RadioClosed):
        radio.look(98e6, RATE, 1.0)


@pytest.mark.needs_recordings
def test_a_multiplex_is_no_radio(recordings_dir):
    with pytest.raises(NotIq):
        Replay(open_recording(recordings_dir / "fm" / "mpx_93.1_chicago_256k.wav"))
