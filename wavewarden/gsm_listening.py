"""Receive stretch after stretch; each look without what the stretch before had already given."""

from collections.abc import Iterable
from dataclasses import replace

from dsp.gsm.frame import FRAME_SYMBOLS, SYMBOL_HZ
from dsp.gsm.look import GsmLook, Reception
from dsp.gsm.receive import receive_gsm
from wavewarden.gsm_stretches import Stretch

SAME_INSTANT_SYMBOLS = 40.0
SAME_CARRIER_HZ = 500.0  # one transmitter by one oscillator within two stretches
SYNC = -1  # stands for the time slot of a synchronisation burst
Key = tuple[int, int, int]  # BSIC, frame number, time slot
Where = tuple[float, float]  # carrier, sample


class Listening:
    """Remembers what the last stretch gave."""

    def __init__(self) -> None:
        self._had: dict[Key, list[Where]] = {}

    def hear(self, stretch: Stretch) -> GsmLook:
        if stretch.new_clock:
            self._had = {}
        look = receive_gsm(stretch.block)
        reach = SAME_INSTANT_SYMBOLS * stretch.block.rate_hz / SYMBOL_HZ
        fresh = [self._fresh(each, reach) for each in look.receptions]
        self._had = _given(fresh)
        return replace(look, receptions=tuple(fresh))

    def _fresh(self, each: Reception, reach: float) -> Reception:
        def is_new(frame_number: int, slot: int) -> bool:
            return not self._is_old(each, frame_number, slot, reach)

        return replace(
            each,
            blocks=tuple(block for block in each.blocks if is_new(block.frame_number, block.timeslot)),
            syncs=tuple(sync for sync in each.syncs if is_new(sync.frame_number, SYNC)),
            failed=tuple(number for number in each.failed if is_new(number, 0)),
            failed_on_others=tuple(one for one in each.failed_on_others if is_new(*one)),
            weak=tuple(block for block in each.weak if is_new(block.frame_number, block.timeslot)),
        )

    def _is_old(self, each: Reception, frame_number: int, slot: int, reach: float) -> bool:
        places = self._had.get((each.bsic, frame_number, slot), ())
        sample = when(each, frame_number)
        return any(abs(hz - each.measured_hz) < SAME_CARRIER_HZ and abs(at - sample) < reach for hz, at in places)


def _given(receptions: Iterable[Reception]) -> dict[Key, list[Where]]:
    had: dict[Key, list[Where]] = {}
    for each in receptions:
        numbers = [(block.frame_number, block.timeslot) for block in each.blocks]
        numbers += [*((number, 0) for number in each.failed), *each.failed_on_others]
        numbers += [(sync.frame_number, SYNC) for sync in each.syncs]
        for frame_number, slot in numbers:
            had.setdefault((each.bsic, frame_number, slot), []).append((each.measured_hz, when(each, frame_number)))
    return had


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
