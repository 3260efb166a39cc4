"""What the added soft bits of repeated names and texts say, once they are sure; and the memory that adds up looks.

A place is believed when its 26 sums stand clear of chance on average and one by one, when the groups behind them said
the same thing (a name that scrolls adds up to nothing), and when their signs pass the block's check. Four places make a
name, all places up to the end make a text.
"""

from collections import OrderedDict
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from dsp.fm.rds_code import Offset, informations, syndromes
from dsp.fm.rds_repeats import NAME_SEGMENTS, TEXT_SEGMENTS, RdsRepeats, SoftSums
from dsp.fm.rds_text import CARRIAGE_RETURN, running_text, text
from dsp.fm.values import FmStation

MOST_FREQUENCIES = 512
_SAME_CHANNEL_HZ = 40e3
_LEAST_GROUPS = 4.0
_LEAST_MEAN = 2.0  # of the 26 sums, in their sigma: noise gives 0.8 ± 0.12
_LEAST_EACH = 0.3  # four bits have to be wrong and this clear for a wrong word to pass: 1e-9 at the least mean
_LEAST_SAME = 0.75  # of the size due: three names in turn give a half
_FLAG_SIGMA = 4.5  # of each bit of TP and PTY, which no check covers
_KEEP_NAME, _KEEP_TEXT = 0.97, 0.93  # a look later: names change seldom, texts every few minutes


@dataclass(frozen=True, slots=True)
class Agreed:
    """groups: of the place with fewest; None: not known."""

    value: str
    groups: int


def agreed_name(sums: SoftSums) -> Agreed | None:
    """sums (4, 26)."""
    words = [_word(sums, (i,), Offset.D) for i in range(NAME_SEGMENTS)]
    if any(word is None for word in words):
        return None
    codes = b"".join((word or 0).to_bytes(2, "big") for word in words)
    return Agreed(text(codes), int(sums.groups.min()))


def agreed_text(sums: SoftSums) -> Agreed | None:
    """sums (2, 16, 2, 26): the text of the flag with more groups behind it."""
    flag = int(sums.groups.sum(axis=(1, 2)).argmax())
    codes = b""
    for segment in range(TEXT_SEGMENTS):
        pair = [_word(sums, (flag, segment, i), offset) for i, offset in enumerate((Offset.C, Offset.D))]
        if None in pair:
            return None
        codes += b"".join((word or 0).to_bytes(2, "big") for word in pair)
        if CARRIAGE_RETURN in codes:
            break
    behind = sums.groups[flag, : segment + 1].min()
    return Agreed(running_text(codes.split(bytes([CARRIAGE_RETURN]))[0]), int(behind))


def agreed_type(sums: SoftSums) -> tuple[bool, int] | None:
    """TP and PTY of block B of all groups: sums (26,)."""
    total, sigma = sums.total[5:11], np.sqrt(sums.energy[5:11]) + 1e-12
    if sums.groups < _LEAST_GROUPS or (np.abs(total) / sigma).min() < _FLAG_SIGMA:
        return None
    bits = (total > 0).astype(int)
    return bool(bits[0]), int("".join(map(str, bits[1:])), 2)


def _word(sums: SoftSums, place: tuple[int, ...], offset: Offset) -> int | None:
    total, energy, due = sums.total[place], sums.energy[place], sums.due[place]
    clear = np.abs(total) / (np.sqrt(energy) + 1e-12)
    if sums.groups[place] < _LEAST_GROUPS or clear.mean() < _LEAST_MEAN or clear.min() < _LEAST_EACH:
        return None
    if np.abs(total).sum() < _LEAST_SAME * due.sum():
        return None
    bits: NDArray[np.uint8] = (total > 0).astype(np.uint8)
    return int(informations(bits)[0]) if syndromes(bits)[0] == offset.value else None


@dataclass(slots=True)
class _Added:
    freq_hz: float
    pi: int
    repeats: RdsRepeats


class RepeatMemory:
    """Remembers the sums of each frequency as long as its PI stays, of no more than 512 frequencies."""

    def __init__(self) -> None:
        self._added: OrderedDict[int, _Added] = OrderedDict()
        self._count = 0

    def state(self, station: FmStation, repeats: RdsRepeats | None) -> FmStation:
        """`station` with what its repeats say where single groups said nothing."""
        if station.pi is None or repeats is None:
            return station
        return with_repeats(station, self._add(station.freq_hz, station.pi, repeats))

    def _add(self, freq_hz: float, pi: int, new: RdsRepeats) -> RdsRepeats:
        near = [k for k, each in self._added.items() if abs(each.freq_hz - freq_hz) <= _SAME_CHANNEL_HZ]
        old = [self._added.pop(k) for k in near]
        same = [each.repeats for each in old if each.pi == pi]
        total = _after(same[-1], new) if same else new
        self._count += 1
        self._added[self._count] = _Added(freq_hz, pi, total)
        while len(self._added) > MOST_FREQUENCIES:
            self._added.popitem(last=False)
        return total


def _after(old: RdsRepeats, new: RdsRepeats) -> RdsRepeats:
    return RdsRepeats(
        old.header.and_then(new.header, _KEEP_NAME),
        old.name.and_then(new.name, _KEEP_NAME),
        old.text.and_then(new.text, _KEEP_TEXT),
    )


def with_repeats(station: FmStation, repeats: RdsRepeats) -> FmStation:
    """Name, text and type from added soft bits, each where the station's own is not known."""
    name, said = agreed_name(repeats.name), agreed_text(repeats.text)
    kind = agreed_type(repeats.header)
    if station.ps is None and name is not None:
        station = msgspec.structs.replace(station, ps=name.value)
    if station.rt is None and said is not None:
        station = msgspec.structs.replace(station, rt=said.value)
    if station.pty is None and kind is not None:
        station = msgspec.structs.replace(station, tp=kind[0], pty=kind[1])
    return msgspec.structs.replace(
        station,
        ps_repeats=name.groups if name is not None and name.value == station.ps else 0,
        rt_repeats=said.groups if said is not None and said.value == station.rt else 0,
        pty_repeats=int(repeats.header.groups) if kind is not None and kind[1] == station.pty else 0,
    )
