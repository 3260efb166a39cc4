import queue
import threading

import pytest

from dsp.signatures.licences import FmLicence, Licences
from hardware.clock import ClockSource
from hardware.errors import BadWindow, NoDongle, NotInRecording, StreamStalled
from hardware.radio import Window
from recordings.errors import NotFiniteSamples
from sensor.console import Console
from sensor.errands import LinkErrands, as_cu8
from sensor.ladder import Ladder
from sensor.settings import Calibration, SurveyedPosition
from sensor.survey import Survey
from sensor.watch import Watch
from sensor.whereabouts import as_recorded, surveyed
from tests.dsp.signatures.made import WEIGHTS
from tests.sensor.made import (
    SECOND_NS,
    START_NS,
    MadeClock,
    MadeEars,
    MadeOutbox,
    MadeRadio,
    RecordedRadio,
    block,
    cell,
    station,
)
from wire.errors import NotFiniteNumber
from wire.messages import Task
from wire.report import PositionSource, TimeSource

WINDOW = Window(940e6, 1e6, 0.001)


class OneWindow:
    def next(self) -> Window:
        return WINDOW


class MadeLink:
    def __init__(self, *tasks: Task) -> None:
        self.tasks: queue.Queue[Task] = queue.Queue()
        for task in tasks:
            self.tasks.put(task)
        self.finished: list[tuple[str, str]] = []
        self.snippets: list[tuple[str, int, dict]] = []

    def finish_task(self, task: Task, outcome: str) -> None:
        self.finished.append((task.id, outcome))

    def deliver_snippet(self, task: Task, samples: bytes, **about) -> None:
        self.snippets.append((task.id, len(samples), about))


def survey(clock=None, outbox=None, **fields) -> Survey:
    known = {
        "outbox": outbox or MadeOutbox(),
        "clock": clock or MadeClock(),
        "new_memories": lambda: MadeEars((cell(),)),
        "where": as_recorded,
        "weights": WEIGHTS,
        "band_plan": None,
    }
    return Survey(**(known | fields))


def watch(of: Survey, *radios, stream, stop=None) -> Watch:
    """The radios stand in the order in which they are opened; an exception is raised instead."""
    coming = iter(radios)

    def open_radio():
        radio = next(coming)
        if isinstance(radio, Exception):
            raise radio
        return radio

    return Watch(
        survey=of,
        open_radio=open_radio,
        plan_for=lambda radio: OneWindow(),
        console=Console(stream, "en"),
        stop=stop or threading.Event(),
        ladder=Ladder((0.001,)),
    )


def test_one_turn_is_one_look_and_one_report(stream):
    of = survey(where=surveyed(SurveyedPosition(lat_deg=39.9, lon_deg=116.4)))
    of.turn(MadeRadio([block(WINDOW)]), OneWindow())
    (report,) = of.outbox.promised
    assert [heard.arfcn for heard in report.heard] == [25]
    assert report.swept[0].service == "gsm"
    assert report.position.source is PositionSource.SURVEYED
    assert report.time_utc_ns == START_NS + 500_000  # the middle of the look
    assert (report.time_source, report.time_sigma_ns) == (TimeSource.NTP, 3_000_000)
    assert report.software.startswith("wavewarden ")


def test_a_clock_that_was_never_set_gives_no_time():
    clock = MadeClock()
    clock.source = ClockSource.NONE
    of = survey(clock)
    of.turn(MadeRadio([block(WINDOW)]), OneWindow())
    (report,) = of.outbox.promised
    assert (report.time_utc_ns, report.time_sigma_ns, report.time_source) == (None, None, TimeSource.NONE)
    assert report.created_utc_ns == START_NS


def test_a_replay_tells_the_recordings_time_place_and_calibration():
    of = survey()
    of.turn(RecordedRadio([block(WINDOW, time_sigma_ns=7)]), OneWindow())
    (report,) = of.outbox.promised
    assert (report.time_source, report.time_sigma_ns) == (TimeSource.RECORDING, 7)
    assert (report.position.lat_deg, report.position.source) == (39.9, PositionSource.RECORDING)
    assert report.heard[0].level_dbm == -30.0 - 30.0 - 10.0
    assert report.health.refused["looks_missed"] == 3


def test_without_a_source_there_is_no_position():
    of = survey()
    of.turn(MadeRadio([block(WINDOW)]), OneWindow())
    assert of.outbox.promised[0].position is None


