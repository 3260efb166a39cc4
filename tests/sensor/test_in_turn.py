"""Stations heard one after the other by one sample count, and what breaks it."""

import pytest

from hardware.radio import Window
from sensor.appointments import GIVEN_UP_S
from sensor.in_turn import BEFORE_S, BESIDE_HZ
from tests.sensor.made import SECOND_NS, START_NS, MadeRadio, RecordedRadio, block
from tests.sensor.test_appointments import _errands
from tests.sensor.test_survey import MadeClock, MadeLink, OneWindow, survey
from wire.messages import Task
from wire.phase_snippet import FORMAT, MOST_PACKED_BYTES, decode_phases

RATE = 1e6
REFERENCE, TARGET = 93.4e6, 98.3e6
TASK = Task(
    id="a",
    centre_hz=98e6,
    rate_hz=RATE,
    seconds=0.4,
    in_turn_hz=(REFERENCE, TARGET, REFERENCE),
    every_s=1.0,
    at_utc_ns=START_NS + 2 * SECOND_NS,
)


def _look(number: int, **fields):
    """The part's look as a receiver gives it, begun a little before it is due; the count goes on between."""
    begin_s = number * TASK.every_s - 0.1
    station_hz = TASK.in_turn_hz[number]
    known = {"time_utc_ns": (TASK.at_utc_ns or 0) + round(begin_s * SECOND_NS), "first_sample": round(begin_s * RATE)}
    return block(Window(station_hz - BESIDE_HZ, RATE, 0.6), **(known | fields))


def _heard(*looks) -> MadeLink:
    clock, link = MadeClock(), MadeLink(TASK)
    survey(clock, errands=_errands(link, clock)).turn(MadeRadio(looks), OneWindow())
    return link


def test_a_live_receiver_is_tuned_from_one_to_the_next_each_at_its_moment() -> None:
    clock, link = MadeClock(), MadeLink(TASK)
    radio = MadeRadio([_look(0), _look(1), _look(2)])
    of = survey(clock, errands=_errands(link, clock))
    of.turn(radio, OneWindow())
    assert [w.centre_hz + BESIDE_HZ for w in radio.looked] == list(TASK.in_turn_hz)
    assert clock.now_ns == (TASK.at_utc_ns or 0) + round((2 * TASK.every_s - BEFORE_S) * SECOND_NS)
    ((_, _, about),) = link.snippets
    assert (about["sample_format"], about["time_utc_ns"]) == (FORMAT, TASK.at_utc_ns)
    assert len(of.outbox.promised) == 1  # of the last look: there was no time to listen in between


def test_every_part_says_when_it_began_by_the_count_of_samples() -> None:
    class Kept(MadeLink):
        def deliver_snippet(self, task, samples, **about) -> None:  # type: ignore[no-untyped-def]
            self.parts = decode_phases(samples).parts

    clock, link = MadeClock(), Kept(TASK)
    late = _look(2, first_sample=round(1.9 * RATE) + 37)  # the crystal counted 37 samples more than the clock
    survey(clock, errands=_errands(link, clock)).turn(MadeRadio([_look(0), _look(1), late]), OneWindow())
    assert [part.freq_hz for part in link.parts] == list(TASK.in_turn_hz)
    assert [part.first_s for part in link.parts] == pytest.approx([0.0, 1.0, 2.0 + 37 / RATE], abs=1e-9)
    assert all(part.seconds == pytest.approx(0.4, abs=1e-3) for part in link.parts)


@pytest.mark.parametrize(
    "last", [{"lost_samples": 256}, {"rate_hz": 0.9e6}, {"count_kept": False}, {"first_sample": -5_000_000}]
)
def test_parts_that_one_count_does_not_join_are_refused_by_name(last) -> None:
    link = _heard(_look(0), _look(1), _look(2, **last))
    assert (link.snippets, link.finished) == ([], [("a", "BrokenCount")])


def test_a_part_that_was_missed_ends_the_task_after_a_while() -> None:
    clock, link = MadeClock(), MadeLink(TASK)
    of = survey(clock, errands=_errands(link, clock))
    missed = _look(1, time_utc_ns=START_NS)  # over before it was due
    of.turn(MadeRadio([_look(0), missed, _look(2)]), OneWindow())
    assert (link.snippets, link.finished) == ([], [])
    clock.now_ns += round(GIVEN_UP_S * SECOND_NS)
    of.turn(MadeRadio([block()]), OneWindow())
    assert link.finished == [("a", "too_late")]


def test_a_recording_is_followed_and_gives_its_parts_look_by_look() -> None:
    clock, link = MadeClock(), MadeLink(TASK)
    looks = [_look(0), block(), _look(1), block(), _look(2)]
    radio = RecordedRadio(looks)
    of = survey(clock, errands=_errands(link, clock))
    for _ in looks:
        of.turn(radio, OneWindow())
    assert len(link.snippets) == 1 and len(of.outbox.promised) == len(looks)


def test_noise_that_does_not_pack_is_cut_to_what_a_link_is_asked_to_carry() -> None:
    seconds = 1.2
    task = Task(
        id="a",
        centre_hz=98e6,
        rate_hz=RATE,
        seconds=seconds,
        in_turn_hz=(REFERENCE, TARGET, REFERENCE),
        every_s=1.5,
        at_utc_ns=START_NS,
    )
    looks = [
        block(
            Window(hz - BESIDE_HZ, RATE, seconds),
            time_utc_ns=START_NS + round(k * 1.5 * SECOND_NS),
            first_sample=round(k * 1.5 * RATE),
        )
        for k, hz in enumerate(task.in_turn_hz)
    ]
    clock, link = MadeClock(), MadeLink(task)
    of = survey(clock, errands=_errands(link, clock))
    for look in looks:
        of.turn(RecordedRadio([look]), OneWindow())
    ((_, size, _),) = link.snippets
    assert size < 1.6 * MOST_PACKED_BYTES  # before packing
