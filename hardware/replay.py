"""A recording is a radio that always says the same."""

from collections.abc import Iterator
from dataclasses import replace

from dsp.iq import IqBlock
from hardware.errors import BadWindow, EndOfRecording, NotInRecording, NotIq, RadioClosed
from hardware.pace import AsFastAsRead, Pace
from hardware.radio import Place, Window
from hardware.timeline import timeline
from recordings.read import Capture, Multiplex, Recording

NEAR = 0.01  # of the rate: how far a capture may fall short of the window asked for
LATEST_S = 20.0  # a look that ended longer ago is missed: a computer that cannot keep pace falls no further behind


class Replay:
    """Looks come in the order they were recorded, when `pace` says.

    A capture longer than what is asked for is walked through. What does not cover what is asked for is passed over.
    loop_s : begin again so long after the beginning; None: end with EndOfRecording. `epoch` rises at each beginning
    missed : looks that were over before they were asked for, since the first that was not
    """

    def __init__(self, recording: Recording | Multiplex, pace: Pace | None = None, *, loop_s: float | None = None):
        if isinstance(recording, Multiplex):
            raise NotIq(radio=recording.path.name)
        self.recording = recording
        self.missed = 0
        self.epoch = 0
        self._delivered = False
        self._timeline = timeline(recording)
        self._pace: Pace = pace or AsFastAsRead()
        self._loop_ns = None if loop_s is None else round(max(loop_s, self._timeline.seconds) * 1e9)
        self._next, self._first = 0, 0  # capture, and sample of it
        self._place: Place | None = None
        self._dbm_at_full_scale: float | None = None
        self._closed = False

    @property
    def name(self) -> str:
        return f"replay of {self.recording.path.name}"

    @property
    def dated(self) -> bool:
        """Whether the recording says when it was made."""
        return self._timeline.dated

    def place(self) -> Place | None:
        """Where the recording says its antenna was during the last look."""
        return self._place

    def dbm_at_full_scale(self) -> float | None:
        """What the recording says of its calibration during the last look."""
        return self._dbm_at_full_scale

    def next_window(self, longest_s: float) -> Window:
        """What was recorded next: what a sensor without a plan of its own follows. Raises EndOfRecording."""
        capture = self._capture()
        return Window(capture.centre_hz, capture.rate_hz, min(longest_s, capture.seconds))

    def look(self, centre_hz: float, rate_hz: float, seconds: float) -> IqBlock:
        wanted = Window(centre_hz, rate_hz, seconds)
        self._refuse(wanted)
        self._pace.begin(self._timeline.starts_ns[0])
        while True:
            capture = self._capture()
            first = self._first
            end = first + piece(capture, first, seconds)
            self._next, self._first = (self._next, end) if end < capture.samples else (self._next + 1, 0)
            if not covers(capture, wanted):
                continue
            over_ns = self._timeline.at(capture, end) + self._since_ns()
            if self._pace.too_late(over_ns, by_s=LATEST_S):
                self.missed += self._delivered
                continue
            self._pace.wait_until(over_ns)
            return self._deliver(capture, first, end - first)

    def stream(self, centre_hz: float, rate_hz: float, *, block_seconds: float) -> Iterator[IqBlock]:
        while True:
            try:
                block = self.look(centre_hz, rate_hz, block_seconds)
            except EndOfRecording:
                return
            yield block

    def close(self) -> None:
        self._closed = True

    def _refuse(self, wanted: Window) -> None:
        if self._closed:
            raise RadioClosed(radio=self.name)
        centre_hz, rate_hz = wanted.centre_hz, wanted.rate_hz
        if not (rate_hz > 0 and wanted.seconds > 0):
            raise BadWindow(radio=self.name, centre_hz=centre_hz, rate_hz=rate_hz, reason="a rate or time of nothing")
        if not any(covers(capture, wanted) for capture in self.recording.captures):
            raise NotInRecording(radio=self.name, centre_hz=centre_hz, rate_hz=rate_hz)

    def _capture(self) -> Capture:
        if self._next >= len(self.recording.captures):
            if self._loop_ns is None:
                raise EndOfRecording(radio=self.name)
            self.epoch += 1
            self._next, self._first = 0, 0
        return self.recording.captures[self._next]

    def _since_ns(self) -> int:
        return self.epoch * (self._loop_ns or 0)

    def _deliver(self, capture: Capture, first: int, count: int) -> IqBlock:
        self._delivered = True
        block = self.recording.read(capture, first, count)
        if capture.position is not None:
            self._place = Place(*capture.position)
        self._dbm_at_full_scale = capture.dbm_at_full_scale
        began_ns = self._timeline.at(capture, first) + self._since_ns()
        return replace(
            block,
            first_sample=self._timeline.count(capture, first) + round(self._since_ns() * capture.rate_hz / 1e9),
            time_utc_ns=self._pace.shifted(began_ns) if self.dated or self._pace.gives_time else None,
            count_kept=self._timeline.counted,
        )


def covers(capture: Capture, wanted: Window) -> bool:
    """Whether the capture holds the window, but for a hundredth of its width at each end."""
    slack = NEAR * wanted.rate_hz
    low, high = capture.centre_hz - capture.rate_hz / 2, capture.centre_hz + capture.rate_hz / 2
    return low <= wanted.low_hz + slack and high >= wanted.high_hz - slack


def piece(capture: Capture, first: int, seconds: float) -> int:
    """How many samples to take: near what was asked, without leaving a scrap at the end."""
    left = capture.samples - first
    pieces = max(1, round(left / (seconds * capture.rate_hz)))
    return -(-left // pieces)