def test_the_calibrations_own_error_goes_with_the_report():
    of = survey(calibration=Calibration(dbm_at_full_scale=-12.0, sigma_db=2.0))
    of.turn(MadeRadio([block(WINDOW)]), OneWindow())
    assert of.outbox.promised[0].level_sigma_db == 2.0


def test_health_goes_with_the_first_report_and_then_when_it_is_due():
    clock = MadeClock()
    of = survey(clock, health_s=30.0, temperature=lambda: 51.0)
    radio = MadeRadio([block(WINDOW)] * 5)
    for _ in range(5):
        of.turn(radio, OneWindow())
        clock.now_ns += 10 * SECOND_NS
    healths = [report.health for report in of.outbox.promised]
    assert [health is not None for health in healths] == [True, False, False, True, False]
    assert (healths[3].uptime_s, healths[3].samples_read, healths[3].temperature_c) == (30.0, 4000, 51.0)
    assert healths[3].refused["report_set_aside"] == 1


def test_a_look_with_bad_samples_is_counted_and_the_next_is_taken():
    of = survey()
    radio = MadeRadio([NotFiniteSamples(file="a", count=1, first=2), block(WINDOW)])
    of.turn(radio, OneWindow())
    of.turn(radio, OneWindow())
    (report,) = of.outbox.promised
    assert report.health.refused["NotFiniteSamples"] == 1


def test_a_report_no_server_could_take_is_counted_and_the_survey_goes_on():
    def refuse(report):
        if len(refusals) < 1:
            refusals.append(report)
            raise NotFiniteNumber(where="cnr_db")

    refusals = []
    of = survey(outbox=MadeOutbox(refuse))
    radio = MadeRadio([block(WINDOW)] * 2)
    of.turn(radio, OneWindow())
    of.turn(radio, OneWindow())
    assert len(of.outbox.promised) == 1
    assert of.tally.refused["NotFiniteNumber"] == 1


def test_a_fault_of_a_decoder_costs_one_look_and_is_told(caplog):
    class Faulty(MadeEars):
        def hear_gsm(self, block):
            if not self.heard:
                self.heard.append("fault")
                raise IndexError("made")
            return super().hear_gsm(block)

    of = survey(new_memories=lambda: Faulty((cell(),)), health_s=0.0)
    radio = MadeRadio([block(WINDOW)] * 2)
    of.turn(radio, OneWindow())
    of.turn(radio, OneWindow())
    told, heard = of.outbox.promised
    assert told.health.refused["IndexError"] == 1
    assert told.swept == ()  # nothing is claimed to have been listened to
    assert len(heard.heard) == 1
    assert "could not be worked through" in caplog.text


def test_a_replay_that_begins_again_ends_all_memory():
    made = []
    of = survey(new_memories=lambda: made.append(1) or MadeEars((cell(),)))
    radio = MadeRadio([block(WINDOW)] * 3)
    of.turn(radio, OneWindow())
    of.turn(radio, OneWindow())
    assert len(made) == 1
    assert next(iter(of.history.cells.values())).looks == 2
    radio.epoch = 1
    of.turn(radio, OneWindow())
    assert len(made) == 2
    assert next(iter(of.history.cells.values())).looks == 1


def test_the_history_never_sees_time_run_backwards():
    clock = MadeClock()
    of = survey(clock)
    radio = MadeRadio([block(WINDOW), block(WINDOW, time_utc_ns=START_NS - 3600 * SECOND_NS)], clock=clock)
    of.turn(radio, OneWindow())
    first = next(iter(of.history.cells.values())).last_ns
    of.turn(radio, OneWindow())
    assert next(iter(of.history.cells.values())).last_ns >= first


def test_a_task_goes_before_the_plan_and_its_samples_are_delivered():
    link = MadeLink(
        Task(id="a", centre_hz=98e6, rate_hz=1e6, seconds=100.0, snippet=True),
        Task(id="b", centre_hz=99e6, rate_hz=1e6, seconds=0.5),
    )
    of = survey(errands=LinkErrands(link))
    asked = Window(98e6, 1e6, 0.002)
    radio = MadeRadio([block(asked), block(WINDOW), block(WINDOW)])
    for _ in range(3):
        of.turn(radio, OneWindow())
    assert [(w.centre_hz, w.seconds) for w in radio.looked] == [(98e6, 12.0), (99e6, 0.5), (940e6, 0.001)]
    ((task, size, about),) = link.snippets
    assert (task, size, about["sample_format"], about["centre_hz"]) == ("a", 4000, "cu8", 98e6)
    assert link.finished == [("b", "done")]
    assert len(of.outbox.promised) == 3  # what a task heard is reported too


