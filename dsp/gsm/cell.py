"""What a cell says, put together from several looks: no single look holds the whole BCCH cycle of 1.9 s."""

from collections import OrderedDict
from dataclasses import dataclass, field

from dsp.gsm.description import describe_cell
from dsp.gsm.errors import BlockRefused
from dsp.gsm.frame import schedule_position
from dsp.gsm.look import Block, GsmLook, Reception
from dsp.gsm.parts import clock_runs_on
from dsp.gsm.repeats import Repeats
from dsp.gsm.si4 import SystemInformation4
from dsp.gsm.system_info import SystemInformation3, instance_of, read_system_information
from dsp.gsm.values import GsmCell, SystemInformation

MOST_CELLS = 1024
_MOST_CLOCKS = 4  # transmitters on one carrier with one BSIC
_MOST_KINDS = 32
_SAYS_WHO = ("si3", "si4")
_SAME_CARRIER_HZ = 50e3


@dataclass(slots=True)
class _Remembered:
    """System Information of one cell as last heard, the identity it came with, and the cell's frame clock."""

    heard: Reception
    rate_hz: float
    messages: dict[tuple[str, int], SystemInformation] = field(default_factory=dict)
    lac: int | None = None
    ci: int | None = None


class CellMemory:
    """Remembers, per carrier, BSIC and frame clock, the System Information last heard there; forgets it when LAC or CI
    change.

    Where two transmitters share carrier and BSIC, their frame clocks tell them apart. The cells longest unheard are
    forgotten beyond MOST_CELLS.
    """

    def __init__(self) -> None:
        self._cells: OrderedDict[tuple[int, int], list[_Remembered]] = OrderedDict()
        self._repeats = Repeats()

    def describe(self, look: GsmLook) -> tuple[GsmCell, ...]:
        """One cell for each reception, in the same order; what is weak is added to its repeats in earlier looks."""
        look = self._repeats.add(look)
        keys = [(round(each.freq_hz / _SAME_CARRIER_HZ), each.bsic) for each in look.receptions]
        return tuple(
            self._describe(look, each, key, lone=keys.count(key) == 1)
            for each, key in zip(look.receptions, keys, strict=True)
        )

    def _describe(self, look: GsmLook, each: Reception, key: tuple[int, int], *, lone: bool) -> GsmCell:
        known = self._cells.pop(key, [])
        before = _recall(known, each, look.rate_hz, lone=lone)
        after = before or _Remembered(each, look.rate_hz)
        for block in each.blocks:
            if block.kind.startswith("si") and block.octets is not None:
                after = _remember(after, block.kind.removeprefix("si"), block.octets, block)
        after.heard, after.rate_hz = each, look.rate_hz
        others = [other for other in known if other is not before]
        self._cells[key] = [after, *others][:_MOST_CLOCKS]
        while len(self._cells) > MOST_CELLS:
            self._cells.popitem(last=False)
        return describe_cell(look, each, tuple(after.messages.values()))


def _recall(known: list[_Remembered], each: Reception, rate_hz: float, *, lone: bool) -> _Remembered | None:
    """The one whose frame clock runs on into this reception.

    A receiver's count of samples can jump, so a lone cell may be remembered without its phase; but only when it says
    in this very look who it is.
    """
    for one in known:
        if one.rate_hz == rate_hz and clock_runs_on(one.heard, each):
            return one
    says_who = any(block.kind in _SAYS_WHO for block in each.blocks)
    return known[0] if says_who and lone and len(known) == 1 else None


def _remember(before: _Remembered, kind: str, octets: bytes, block: Block) -> _Remembered:
    lac, ci = _identity(kind, octets)
    moved = _differ(before.lac, lac) or _differ(before.ci, ci)
    kept = _Remembered(before.heard, before.rate_hz) if moved else before
    kept.lac, kept.ci = lac if lac is not None else kept.lac, ci if ci is not None else kept.ci
    key = _key(kind, octets)
    known = kept.messages.pop(key, None)  # the latest heard stands last
    if known is None or known.hex != octets.hex():
        known = SystemInformation(kind=kind, hex=octets.hex(), times=0)
    if known.times or len(kept.messages) < _MOST_KINDS:
        seen = tuple(sorted({*known.tc_seen, schedule_position(block.frame_number)}))
        kept.messages[key] = SystemInformation(kind=kind, hex=known.hex, times=known.times + 1, tc_seen=seen)
    return kept


def _key(kind: str, octets: bytes) -> tuple[str, int]:
    """Parts of one message are remembered side by side."""
    try:
        return kind, instance_of(kind, octets)
    except BlockRefused:
        return kind, 0


def _identity(kind: str, octets: bytes) -> tuple[int | None, int | None]:
    try:
        fields = read_system_information(kind, octets)
    except BlockRefused:
        return None, None
    if isinstance(fields, SystemInformation3):
        return fields.area.lac, fields.ci
    return (fields.area.lac if isinstance(fields, SystemInformation4) else None), None


def _differ(one: int | None, other: int | None) -> bool:
    return one is not None and other is not None and one != other
