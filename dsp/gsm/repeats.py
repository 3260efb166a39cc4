"""Adding the repeats of System Information up: within one look, and over looks."""

from collections import Counter, OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from dsp.gsm.contents import Content, what_they_say
from dsp.gsm.frame import Channel, schedule_position
from dsp.gsm.look import Block, GsmLook, Reception, WeakBlock
from dsp.gsm.sorting import block_of

MOST_CELLS = 256
MOST_WEAK = 48  # transmissions a cell: six cycles of the BCCH, 44 kB
MOST_CONTENTS = 16
_ALONE = frozenset({"si1", "si2", "si3", "si4"})  # a cell has one of each: another one replaces it
_SAME_CARRIER_HZ = 50e3


def add_repeats(reception: Reception) -> Reception:
    """The reception with those of its weak blocks in place that its own repeats make readable."""
    contents = contents_read(reception.blocks)
    said = what_they_say(reception.weak, contents)
    return _put_in_place(reception, said, _times(reception.blocks, said))


def contents_read(blocks: Iterable[Block]) -> list[Content]:
    """The System Information of the BCCH among some blocks."""
    found: dict[bytes, Content] = {}
    for block in blocks:
        if block.channel is Channel.BCCH and block.kind.startswith("si") and block.octets is not None:
            tcs = {schedule_position(block.frame_number)} if block.repeats == 1 else set()
            before = found.get(block.octets, Content(block.octets, block.kind))
            found[block.octets] = replace(before, tcs=before.tcs | tcs)
    return list(found.values())


def _times(blocks: Iterable[Block], said: Iterable[Content | None]) -> Counter[bytes]:
    """How often each content was sent."""
    times = Counter(content.octets for content in said if content is not None)
    times.update(block.octets for block in blocks if block.channel is Channel.BCCH and block.octets is not None)
    return times


def _put_in_place(reception: Reception, said: Sequence[Content | None], times: Counter[bytes]) -> Reception:
    """said : of each of reception.weak."""
    told = [(weak, content) for weak, content in zip(reception.weak, said, strict=True) if content is not None]
    if not told:
        return reception
    blocks = [*reception.blocks, *(_block(weak, content, times[content.octets]) for weak, content in told)]
    read = {(weak.frame_number, weak.timeslot) for weak, _ in told}
    return replace(
        reception,
        blocks=tuple(sorted(blocks, key=lambda each: (reception.sample_of(each.frame_number), each.timeslot))),
        failed=tuple(number for number in reception.failed if (number, 0) not in read),
        failed_on_others=tuple(place for place in reception.failed_on_others if place not in read),
        weak=tuple(weak for weak, content in zip(reception.weak, said, strict=True) if content is None),
    )


def _block(weak: WeakBlock, content: Content, times: int) -> Block:
    quality = float(np.abs(weak.soft.astype(np.float32)).mean())
    octets = bytearray(content.octets)
    slot, number = weak.timeslot, weak.frame_number
    return block_of(number, Channel.BCCH, octets, quality=quality, timeslot=slot, repeats=times)


@dataclass(slots=True)
class _Heard:
    """Of one cell: what it says, how often, and the transmissions nobody could tell."""

    contents: OrderedDict[bytes, Content] = field(default_factory=OrderedDict)
    times: Counter[bytes] = field(default_factory=Counter)
    weak: tuple[WeakBlock, ...] = ()


class Repeats:
    """Remembers, per carrier and BSIC, what the BCCH said and the soft bits of what could not be read; forgets what a
    cell no longer says, and the cells longest unheard beyond MOST_CELLS.

    Two transmitters on one carrier with one BSIC may share a memory: what one says is given only to transmissions that
    agree with it.
    """

    def __init__(self) -> None:
        self._cells: OrderedDict[tuple[int, int], _Heard] = OrderedDict()

    def add(self, look: GsmLook) -> GsmLook:
        """The look with the blocks in place that became readable together with earlier looks."""
        return replace(look, receptions=tuple(self._add(each) for each in look.receptions))

    def _add(self, each: Reception) -> Reception:
        key = (round(each.freq_hz / _SAME_CARRIER_HZ), each.bsic)
        heard = self._cells.pop(key, _Heard())
        self._cells[key] = heard
        while len(self._cells) > MOST_CELLS:
            self._cells.popitem(last=False)
        for content in contents_read(each.blocks):
            _learn(heard, content)
        heard.times.update(_times(each.blocks, ()))
        earlier, pool = len(heard.weak), (*heard.weak, *each.weak)
        if not each.weak:
            return each
        said = what_they_say(pool, list(heard.contents.values()))
        for told in {content.octets: content for content in said if content is not None}.values():
            _learn(heard, told)
        heard.times.update(content.octets for content in said if content is not None)
        heard.weak = tuple([weak for weak, content in zip(pool, said, strict=True) if content is None][-MOST_WEAK:])
        return _put_in_place(each, said[earlier:], heard.times)


def _learn(heard: _Heard, content: Content) -> None:
    """Put a content last; what it replaces is forgotten, with the transmissions that may still hold it."""
    before = heard.contents.pop(content.octets, content)
    old = [each for each in heard.contents.values() if each.kind == content.kind and content.kind in _ALONE]
    for each in old:
        _forget(heard, each.octets)
    if old:
        heard.weak = ()
    heard.contents[content.octets] = replace(content, tcs=before.tcs | content.tcs)
    while len(heard.contents) > MOST_CONTENTS:
        _forget(heard, next(iter(heard.contents)))


def _forget(heard: _Heard, octets: bytes) -> None:
    del heard.contents[octets]
    heard.times.pop(octets, None)