@pytest.mark.parametrize("error", [BadWindow, NotInRecording])
def test_a_task_that_cannot_be_done_is_answered_and_nothing_else_suffers(error):
    reason = {"reason": "too low"} if error is BadWindow else {}
    link = MadeLink(Task(id="a", centre_hz=1.0, rate_hz=1e6, seconds=1.0))
    of = survey(errands=LinkErrands(link))
    radio = MadeRadio([error(radio="made", centre_hz=1.0, rate_hz=1e6, **reason), block(WINDOW)])
    of.turn(radio, OneWindow())
    of.turn(radio, OneWindow())
    assert link.finished == [("a", error.__name__)]
    assert len(of.outbox.promised) == 1


def test_samples_go_out_as_the_bytes_they_came_in_as():
    assert list(as_cu8(block(samples=(np_samples())))) == [0, 255, 127, 128, 255, 0]


def np_samples():
    import numpy as np

    return (np.array([[0, 255], [127, 128], [400, -9]], np.float32).view(np.complex64)[:, 0] - (127.5 + 127.5j)) / 127.5


def test_a_lost_receiver_is_opened_again_and_again_until_it_is_back(stream):
    first = MadeRadio([block(WINDOW), StreamStalled(radio="made", seconds=3.0)])
    second = MadeRadio([block(WINDOW)])
    of = survey()
    watch(of, first, NoDongle(), NoDongle(), second, stream=stream).run()
    assert first.closed
    assert second.closed
    assert len(of.outbox.promised) == 2
    assert of.tally.restarts == 1
    assert of.tally.refused["NoDongle"] == 2
    assert "has delivered nothing for 3.0 s" in stream.getvalue()
    assert "works again" in stream.getvalue()


def test_while_the_receiver_is_away_health_is_still_told(stream):
    clock = MadeClock()
    of = survey(clock, health_s=0.0)
    watch(of, MadeRadio([StreamStalled(radio="made", seconds=3.0)]), MadeRadio(), stream=stream).run()
    (report,) = of.outbox.promised
    assert report.heard == ()
    assert report.health.refused["StreamStalled"] == 1
    assert report.health.radio_restarts == 1


def test_a_receiver_that_is_not_there_at_the_start_is_refused(stream):
    with pytest.raises(NoDongle):
        watch(survey(), NoDongle(), stream=stream).run()


def test_a_window_no_attempt_can_cure_ends_the_watch(stream):
    error = BadWindow(radio="made", centre_hz=1.0, rate_hz=1.0, reason="too low")
    with pytest.raises(BadWindow):
        watch(survey(), MadeRadio([error]), stream=stream).run()


def test_stopping_during_a_look_drops_it_and_closes_the_receiver(stream):
    stop = threading.Event()

    class Stopping(MadeRadio):
        def look(self, *window):
            stop.set()
            return super().look(*window)

    radio = Stopping([block(WINDOW)] * 3)
    of = survey()
    watch(of, radio, stream=stream, stop=stop).run()
    assert radio.closed
    assert of.outbox.promised == []


def test_stopping_while_the_receiver_is_away_ends_at_once(stream):
    stop = threading.Event()
    lost = MadeRadio([StreamStalled(radio="made", seconds=3.0)])
    over = watch(survey(), lost, NoDongle(), stream=stream, stop=stop)
    over.ladder = Ladder((30.0,))
    threading.Timer(0.05, stop.set).start()
    over.run()


def test_a_lone_sensor_says_each_finding_once_in_both_languages(stream):
    licences = Licences(fm=(FmLicence(freq_hz=90e6, name="other"),))
    console = Console(stream, "en")
    of = survey(
        new_memories=lambda: MadeEars((), (station(ps="<b>\x1b[2J"),)),
        licences=licences,
        on_report=console.tell_findings,
    )
    radio = MadeRadio([block(Window(98e6, 1e6, 0.001))] * 2)
    of.turn(radio, OneWindow())
    of.turn(radio, OneWindow())
    lines = [line for line in stream.getvalue().splitlines() if "98.10 MHz" in line]
    findings = of.outbox.promised[0].findings
    assert len(lines) == 2 * len(findings) > 0
    assert "\x1b" not in stream.getvalue()


def test_a_deaf_sensor_says_so_once_and_when_it_hears_again(stream):
    of = survey(new_memories=MadeEars)
    watch(of, MadeRadio([block(WINDOW)] * 25), stream=stream).run()
    assert stream.getvalue().count("nothing at all is heard") == 1
