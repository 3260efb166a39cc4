"""Bits of rest octets, read in the notation of 3GPP TS 24.007 annex B: 0 | 1, L | H, repetitions.

The trap: only choices written L | H are read against the padding 0x2B. The bit fields behind an H, and the choices
written 0 | 1, are plain bits.
"""

from collections.abc import Callable
from typing import TypeVar

from dsp.gsm.errors import BeyondBlock

_PADDING = 0x2B

T = TypeVar("T")


class RestBits:
    """A reader of rest octets: remembers how far it has read."""

    def __init__(self, octets: bytes) -> None:
        self._bits = "".join(f"{octet:08b}" for octet in octets)
        self._padding = f"{_PADDING:08b}" * len(octets)
        self._at = 0

    @property
    def left(self) -> int:
        return max(len(self._bits) - self._at, 0)

    def high(self) -> bool:
        """One L | H choice. Past the end everything is L: 3GPP TS 44.018 §8.9."""
        at = self._at
        self._at += 1
        return at < len(self._bits) and self._bits[at] != self._padding[at]

    def one(self) -> bool:
        """One 0 | 1 choice. Raises BeyondBlock."""
        return bool(self.field(1))

    def field(self, bits: int) -> int:
        """A plain number of so many bits, the most significant first. Raises BeyondBlock."""
        self.skip(bits)
        return int(self._bits[self._at - bits : self._at] or "0", 2)

    def skip(self, bits: int) -> None:
        """Raises BeyondBlock."""
        self._at += bits
        if self._at > len(self._bits):
            raise BeyondBlock(need=-(-self._at // 8), have=len(self._bits) // 8)

    def optional(self, read: Callable[["RestBits"], T]) -> T | None:
        """{ 0 | 1 < what `read` reads > }"""
        return read(self) if self.one() else None

    def optional_field(self, bits: int) -> int | None:
        """{ 0 | 1 < field > }"""
        return self.field(bits) if self.one() else None

    def repeated(self, read: Callable[["RestBits"], T]) -> tuple[T, ...]:
        """{ 1 < what `read` reads > } ** 0"""
        found = []
        while self.one():
            found.append(read(self))
        return tuple(found)

    def repeated_field(self, bits: int) -> tuple[int, ...]:
        """{ 1 < field > } ** 0"""
        return self.repeated(lambda rest: rest.field(bits))
