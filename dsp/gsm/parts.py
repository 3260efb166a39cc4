"""One cell on both sides of a gap that nobody announced: samples were lost in the middle of a block.

Its frame clock jumps there, so it is found twice. Two transmitters are heard at the same time, two parts of one never.
"""

from dataclasses import replace

from dsp.gsm.look import Reception
from dsp.gsm.subscribers import total

_SAME_CARRIER_HZ = 500.0  # one transmitter by one oscillator within one block


def join_parts(receptions: list[Reception]) -> tuple[Reception, ...]:
    """Receptions with the parts of each cell put together; the part with more blocks says where and when."""
    joined: list[Reception] = []
    for each in sorted(receptions, key=lambda reception: -len(reception.blocks)):
        place = next((k for k, other in enumerate(joined) if _parts_of_one(other, each)), None)
        if place is None:
            joined.append(each)
        else:
            joined[place] = _join(joined[place], each)
    return tuple(joined)


def _span(each: Reception) -> tuple[float, float]:
    """First and last sample at which something was read."""
    frames = [each.sample_of(block.frame_number) for block in each.blocks]
    when = frames + [sync.sample for sync in each.syncs]
    return min(when), max(when)


def _parts_of_one(one: Reception, other: Reception) -> bool:
    if one.bsic != other.bsic or abs(one.measured_hz - other.measured_hz) > _SAME_CARRIER_HZ:
        return False
    (one_first, one_last), (other_first, other_last) = _span(one), _span(other)
    return one_last < other_first or other_last < one_first


def _join(main: Reception, part: Reception) -> Reception:
    blocks = sorted(
        [(main.sample_of(block.frame_number), block) for block in main.blocks]
        + [(part.sample_of(block.frame_number), block) for block in part.blocks],
        key=lambda timed: timed[0],
    )
    return replace(
        main,
        syncs=tuple(sorted(main.syncs + part.syncs, key=lambda sync: sync.sample)),
        blocks=tuple(block for _, block in blocks),
        failed=_within(main) + _within(part),
        ccch_blocks_read=main.ccch_blocks_read + part.ccch_blocks_read,
        subscribers=total([main.subscribers, part.subscribers]),
    )


def _within(part: Reception) -> tuple[int, ...]:
    """Failed blocks of the time in which the part's clock held."""
    first, last = _span(part)
    return tuple(number for number in part.failed if first <= part.sample_of(number) <= last)
