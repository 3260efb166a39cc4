"""One cell out of the parts in which it was received.

A long block is received in overlapping pieces, so its cells are found once in each. And where samples were lost in the
middle of a block, unannounced, the frame clock jumps and the cell is found twice. Two transmitters are heard at the
same time by clocks that differ; two parts of one never are.
"""

from collections.abc import Sequence
from dataclasses import replace

from dsp.gsm.frame import FRAME_SYMBOLS, HYPERFRAME
from dsp.gsm.look import Reception

_SAME_CARRIER_HZ = 500.0  # one transmitter by one oscillator within one block
_SAME_PHASE_FRAMES = 40 / FRAME_SYMBOLS


def clock_runs_on(before: Reception, now: Reception) -> bool:
    """Whether the frame clock of one reception, by the same sample clock, is that of the other."""
    frames = (now.frame_sample - before.frame_sample) / before.samples_per_frame
    late = (frames - (now.frame_number - before.frame_number)) % HYPERFRAME
    return min(late, HYPERFRAME - late) < _SAME_PHASE_FRAMES


def join_parts(receptions: Sequence[Reception]) -> tuple[Reception, ...]:
    """Receptions with the parts of each cell put together; the part with most blocks says where and when."""
    joined: list[Reception] = []
    for each in sorted(receptions, key=lambda reception: -len(reception.blocks)):
        place = next((k for k, other in enumerate(joined) if _parts_of_one(other, each)), None)
        if place is None:
            joined.append(each)
        else:
            joined[place] = _join(joined[place], each)
    return tuple(joined)


def _parts_of_one(one: Reception, other: Reception) -> bool:
    if one.bsic != other.bsic or abs(one.measured_hz - other.measured_hz) > _SAME_CARRIER_HZ:
        return False
    (one_first, one_last), (other_first, other_last) = _span(one), _span(other)
    return one_last < other_first or other_last < one_first or clock_runs_on(one, other)


def _span(each: Reception) -> tuple[float, float]:
    """First and last sample at which something was read."""
    when = [each.sample_of(block.frame_number) for block in each.blocks] + [sync.sample for sync in each.syncs]
    return min(when), max(when)


def _join(main: Reception, part: Reception) -> Reception:
    one_clock = clock_runs_on(main, part)
    had = {block.place for block in main.blocks} if one_clock else set()
    heard = {sync.frame_number for sync in main.syncs} if one_clock else set()
    blocks = [(main.sample_of(block.frame_number), block) for block in main.blocks]
    blocks += [(part.sample_of(block.frame_number), block) for block in part.blocks if block.place not in had]
    syncs = main.syncs + tuple(sync for sync in part.syncs if sync.frame_number not in heard)
    read = {block.place for _, block in blocks} if one_clock else set()
    if not one_clock:
        main, part = _within(main), _within(part)
    failed = [*_failed(main), *_failed(part)]
    failed = sorted(set(failed) - read) if one_clock else failed
    weak = {each.place: each for each in (*part.weak, *main.weak) if each.place not in read}
    return replace(
        main,
        syncs=tuple(sorted(syncs, key=lambda sync: sync.sample)),
        blocks=tuple(block for _, block in sorted(blocks, key=lambda timed: (timed[0], timed[1].timeslot))),
        failed=tuple(number for number, slot in failed if slot == 0),
        failed_on_others=tuple(place for place in failed if place[1]),
        weak=tuple(weak.values()),
    )


def _failed(one: Reception) -> list[tuple[int, int]]:
    """Frame number and time slot of the failed blocks of all slots."""
    return [*((number, 0) for number in one.failed), *one.failed_on_others]


def _within(part: Reception) -> Reception:
    """The part with the failed blocks only of the time in which its clock held."""
    first, last = _span(part)

    def held(frame_number: int) -> bool:
        return first <= part.sample_of(frame_number) <= last

    return replace(
        part,
        failed=tuple(number for number in part.failed if held(number)),
        failed_on_others=tuple(place for place in part.failed_on_others if held(place[0])),
        weak=tuple(weak for weak in part.weak if held(weak.frame_number)),
    )
