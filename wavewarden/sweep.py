"""Hear windows with a radio, one after another; of a replay, what it holds. What to do with it is somebody else's."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from dsp.iq import IqBlock
from hardware.errors import BadWindow, EndOfRecording, NotInRecording, RadioError, SamplesLost
from hardware.radio import Radio, Window
from hardware.replay import Replay
from shell.words import explain
from wavewarden.language import language, text
from wavewarden.work_through import note


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """block : None where there is an error instead; share : of the sweep that is done with it"""

    window: Window
    block: IqBlock | None
    share: float
    error: RadioError | None = None


def hear(radio: Radio, wanted: list[Window], *, dwell_s: float) -> "Iterator[Heard]":
    """Of a replay, whatever was recorded. Raises RadioError."""
    return follow(radio, dwell_s=dwell_s) if isinstance(radio, Replay) else sweep(radio, wanted)


def sweep(radio: Radio, wanted: list[Window]) -> Iterator[Heard]:
    """What is wrong with one window is in its place; raised only when no window could be heard. What is wrong with the
    radio is raised: the RadioError family."""
    last: RadioError | None = None
    heard_any = False
    for number, window in enumerate(wanted, start=1):
        share = number / len(wanted)
        try:
            block = radio.look(window.centre_hz, window.rate_hz, window.seconds)
        except (BadWindow, NotInRecording, SamplesLost) as error:
            last = error
            yield Heard(window, None, share, error)
            continue
        heard_any = True
        yield Heard(window, block, share)
    if last is not None and not heard_any:
        raise last


def follow(replay: Replay, *, dwell_s: float) -> Iterator[Heard]:
    """Whatever was recorded, in its order."""
    seconds, done_s = max(replay.recording.seconds, 1e-9), 0.0
    while True:
        try:
            window = replay.next_window(dwell_s)
            block = replay.look(window.centre_hz, window.rate_hz, window.seconds)
        except EndOfRecording:
            return
        done_s += block.seconds
        yield Heard(window, block, min(done_s / seconds, 1.0))


@dataclass
class Sweeping:
    """A sweep with what its windows gave besides samples.

    take : is given each window that was heard, and the antenna power in dBm of full scale where a recording says it
    """

    radio: Radio
    take: Callable[[Heard, IqBlock, float | None], None]
    unheard: list[Window] = field(default_factory=list)
    interrupted: bool = False

    def run(self, windows: Iterable[Heard], advance: Callable[[float], None]) -> None:
        """Ctrl-C ends it. Raises RadioError."""
        try:
            for each in windows:
                self._one(each)
                advance(each.share)
        except KeyboardInterrupt:
            self.interrupted = True

    def tell(self) -> None:
        """That it was interrupted, and what could not be heard."""
        if self.interrupted:
            note(text("scan.interrupted"))
        if self.unheard:
            low_hz, high_hz = min(w.low_hz for w in self.unheard), max(w.high_hz for w in self.unheard)
            low, high = f"{low_hz / 1e6:.1f}", f"{high_hz / 1e6:.1f}"
            note(text("scan.unheard", radio=self.radio.name, low=low, high=high))

    def _one(self, heard: Heard) -> None:
        if heard.block is not None:
            dbm = self.radio.dbm_at_full_scale() if isinstance(self.radio, Replay) else None
            self.take(heard, heard.block, dbm)
        elif isinstance(heard.error, SamplesLost):
            note(explain(heard.error, language()))
        else:
            self.unheard.append(heard.window)
