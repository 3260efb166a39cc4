"""Receive stretch after stretch; each look without what the stretch before had already given."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from dsp.gsm.frame import FRAME_SYMBOLS, SYMBOL_HZ
from dsp.gsm.look import GsmLook, Reception
from dsp.gsm.receive import receive_gsm
from dsp.gsm.repeats import Repeats
from wavewarden.stretches import Stretch

SAME_INSTANT_SYMBOLS = 40.0
SAME_CARRIER_HZ = 500.0  # one transmitter by one oscillator within two stretches
SYNC = -1  # stands for the time slot of a synchronisation burst
Key = tuple[int, int, int]  # BSIC, frame number, time slot
Places = dict[Key, list[tuple[float, float]]]  # carrier and sample of each


class Listening:
    """Remembers what the last stretch gave, and what each cell's broadcast channel said, so that a weak block can be
    read together with its repeats in other stretches."""

    def __init__(self) -> None:
        self._read: Places = {}
        self._failed: Places = {}
        self._repeats = Repeats()

    def hear(self, stretch: Stretch) -> GsmLook:
        if stretch.new_clock:
            self._read, self._failed = {}, {}
        look = receive_gsm(stretch.block)
        reach = SAME_INSTANT_SYMBOLS * stretch.block.rate_hz / SYMBOL_HZ
        fresh = tuple(self._fresh(each, reach) for each in look.receptions)
        look = self._repeats.add(replace(look, receptions=fresh))
        self._read, self._failed = _places(look.receptions, _read), _places(look.receptions, _not_read)
        return look

    def _fresh(self, each: Reception, reach: float) -> Reception:
        def was_read(frame_number: int, slot: int) -> bool:
            return _is_among(self._read, each, frame_number, slot, reach)

        def is_known(frame_number: int, slot: int) -> bool:
            return was_read(frame_number, slot) or _is_among(self._failed, each, frame_number, slot, reach)

        return replace(
            each,
            blocks=tuple(block for block in each.blocks if not was_read(block.frame_number, block.timeslot)),
            syncs=tuple(sync for sync in each.syncs if not was_read(sync.frame_number, SYNC)),
            failed=tuple(number for number in each.failed if not is_known(number, 0)),
            failed_on_others=tuple(one for one in each.failed_on_others if not is_known(*one)),
            weak=tuple(block for block in each.weak if not is_known(block.frame_number, block.timeslot)),
        )


def _is_among(places: Places, each: Reception, frame_number: int, slot: int, reach: float) -> bool:
    known = places.get((each.bsic, frame_number, slot), ())
    sample = when(each, frame_number)
    return any(abs(hz - each.measured_hz) < SAME_CARRIER_HZ and abs(at - sample) < reach for hz, at in known)


def _places(receptions: Iterable[Reception], numbers_of: Callable[[Reception], Iterable[tuple[int, int]]]) -> Places:
    places: Places = {}
    for each in receptions:
        for frame_number, slot in numbers_of(each):
            places.setdefault((each.bsic, frame_number, slot), []).append((each.measured_hz, when(each, frame_number)))
    return places


def _read(each: Reception) -> Iterator[tuple[int, int]]:
    """Frame number and time slot."""
    yield from ((block.frame_number, block.timeslot) for block in each.blocks)
    yield from ((sync.frame_number, SYNC) for sync in each.syncs)


def _not_read(each: Reception) -> Iterator[tuple[int, int]]:
    yield from ((number, 0) for number in each.failed)
    yield from each.failed_on_others


def when(each: Reception, frame_number: int) -> float:
    """The sample at which a frame began, since the receiver started.

    Where samples were lost in the middle the cell's clock jumps: then the nearest synchronisation burst says.
    """
    by_clock = each.sample_of(frame_number)
    if not each.syncs:
        return by_clock
    nearest = min(each.syncs, key=lambda sync: abs(each.sample_of(sync.frame_number) - by_clock))
    jump = nearest.sample - each.sample_of(nearest.frame_number)
    reach = SAME_INSTANT_SYMBOLS * each.samples_per_frame / FRAME_SYMBOLS
    return by_clock if abs(jump) < reach else by_clock + jump
