"""What a made cell sent, against what was read of it, block by block."""

import hashlib
import operator
from dataclasses import dataclass, fields
from functools import lru_cache, reduce

from dsp.gsm.frame import BLOCK_STARTS, BURST_BITS, FRAME_SYMBOLS, HYPERFRAME, SYMBOL_HZ, Channel
from dsp.gsm.look import Block, GsmLook
from recordings.gsm.multiframe import SlotZero
from recordings.gsm.spec import GsmBroadcast
from tests.dsp.gsm.made import OnAir

CELL = GsmBroadcast(arfcn=25, plmn="460-00", bsic=21, ci=200, frame_number_at_start=123_456, symbol_offset=333.3)
_LAST_SYMBOL = 3 * FRAME_SYMBOLS + BURST_BITS  # of a block, from its first


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one look or of many."""

    looks: int = 0
    found: int = 0  # looks in which the cell was
    false_cells: int = 0
    sent: int = 0  # blocks wholly inside
    read: int = 0
    bcch_sent: int = 0
    bcch_alone: int = 0  # read by themselves
    bcch_read: int = 0  # with repeats added
    wrong: int = 0  # read with other contents than were sent, or where nothing was
    wrong_synchronisations: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))

    @property
    def share(self) -> float:
        return self.read / max(self.sent, 1)


def total(tallies: list[Tally]) -> Tally:
    return reduce(operator.add, tallies, Tally())


def of_one(on_air: OnAir, look: GsmLook) -> Tally:
    """Of one cell alone in the window."""
    sent = _sent(on_air, look.seconds)
    bcch = [number for number in sent if number % 51 == 2]
    ours = [each for each in look.receptions if each.bsic == on_air.broadcast.bsic]
    blocks = {block.frame_number: block for each in ours for block in each.blocks}
    wrong = sum(not _right(block, sent) for each in look.receptions for block in each.blocks)
    heard = [block for block in blocks.values() if block.channel is Channel.BCCH and block.frame_number in sent]
    return Tally(
        looks=1,
        found=bool(ours),
        false_cells=len(look.receptions) - bool(ours),
        sent=len(sent),
        read=len(set(blocks) & set(sent)),
        bcch_sent=len(bcch),
        bcch_alone=sum(block.repeats == 1 for block in heard),
        bcch_read=len(heard),
        wrong=wrong,
        wrong_synchronisations=sum(not _on_time(on_air, look, s.frame_number, s.sample) for e in ours for s in e.syncs),
    )


def _sent(on_air: OnAir, seconds: float) -> dict[int, bytes]:
    """Frame number → octets of every block of time slot 0 that lies inside, dedicated ones left out."""
    cell = on_air.broadcast
    blocks_of = lru_cache(SlotZero(cell, seed=on_air.seed).blocks)
    begin = on_air.start_s * SYMBOL_HZ + cell.symbol_offset  # symbols of the first frame gone at sample 0
    out = {}
    for frame in range(int(begin // FRAME_SYMBOLS), int((begin + seconds * SYMBOL_HZ) // FRAME_SYMBOLS) + 1):
        first = frame * FRAME_SYMBOLS - begin
        number = (cell.frame_number_at_start + frame) % HYPERFRAME
        channel = BLOCK_STARTS.get(number % 51)
        if channel is None or (cell.combined and channel is Channel.SHARED):
            continue
        if first >= 0 and first + _LAST_SYMBOL <= seconds * SYMBOL_HZ:
            out[number] = blocks_of(number // 51)[number % 51]
    return out


def _right(block: Block, sent: dict[int, bytes]) -> bool:
    octets = sent.get(block.frame_number)
    if octets is None:
        return False
    same = block.octets is None or block.octets == octets
    return same and block.digest4 == hashlib.sha256(octets).hexdigest()[:4]


def _on_time(on_air: OnAir, look: GsmLook, frame_number: int, sample: float) -> bool:
    cell = on_air.broadcast
    frames = (frame_number - cell.frame_number_at_start) % HYPERFRAME
    due_s = (frames * FRAME_SYMBOLS - cell.symbol_offset) / SYMBOL_HZ - on_air.start_s
    return abs((sample - look.first_sample) / look.rate_hz - due_s) < 40 / SYMBOL_HZ  # a clock 100 ppm off: 27 a second
