"""What every made transmitter is: endless, and readable anywhere."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Transmitter(Protocol):
    """A signal at baseband, unit mean power. Sample 0 is the scenario's start by the transmitter's own clock.

    Any split gives the same samples: baseband(0, 10) is baseband(0, 4) followed by baseband(4, 6).
    """

    @property
    def rate_hz(self) -> float: ...

    def baseband(self, first: int, count: int) -> NDArray[np.complex64]: ...


class BroadcastError(Exception):
    """A broadcast that no transmitter could send, and why."""


class FieldOutOfRange(BroadcastError):
    def __init__(self, *, field: str, value: object, allowed: str) -> None:
        super().__init__(f"{field} is {value!r}; allowed is {allowed}")
        self.field, self.value, self.allowed = field, value, allowed


class ListDoesNotFit(BroadcastError):
    def __init__(self, *, field: str, count: int, wanted: str) -> None:
        super().__init__(f"{field}: {count} channel numbers do not fit into the format {wanted}")
        self.field, self.count, self.wanted = field, count, wanted


class BadBlock(BroadcastError):
    def __init__(self, *, field: str, text: str, octets: int) -> None:
        super().__init__(f"{field}: {text!r} is not {octets} octets in hexadecimal")
        self.field, self.text, self.octets = field, text, octets
