"""One turn of the survey: tune, listen, measure, report. What the server asks for goes before the plan."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from dsp.iq import IqBlock
from dsp.signatures.band_plan import BandPlan
from dsp.signatures.history import SiteHistory
from dsp.signatures.licences import Licences
from dsp.signatures.weights import Weights
from hardware.clock import Clock
from hardware.errors import BadWindow, NotInRecording
from hardware.radio import Radio, Recorded, Window
from recordings.errors import NotFiniteSamples
from sensor.again import looked_again
from sensor.ears import Ears
from sensor.errands import Errands, recorded_window_of, window_of
from sensor.health import HealthTally
from sensor.level import Levels, levels
from sensor.listen import Heard, listen
from sensor.phases import HeardBy
from sensor.plan import Plan
from sensor.remember import latest_ns
from sensor.reporting import Moment, health_report, moment, report_of
from sensor.settings import Calibration, SampleClockSettings
from sensor.whereabouts import Whereabouts
from wire.errors import WireError
from wire.messages import Task, appointed
from wire.report import Health, Report, TimeSource

log = logging.getLogger(__name__)


class Promises(Protocol):
    """sensor.outbox.Outbox, as far as a survey needs it."""

    @property
    def durable(self) -> bool: ...

    def promise(self, report: Report) -> Report: ...

    def waiting(self) -> int: ...

    def counters(self) -> dict[str, int]: ...


@dataclass
class Survey:
    """Everything it works with is given. It remembers what was heard, and when health was last told.

    where     : asked after each look
    on_report : told of every report that was promised
    history   : what was heard before this run; `keep` is given it after each look
    """

    outbox: Promises
    clock: Clock
    new_memories: Callable[[], Ears]
    where: Whereabouts
    weights: Weights
    band_plan: BandPlan | None
    licences: Licences = field(default_factory=Licences)
    calibration: Calibration | None = None
    sample_clock: SampleClockSettings | None = None
    health_s: float = 30.0
    temperature: Callable[[], float | None] = lambda: None
    errands: Errands | None = None
    on_report: Callable[[Report], None] = lambda report: None
    history: SiteHistory = field(default_factory=SiteHistory)
    keep: Callable[[SiteHistory], None] = lambda history: None
    tally: HealthTally = field(default_factory=HealthTally)
    looks: int = 0

    def __post_init__(self) -> None:
        self._ears = self.new_memories()
        self._epoch = 0
        self._by_plan = True
        self._when = Moment(None, None, TimeSource.NONE)
        self._began_ns = self.clock.monotonic_ns()
        self._health_due_ns = self._began_ns
        # no earlier than what the history knows, also when this computer's clock was not set
        self._ahead_ns = max(self.clock.utc_ns(), latest_ns(self.history)) - self._began_ns

    def turn(self, radio: Radio, plan: Plan, *, wanted: Callable[[], bool] = lambda: True) -> None:
        """One look, one report. Raises RadioError; `wanted` false after the look: the look is dropped."""
        block = self._tune(radio, plan)
        if block is None or not wanted():
            return
        self.looks += 1
        self._forget_what_a_new_epoch_ends(radio)
        self.tally.note_block(block)
        self._keep_appointments(block, radio)
        self.tally.looks_missed = radio.missed if isinstance(radio, Recorded) else 0
        try:
            heard = self._listen(block, radio)
        except Exception as error:  # a fault of ours in one look must not silence the sensor: said, counted, shown
            self.tally.note_trouble(error)
            log.exception("a look at %.3f MHz could not be worked through", block.centre_hz / 1e6)
            self.tell_health_if_due(radio)
            return
        self._report(heard, self._moment(block, radio), radio)
        self._look_again(block, heard, radio)

    def tell_health_if_due(self, radio: Radio | None = None) -> None:
        """For when there is nothing to hear with."""
        health = self._health_if_due()
        if health is not None:
            self._promise(
                health_report(health, position=None if radio is None else self.where(radio), clock=self.clock)
            )

    def _tune(self, radio: Radio, plan: Plan) -> IqBlock | None:
        task = self._next_task(radio)
        windows = iter((plan.next(),)) if task is None else self._windows(task, radio)
        try:
            block = self._look(radio, windows)
        except NotFiniteSamples as error:  # of one look of a recording: the next may be sound
            self.tally.note_trouble(error)
            log.warning("%s", error)
            return None
        except (BadWindow, NotInRecording) as error:
            if task is None or self.errands is None:
                raise
            self.errands.failed(task, type(error).__name__)
            return None
        if task is not None and not appointed(task) and self.errands is not None:
            self.errands.done(task, block)
        return block

    def _windows(self, task: Task, radio: Radio) -> Iterator[Window]:
        if appointed(task) and self.errands is not None:
            return self.errands.appointments.windows(task)
        return iter((_window(task, radio),))

    def _look(self, radio: Radio, windows: Iterator[Window]) -> IqBlock:
        """The last of them; those before it only serve appointments, for there is no time to listen in between."""
        block: IqBlock | None = None
        for window in windows:
            if block is not None:
                self._keep_appointments(block, radio)
            block = radio.look(window.centre_hz, window.rate_hz, window.seconds)
        assert block is not None
        return block

    def _next_task(self, radio: Radio) -> Task | None:
        """A recording cannot be asked for a moment: it serves appointments with the looks it has."""
        if self.errands is None:
            return None
        task = self.errands.next()
        return task if task is not None or isinstance(radio, Recorded) else self.errands.appointments.due()

    def _keep_appointments(self, block: IqBlock, radio: Radio) -> None:
        if self.errands is None:
            return
        when = self._moment(block, radio)
        try:
            self.errands.overheard(block, HeardBy(when.source, when.sigma_ns, self.where(radio)))
        except Exception as error:  # what the server asked for must not cost the look
            self.tally.note_trouble(error)
            log.exception("an appointment at %.3f MHz could not be kept", block.centre_hz / 1e6)

    def _moment(self, block: IqBlock, radio: Radio) -> Moment:
        return moment(block, radio, self.clock.quality(), self.sample_clock)

    def _listen(self, block: IqBlock, radio: Radio) -> Heard:
        heard = listen(
            block,
            self._ears,
            self.history,
            self.licences,
            weights=self.weights,
            plan=self.band_plan,
            levels=self._levels(radio),
            now_ns=self._now_ns(block, radio),
        )
        self.history = heard.history
        self.keep(self.history)
        self.tally.note_heard(heard)
        return heard

    def _look_again(self, block: IqBlock, heard: Heard, radio: Radio) -> None:
        if not self._by_plan:  # the server waits for the next task
            return
        now_ns = self._now_ns(block, radio)
        self.history = looked_again(block, heard, radio, self._ears, now_ns=now_ns)

    def _levels(self, radio: Radio) -> Levels:
        return levels(self.calibration, radio.dbm_at_full_scale() if isinstance(radio, Recorded) else None)

    def _now_ns(self, block: IqBlock, radio: Radio) -> int:
        """A time that never runs backwards, whatever is done to the computer's clock."""
        if isinstance(radio, Recorded) and block.time_utc_ns is not None:
            return block.time_utc_ns
        return self.clock.monotonic_ns() + self._ahead_ns

    def _report(self, heard: Heard, when: Moment, radio: Radio) -> None:
        self._when = when
        self._promise(
            report_of(
                heard,
                when=when,
                position=self.where(radio),
                clock=self.clock,
                level_sigma_db=None if self.calibration is None else self.calibration.sigma_db,
                health=self._health_if_due(),
            )
        )

    def _promise(self, report: Report) -> None:
        try:
            promised = self.outbox.promise(report)
        except WireError as error:  # no server could ever take it: said, counted, and the survey goes on
            self.tally.note_trouble(error)
            log.exception("a report was refused before it was promised")
            return
        self.on_report(promised)

    def _health_if_due(self) -> Health | None:
        now_ns = self.clock.monotonic_ns()
        if now_ns < self._health_due_ns:
            return None
        self._health_due_ns = now_ns + round(self.health_s * 1e9)
        return self.tally.health(
            uptime_s=(now_ns - self._began_ns) / 1e9,
            source=self._when.source,
            time_sigma_ns=self._when.sigma_ns,
            queue_length=self.outbox.waiting(),
            durable=self.outbox.durable,
            temperature_c=self.temperature(),
            more_refused=self.outbox.counters(),
        )

    def _forget_what_a_new_epoch_ends(self, radio: Radio) -> None:
        if radio.epoch != self._epoch:
            self._epoch, self._ears, self.history = radio.epoch, self.new_memories(), SiteHistory()


def _window(task: Task, radio: Radio) -> Window:
    return recorded_window_of(task) if isinstance(radio, Recorded) else window_of(task)
