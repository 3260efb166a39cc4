"""Why phones asked for a channel, from the random reference in what they are answered. 3GPP TS 44.018 §9.1.8.

The first bits of a request name its cause, the rest is chance. What 0000xxxx and 0001xxxx mean depends on NECI, so
these are counted as they are.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

# table 9.1.8.1, by the four high bits; 0110 and 0111 by more
_BY_FOUR_BITS = {
    0b0000: "reference_0000",
    0b0001: "reference_0001",
    0b0010: "answers",  # asks for a full-rate channel
    0b0011: "answers",  # for any rate
    0b0100: "calls",  # speech, half rate will do
    0b0101: "calls",  # data
    0b1000: "answers",
    0b1001: "answers",
    0b1010: "emergencies",
    0b1011: "emergencies",
    0b1100: "reestablishments",
    0b1101: "reestablishments",
    0b1110: "calls",
    0b1111: "calls",
}
_REESTABLISHMENT_HALF_RATE = 0b01101  # 011010xx, 011011xx


@dataclass(frozen=True, slots=True)
class RequestCounts:
    reference_0000: int = 0
    reference_0001: int = 0
    answers: int = 0
    calls: int = 0
    emergencies: int = 0
    reestablishments: int = 0


def causes(references: Iterable[int]) -> RequestCounts:
    """Packet requests (0111xxxx) and reserved codes (01100xxx) are counted as none of these."""
    counts = Counter(cause for reference in references if (cause := _cause(reference)) is not None)
    return RequestCounts(**counts)


def _cause(reference: int) -> str | None:
    if reference >> 3 == _REESTABLISHMENT_HALF_RATE:
        return "reestablishments"
    return _BY_FOUR_BITS.get(reference >> 4)
