"""What weak BCCH blocks say, read by adding the soft bits of the repeats of System Information.

The BCCH says the same again and again by TC = (FN div 51) mod 8 (3GPP TS 45.002 §6.3.1.3), but not always the same:
some positions alternate, and contents change. So transmissions are added that resemble each other, not those that
should be alike; the FIRE check of the sum must hold and its kind belong at that TC; and it is given only to those
transmissions that agree with it themselves. One try in 2⁴⁰ passes the FIRE check by chance, and of these one in
50 000 is of a kind that belongs there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dsp.gsm.agreement import LEAST_ODDS, agree, best_paths, signs_of
from dsp.gsm.errors import BlockRefused
from dsp.gsm.look import WeakBlock
from dsp.gsm.message import message_kind
from dsp.gsm.xcch import decode_blocks

Floats = NDArray[np.float32]
MOST_AT_ONCE = 256  # transmissions: a minute of one BCCH
_ALIKE_SIGMAS = 4.0
_ROUNDS = 3  # of gathering more around a sum

# What a TC may carry: the standard's own place, and where networks fill the places left free
BELONGS: tuple[frozenset[str], ...] = (
    frozenset({"si1", "si2", "si3", "si4", "si13"}),
    frozenset({"si2"}),
    frozenset({"si3"}),
    frozenset({"si4"}),
    frozenset({"si2ter", "si2quater", "si2n", "si3", "si4", "si9", "si13", "si21"}),
    frozenset({"si2", "si2bis", "si2ter", "si2quater", "si3"}),
    frozenset({"si3"}),
    frozenset({"si4"}),
)
_MAY_BE_ALIKE = np.array([[bool(one & other) for other in BELONGS] for one in BELONGS])


@dataclass(frozen=True, slots=True)
class Content:
    """Something the BCCH said. tcs : where it came with a good check of its own; () when only sums gave it."""

    octets: bytes
    kind: str
    tcs: frozenset[int] = frozenset()

    def belongs_at(self, tc: int) -> bool:
        return tc in self.tcs or self.kind in BELONGS[tc]


def what_they_say(weak: Sequence[WeakBlock], known: Iterable[Content]) -> list[Content | None]:
    """The content of each transmission, where it can be told.

    known : contents read by themselves, or told before; no two with the same octets.
    """
    out: list[Content | None] = []
    contents = list(known)
    for low in range(0, len(weak), MOST_AT_ONCE):
        every = _Transmissions(weak[low : low + MOST_AT_ONCE])
        every.compare(contents)
        while found := [each for each in every.add_up() if each.octets not in {one.octets for one in contents}]:
            contents += found
            if not every.compare(contents):
                break
        out += every.said
    return out


class _Transmissions:
    """Remembers which of some transmissions were told, and what their sums already gave."""

    def __init__(self, weak: Sequence[WeakBlock]) -> None:
        self.soft = np.stack([each.soft for each in weak]).astype(np.float32)
        self.multiframes = np.array([each.frame_number // 51 for each in weak], np.int64)
        self.best = best_paths(self.soft)
        self.said: list[Content | None] = [None] * len(weak)
        self.tried: set[bytes] = set()

    def compare(self, contents: Sequence[Content]) -> int:
        """Give each transmission the content it agrees with, when no other is nearly as likely. How many were told."""
        left = self._left()
        if not contents or not len(left):
            return 0
        soft, tcs, best = self.soft[left], self.multiframes[left] % 8, self.best[left]
        signs = np.stack([signs_of(content.octets) for content in contents])
        metric = soft @ signs.T
        likeliest = metric.argmax(axis=1)
        # half the difference of two metrics is the logarithm of their odds
        clear = (metric.max(axis=1, keepdims=True) - metric >= 2 * LEAST_ODDS).sum(axis=1) == len(contents) - 1
        told = 0
        for which, content in enumerate(contents):
            fits = clear & (likeliest == which) & [content.belongs_at(tc) for tc in tcs.tolist()]
            fits[fits] = agree(soft[fits], signs[which], best[fits])
            for row in left[fits].tolist():
                self.said[row] = content
            told += int(fits.sum())
        return told

    def add_up(self) -> list[Content]:
        """Contents in sums of those not told that resemble each other: of the first way of grouping that gives any."""
        left = self._left()
        if len(left) < 2:
            return []
        soft, numbers = self.soft[left], self.multiframes[left]
        members = _alike(soft, soft, np.zeros((len(left), len(left)), np.bool_), numbers)
        found = self._decoded(members, soft, numbers) or self._decoded(_in_part(members, numbers), soft, numbers)
        for _ in range(_ROUNDS):
            before, members = members, _alike(members.astype(np.float32) @ soft, soft, members, numbers)
            if found or np.array_equal(before, members):
                break
            found = self._decoded(np.concatenate([members, _nearer_half(members, soft)]), soft, numbers)
        return found

    def _decoded(self, members: NDArray[np.bool_], soft: Floats, numbers: NDArray[np.int64]) -> list[Content]:
        groups = np.unique(members[members.sum(axis=1) > 1], axis=0)
        if not len(groups):
            return []
        octets, good = decode_blocks(groups.astype(np.float32) @ soft)
        found: dict[bytes, list[int]] = {}
        for k in np.flatnonzero(good):
            found.setdefault(octets[k].tobytes(), []).extend((numbers[groups[k]] % 8).tolist())
        contents = [_content(*each) for each in found.items() if each[0] not in self.tried]
        new = [content for content in contents if content is not None]
        self.tried.update(content.octets for content in new)
        return new

    def _left(self) -> NDArray[np.intp]:
        return np.flatnonzero([content is None for content in self.said])


def _alike(sums: Floats, soft: Floats, members: NDArray[np.bool_], numbers: NDArray[np.int64]) -> NDArray[np.bool_]:
    """(n, n) which transmissions resemble each one's sum, their own part in it left out."""
    own = (soft**2).sum(axis=1) * members
    power = (sums**2) @ (soft**2).T
    near = (sums @ soft.T - own) > _ALIKE_SIGMAS * np.sqrt(power)
    tcs = numbers % 8
    return np.asarray((near & _MAY_BE_ALIKE[tcs[:, None], tcs[None, :]]) | np.eye(len(soft), dtype=np.bool_))


def _in_part(members: NDArray[np.bool_], numbers: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Each group before and after its own transmission, for contents that change; and every second, third and fourth
    cycle of it, for contents that take turns."""
    apart = numbers[None, :] - numbers[:, None]
    parts = [apart <= 0, apart >= 0, *(apart // 8 % turns == 0 for turns in (2, 3, 4))]
    return np.concatenate([members & part for part in parts])


def _nearer_half(members: NDArray[np.bool_], soft: Floats) -> NDArray[np.bool_]:
    """Of each group those most like its own transmission: two contents that differ little are one group at first."""
    likeness = np.where(members, soft @ soft.T, -np.inf)
    place = (-likeness).argsort(axis=1).argsort(axis=1)
    return np.asarray(members & (place < (members.sum(axis=1, keepdims=True) + 1) // 2))


def _content(octets: bytes, tcs: Sequence[int]) -> Content | None:
    """The sum of transmissions at these TCs, when its kind belongs at one of them."""
    try:
        content = Content(octets, message_kind(octets))
    except BlockRefused:
        return None
    return content if any(content.belongs_at(tc) for tc in tcs) else None
