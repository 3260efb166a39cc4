"""Keeps a survey going: whatever becomes of the receiver, it is tried again, ever more slowly."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from hardware.errors import BadWindow, DongleWedged, EndOfRecording, NotInRecording, RadioError
from hardware.radio import Radio
from sensor.console import Console
from sensor.ladder import Ladder
from sensor.plan import Plan
from sensor.survey import Survey

log = logging.getLogger(__name__)
TOLD_EVERY_S = 1.0  # while waiting for a receiver: how often health is looked at


@dataclass
class Watch:
    """open_radio : raises RadioError when the receiver is not there
    stop       : ends the watch after the look it is in
    """

    survey: Survey
    open_radio: Callable[[], Radio]
    plan_for: Callable[[Radio], Plan]
    console: Console
    stop: threading.Event
    ladder: Ladder = field(default_factory=Ladder)

    def run(self) -> None:
        """Until stopped or the end of a replay. Raises RadioError when the receiver is not there at the start."""
        radio: Radio | None = self._open()
        while radio is not None:
            try:
                self._listen_on(radio)
                return
            except EndOfRecording:
                return
            except (BadWindow, DongleWedged, NotInRecording):  # trying again would change nothing
                raise
            except RadioError as error:
                self._say_lost(error)
            finally:
                radio.close()
            radio = self._open_again()

    def _listen_on(self, radio: Radio) -> None:
        plan = self.plan_for(radio)
        while not self.stop.is_set():
            self.survey.turn(radio, plan, wanted=lambda: not self.stop.is_set())
            self.ladder.worked()
            self._say_deaf()

    def _open(self) -> Radio:
        radio = self.open_radio()
        self.survey.tally.radio = radio.name
        return radio

    def _open_again(self) -> Radio | None:
        """None: stopped meanwhile."""
        self.survey.tally.restarts += 1
        while not self._wait(self.ladder.failed()):
            try:
                radio = self._open()
            except RadioError as error:
                self._say_lost(error)
                continue
            self.console.say("sensor.radio.back", radio=radio.name)
            return radio
        return None

    def _wait(self, seconds: float) -> bool:
        """True: stopped."""
        while seconds > 0 and not self.stop.wait(min(seconds, TOLD_EVERY_S)):
            seconds -= TOLD_EVERY_S
            self.survey.tell_health_if_due()
        return self.stop.is_set()

    def _say_lost(self, error: RadioError) -> None:
        self.survey.tally.note_trouble(error)
        log.warning("%s", error)
        self.console.tell_error(error)

    def _say_deaf(self) -> None:
        deaf = self.survey.tally.deaf
        if deaf is not None and deaf != self._deaf:
            self.console.say("sensor.deaf" if deaf else "sensor.hears")
            self._deaf = deaf

    _deaf: bool | None = None
