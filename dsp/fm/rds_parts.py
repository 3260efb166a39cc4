"""Putting names and texts together from the parts that groups 0 and 2 carry, without mixing two of them."""

from dataclasses import dataclass, field

from dsp.fm.rds_cycles import Cycles
from dsp.fm.rds_groups import NamePart, TextPart
from dsp.fm.rds_text import CARRIAGE_RETURN

_NAME_PARTS = 4
_STEADY = 2  # times a part is heard unchanged before it may stand beside parts of other cycles
_SAME_TEXT = 4  # pairs of characters that agree across a change of flag: the same text again


@dataclass(slots=True)
class NameParts:
    """Remembers the parts of a name since it last changed.

    A name is whole when its four parts came in one cycle, or when each was heard twice with no change between: a
    scrolling name satisfies only the first, a weak station only the second.
    """

    cycle: dict[int, bytes] = field(default_factory=dict)
    steady: dict[int, bytes] = field(default_factory=dict)
    times: dict[int, int] = field(default_factory=dict)

    def take(self, part: NamePart) -> bytes | None:
        if part.codes is None:
            self.cycle.clear()
            return None
        if part.segment == 0 or self.cycle.get(part.segment, part.codes) != part.codes:
            self.cycle.clear()
        self.cycle[part.segment] = part.codes
        if self.steady.get(part.segment, part.codes) != part.codes:
            self.steady.clear()
            self.times.clear()
        self.steady[part.segment] = part.codes
        self.times[part.segment] = self.times.get(part.segment, 0) + 1
        return self._whole()

    def _whole(self) -> bytes | None:
        if len(self.cycle) == _NAME_PARTS:
            whole = _joined(self.cycle)
            self.cycle.clear()
            self.times.clear()  # what was heard once counts once
            return whole
        if len(self.times) == _NAME_PARTS and min(self.times.values()) >= _STEADY:
            self.times.clear()
            return _joined(self.steady)
        return None


def _joined(parts: dict[int, bytes]) -> bytes:
    return b"".join(parts[i] for i in range(_NAME_PARTS))


@dataclass(slots=True)
class _Earlier:
    """A text heard before the flag changed; dropped when a part of the new one contradicts it."""

    pairs: dict[int, bytes]
    cycles: Cycles
    agreed: int = 0

    def agrees(self, at: int, pair: bytes) -> bool:
        self.agreed += at in self.pairs
        return self.pairs.get(at, pair) == pair


@dataclass(slots=True)
class TextParts:
    """Remembers the parts of a radio text since the A/B flag, or the text under it, last changed.

    A text ends at a carriage return, at its full length, or, where the coder sends neither, where its cycles end. Some
    coders change the flag at every repetition, some send two texts in turn: what was heard under the last flag, or the
    last time under this one, is used again once enough of it has proved to be the same.
    """

    pairs: dict[int, bytes] = field(default_factory=dict)
    earlier: list[_Earlier] = field(default_factory=list)  # no more than two
    kind: tuple[bool, int] | None = None  # A/B flag, characters a part
    cycles: Cycles = field(default_factory=Cycles)
    _ended: list[_Earlier] = field(default_factory=list)  # the last two, as they ended

    def take(self, part: TextPart) -> bytes | None:
        width = 2 * len(part.pairs)
        if self.kind != (part.flag_b, width):
            self._start((part.flag_b, width))
        self.cycles.take(part.segment)
        for i, pair in enumerate(part.pairs):
            if pair is not None:
                self._put(part.segment * width + 2 * i, pair)
        return self._whole(width)

    def _start(self, kind: tuple[bool, int]) -> None:
        same_width = self.kind is not None and kind[1] == self.kind[1]
        self.cycles.close()
        self._ended = [_Earlier(self.pairs, self.cycles), *self._ended[:1]] if same_width else []
        self.earlier = [_Earlier(each.pairs, each.cycles) for each in self._ended if each.pairs]
        self.kind, self.pairs, self.cycles = kind, {}, self.cycles.anew()

    def _put(self, at: int, pair: bytes) -> None:
        if self.pairs.get(at, pair) != pair:  # changed without changing the flag: a new text all the same
            self.pairs.clear()
            self.cycles = self.cycles.anew()
        self.pairs[at] = pair
        self._compare(at, pair)

    def _compare(self, at: int, pair: bytes) -> None:
        self.earlier = [each for each in self.earlier if each.agrees(at, pair)]
        same = next((each for each in self.earlier if each.agreed >= _SAME_TEXT), None)
        if same is not None:
            self.pairs = same.pairs | self.pairs
            self.earlier, self.cycles = [], same.cycles.go_on(self.cycles)

    def _whole(self, width: int) -> bytes | None:
        end = self.cycles.end
        codes = _up_to_the_end(self.pairs, 16 * width if end is None else (end + 1) * width)
        if codes is not None:
            self.pairs.clear()
            self.cycles = self.cycles.anew()
        return codes


def _up_to_the_end(pairs: dict[int, bytes], length: int) -> bytes | None:
    codes = bytearray()
    for at in range(0, length, 2):
        pair = pairs.get(at)
        if pair is None:
            return None
        codes += pair
        if CARRIAGE_RETURN in pair:
            return bytes(codes[: codes.index(CARRIAGE_RETURN)])
    return bytes(codes)
