"""Moments that several sensors hear at once."""

from hardware.errors import BadWindow
from hardware.radio import Window
from sensor.appointments import BEFORE_S, GIVEN_UP_S, Appointments
from sensor.errands import LinkErrands
from tests.sensor.made import SECOND_NS, START_NS, WINDOW, MadeClock, MadeRadio, RecordedRadio, block
from tests.sensor.test_survey import MadeLink, OneWindow, survey
from wire.messages import Task
from wire.phase_snippet import FORMAT, MOST_PACKED_BYTES

FM = Window(98e6, 1e6, 1.8)
TASK = Task(
    id="a",
    centre_hz=98e6,
    rate_hz=1e6,
    seconds=1.0,
    stations_hz=(97.8e6, 98.2e6),
    at_utc_ns=START_NS + 2 * SECOND_NS,
)


def _errands(link: MadeLink, clock: MadeClock) -> LinkErrands:
    def sleep(seconds: float) -> None:
        clock.now_ns += round(seconds * SECOND_NS)

    return LinkErrands(link, appointments=Appointments(utc_ns=clock.utc_ns, sleep=sleep))


def test_a_live_receiver_waits_for_the_moment_and_sends_just_that() -> None:
    clock, link = MadeClock(), MadeLink(TASK)
    looked_ns = START_NS + round((2 - BEFORE_S) * SECOND_NS)
    radio = MadeRadio([block(FM, time_utc_ns=looked_ns)])
    of = survey(clock, errands=_errands(link, clock))
    of.turn(radio, OneWindow())
    assert clock.now_ns == looked_ns
    assert [(w.centre_hz, w.seconds) for w in radio.looked] == [(98e6, 1.8)]
    ((task, size, about),) = link.snippets
    assert (task, about["sample_format"], about["time_utc_ns"]) == ("a", FORMAT, TASK.at_utc_ns)
    assert 2 * 140_000 < size < 2 * 160_000  # a second of two stations, one byte a phase
    assert len(of.outbox.promised) == 1  # what it heard besides is reported too


def test_a_moment_farther_off_leaves_time_for_other_looks() -> None:
    clock = MadeClock()
    far = MadeLink(
        Task(id="b", centre_hz=98e6, rate_hz=1e6, seconds=1.0, stations_hz=(98e6,), at_utc_ns=START_NS + 10**10)
    )
    radio = MadeRadio([block(WINDOW)])
    survey(clock, errands=_errands(far, clock)).turn(radio, OneWindow())
    assert [w.centre_hz for w in radio.looked] == [WINDOW.centre_hz]
    assert (far.snippets, far.finished) == ([], [])


def test_a_recording_serves_it_with_the_look_it_has_then_and_no_earlier_one() -> None:
    clock, link = MadeClock(), MadeLink(TASK)
    looks = [
        block(FM, time_utc_ns=START_NS),  # over before
        block(WINDOW, time_utc_ns=START_NS + 2 * SECOND_NS),  # another window
        block(FM, time_utc_ns=START_NS + 5 * SECOND_NS),  # the next there is
        block(FM, time_utc_ns=START_NS + 9 * SECOND_NS),
    ]
    radio = RecordedRadio(looks)
    of = survey(clock, errands=_errands(link, clock))
    for _ in looks:
        of.turn(radio, OneWindow())
    assert [w.centre_hz for w in radio.looked] == [WINDOW.centre_hz] * 4  # it followed its plan
    ((_, _, about),) = link.snippets
    assert about["time_utc_ns"] == START_NS + 5 * SECOND_NS


def test_what_is_too_late_or_cannot_be_tuned_is_said_once() -> None:
    clock, link = MadeClock(), MadeLink(TASK)
    of = survey(clock, errands=_errands(link, clock))
    radio = MadeRadio([BadWindow(radio="made", centre_hz=98e6, rate_hz=1e6, reason="too low"), block(WINDOW)])
    of.turn(radio, OneWindow())
    clock.now_ns = START_NS + round((3 + GIVEN_UP_S) * SECOND_NS)
    of.turn(radio, OneWindow())
    assert link.finished == [("a", "BadWindow")]
    late = MadeLink(TASK)
    survey(clock, errands=_errands(late, clock)).turn(MadeRadio([block(WINDOW)]), OneWindow())
    assert late.finished == [("a", "too_late")]


def test_noise_that_does_not_pack_is_cut_to_what_a_link_is_asked_to_carry() -> None:
    clock = MadeClock()
    stations = tuple(97.6e6 + 0.1e6 * k for k in range(8))
    link = MadeLink(Task(id="a", centre_hz=98e6, rate_hz=1e6, seconds=1.5, stations_hz=stations, at_utc_ns=START_NS))
    radio = RecordedRadio([block(FM, time_utc_ns=START_NS)])
    survey(clock, errands=_errands(link, clock)).turn(radio, OneWindow())
    ((_, size, _),) = link.snippets
    assert size < 1.6 * MOST_PACKED_BYTES  # before packing


def test_a_fault_in_what_the_server_asked_for_does_not_cost_the_look() -> None:
    class Broken(LinkErrands):
        def overheard(self, block, heard_by) -> None:  # type: ignore[no-untyped-def]
            raise ZeroDivisionError("made")

    of = survey(errands=Broken(MadeLink()))
    of.turn(MadeRadio([block(WINDOW)]), OneWindow())
    assert len(of.outbox.promised) == 1
