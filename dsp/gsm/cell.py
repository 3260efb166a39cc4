"""What a cell says, put together from several looks: no single look holds the whole BCCH cycle of 1.9 s."""

from collections import OrderedDict
from dataclasses import dataclass, field

from dsp.gsm.description import describe_cell
from dsp.gsm.errors import BlockRefused
from dsp.gsm.frame import schedule_position
from dsp.gsm.look import Block, GsmLook, Reception
from dsp.gsm.system_info import SystemInformation3, SystemInformation4, read_system_information
from dsp.gsm.values import GsmCell, SystemInformation

MOST_CELLS = 1024
_MOST_KINDS = 32
_SAME_CARRIER_HZ = 50e3


@dataclass(slots=True)
class _Remembered:
    """System Information of one cell as last heard, and the identity it came with."""

    messages: dict[str, SystemInformation] = field(default_factory=dict)
    lac: int | None = None
    ci: int | None = None


class CellMemory:
    """Remembers, per carrier and BSIC, the System Information last heard there; forgets it when LAC or CI change.

    The cells longest unheard are forgotten beyond MOST_CELLS.
    """

    def __init__(self) -> None:
        self._cells: OrderedDict[tuple[int, int], _Remembered] = OrderedDict()

    def describe(self, look: GsmLook) -> tuple[GsmCell, ...]:
        """One cell for each reception, in the same order."""
        return tuple(self._describe(look, each) for each in look.receptions)

    def _describe(self, look: GsmLook, each: Reception) -> GsmCell:
        key = (round(each.freq_hz / _SAME_CARRIER_HZ), each.bsic)
        remembered = self._cells.pop(key, None) or _Remembered()
        for block in each.blocks:
            if block.kind.startswith("si") and block.octets is not None:
                remembered = _remember(remembered, block.kind.removeprefix("si"), block.octets, block)
        self._cells[key] = remembered
        while len(self._cells) > MOST_CELLS:
            self._cells.popitem(last=False)
        return describe_cell(look, each, tuple(remembered.messages.values()))


def _remember(before: _Remembered, kind: str, octets: bytes, block: Block) -> _Remembered:
    lac, ci = _identity(kind, octets)
    moved = _differ(before.lac, lac) or _differ(before.ci, ci)
    kept = _Remembered() if moved else before
    kept.lac, kept.ci = lac if lac is not None else kept.lac, ci if ci is not None else kept.ci
    known = kept.messages.get(kind)
    position = schedule_position(block.frame_number)
    if known is None or known.hex != octets.hex():
        known = SystemInformation(kind=kind, hex=octets.hex(), times=0)
    if known.times or len(kept.messages) < _MOST_KINDS:
        seen = tuple(sorted({*known.tc_seen, position}))
        kept.messages[kind] = SystemInformation(kind=kind, hex=known.hex, times=known.times + 1, tc_seen=seen)
    return kept


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
