"""What hears, and what each service heard in one look."""

from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from dsp.fm.values import FmStation
from dsp.gsm.values import GsmCell
from dsp.iq import IqBlock


@dataclass(frozen=True, slots=True)
class GsmHeard:
    cells: tuple[GsmCell, ...] = ()
    noise_dbfs_200k: float | None = None
    refused: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FmHeard:
    stations: tuple[FmStation, ...] = ()
    noise_dbfs_200k: float | None = None
    refused: dict[str, int] = field(default_factory=dict)


class Ears(Protocol):
    """sensor.memories.Memories, or what stands in for it."""

    def hear_gsm(self, block: IqBlock) -> GsmHeard: ...

    def hear_fm(self, block: IqBlock) -> FmHeard: ...


@runtime_checkable
class LooksAgain(Protocol):
    """Ears that can hold a second look, the centre moved, against the last one."""

    def moved(self, block: IqBlock) -> tuple[float, ...]:
        """Frequencies of the last FM look, Hz, of what moved with the centre: the receiver made it."""
        ...
