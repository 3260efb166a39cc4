"""What every receiver can do, whatever it is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from dsp.iq import IqBlock


@dataclass(frozen=True, slots=True)
class Place:
    """Where an antenna is, WGS-84. sigma_m None: the source does not say."""

    lat_deg: float
    lon_deg: float
    sigma_m: float | None = None
    height_m: float | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """What to listen to: rate_hz around centre_hz, for so long."""

    centre_hz: float
    rate_hz: float
    seconds: float

    @property
    def low_hz(self) -> float:
        return self.centre_hz - self.rate_hz / 2

    @property
    def high_hz(self) -> float:
        return self.centre_hz + self.rate_hz / 2


class Radio(Protocol):
    """A receiver.

    name  : for people and logs
    epoch : rises when what follows has no common clock with what came before (a replay that began again): everything
            remembered about continuity must be forgotten
    """

    @property
    def name(self) -> str: ...

    @property
    def epoch(self) -> int: ...

    def look(self, centre_hz: float, rate_hz: float, seconds: float) -> IqBlock:
        """Tune, let it settle, deliver one dwell without a gap inside. Raises the RadioError family."""
        ...

    def stream(self, centre_hz: float, rate_hz: float, *, block_seconds: float) -> Iterator[IqBlock]:
        """Stay there and deliver block after block; a loss is counted in the block that follows it."""
        ...

    def close(self) -> None:
        """Let go of it. May be called twice."""
        ...


@runtime_checkable
class Recorded(Protocol):
    """A radio that says of its last look what a recording says and no receiver can know."""

    @property
    def dated(self) -> bool:
        """Whether its times are those of the recording."""
        ...

    @property
    def missed(self) -> int:
        """Looks that were over before there was time for them."""
        ...

    def place(self) -> Place | None:
        """Where the antenna was."""
        ...

    def dbm_at_full_scale(self) -> float | None:
        """Antenna power in dBm is level_dbfs − gain_db + this."""
        ...

    def next_window(self, longest_s: float) -> Window:
        """What was recorded next. Raises EndOfRecording."""
        ...


def sweep(radio: Radio, windows: Iterable[Window]) -> Iterator[IqBlock]:
    """One dwell after another."""
    for window in windows:
        yield radio.look(window.centre_hz, window.rate_hz, window.seconds)
