"""Lists of channel numbers in the range formats 128, 256, 512 and 1024 (3GPP TS 44.018 §10.5.2.13, annex J).

A list is a binary tree written level by level: each value splits the rest of its circle into a half that
lies behind it (left) and one that lies before it (right), and each half is a circle half as long. A value
of 0 means that there is none, so the values must be chosen to fill the tree without a gap.
"""

from collections.abc import Iterator

CHANNELS = 1024
HEADS = {128: 0b10_00_110, 256: 0b10_00_101, 512: 0b10_00_100}  # 1024 has its own


def fits_range(named: frozenset[int], length: int) -> bool:
    """Whether the channels fit into the format of this length."""
    if length == CHANNELS:
        return len(named - {0}) <= _capacity(length)
    return len(named) - 1 <= _capacity(length) and _origin(named, length) is not None


def range_bits(named: frozenset[int], length: int) -> int:
    """128 bits of a list that fits.

    1024:              10..0FWW WWWWWWWW … : F = channel 0 is named
    128, 256 and 512:  10..hhhO OOOOOOOO OWWW … : h = format, O = origin, which is named
    """
    if length == CHANNELS:
        head, used, rest = 0b10_00_0 << 1 | (0 in named), 6, named - {0}
    else:
        origin = _origin(named, length)
        assert origin is not None
        head, used = HEADS[length] << 10 | origin, 17
        rest = frozenset((arfcn - origin) % CHANNELS for arfcn in named if arfcn != origin)
    values = tree_values(rest, length)
    for value, width in zip(values, _widths(length), strict=False):
        head, used = head << width | value, used + width
    return head << (128 - used)


def tree_values(rest: frozenset[int], length: int) -> list[int]:
    """W(1), W(2), … of offsets 1 to length - 1."""
    values = [0] * len(rest)
    _split(sorted(rest), length - 1, 1, values)
    return values


def _split(offsets: list[int], circle: int, index: int, values: list[int]) -> None:
    """Place `offsets` (1 to circle) into the subtree whose root is W(index)."""
    if not offsets:
        return
    half = circle // 2
    left_index, right_index = index + _power_below(index), index + 2 * _power_below(index)
    wanted = _subtree_size(right_index, len(values))
    for root in offsets:
        right = [(x - root) % circle for x in offsets if 1 <= (x - root) % circle <= half]
        if len(right) == wanted:
            left = [(x - root) % circle - half for x in offsets if (x - root) % circle > half]
            values[index - 1] = root
            _split(left, half, left_index, values)
            _split(right, half, right_index, values)
            return
    raise AssertionError("some value always splits a circle so")  # annex J proves it


def _power_below(index: int) -> int:
    """The greatest power of two not above the index: on its level, indices run from it to twice it."""
    return 1 << index.bit_length() - 1


def _subtree_size(root: int, count: int) -> int:
    """How many of W(1) … W(count) stand below and at `root`."""
    if root > count:
        return 0
    power = _power_below(root)
    return 1 + _subtree_size(root + power, count) + _subtree_size(root + 2 * power, count)


def _origin(named: frozenset[int], length: int) -> int | None:
    """The first channel after the longest gap, if all others are less than `length` after it."""
    for origin in sorted(named):
        if all((arfcn - origin) % CHANNELS < length for arfcn in named):
            return origin
    return None


def _widths(length: int) -> Iterator[int]:
    """Bits of W(1), W(2), …: the circle's, one less a level."""
    index, left = 1, 122 if length == CHANNELS else 111
    while True:
        width = length.bit_length() - index.bit_length()
        left -= width
        if left < 0:
            return
        yield width
        index += 1


def _capacity(length: int) -> int:
    return sum(1 for _ in _widths(length))
