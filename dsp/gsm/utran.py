"""UTRAN neighbours in rest octets. 3GPP TS 44.018 §10.5.2.33a (SI2ter), §10.5.2.33b (SI2quater), table 9.1.54.1.

Of each carrier the UARFCN is kept; the scrambling codes behind it are stepped over.
"""

from dataclasses import dataclass

from dsp.gsm.errors import ReservedCode
from dsp.gsm.rest_bits import RestBits

# bits of the cell information for so many cells: p(n) and q(n)
_FDD_BITS = (0, 10, 19, 28, 36, 44, 52, 60, 67, 74, 81, 88, 95, 102, 109, 116, 122)
_TDD_BITS = (0, 9, 17, 25, 32, 39, 46, 53, 59, 65, 71, 77, 83, 89, 95, 101, 106, 111, 116, 121, 126)
_CARRIER_ALONE = 31  # measure the carrier's power only; no cell information follows


@dataclass(frozen=True, slots=True)
class UtranNeighbours:
    fdd: tuple[int, ...] = ()  # UARFCN, as listed
    tdd: tuple[int, ...] = ()
    index_start_3g: int | None = None


@dataclass(frozen=True, slots=True)
class RestOctets2ter:
    """Sent in parts: index of count."""

    index: int
    count: int
    utran: UtranNeighbours


def read_neighbours(bits: RestBits) -> UtranNeighbours:
    """3G Neighbour Cell Description struct. Raises ReservedCode, BeyondBlock."""
    index_start = bits.optional_field(7)
    bits.optional_field(7)  # Absolute_Index_Start_EMR
    fdd = bits.optional(lambda rest: _carriers(rest, "NR_OF_FDD_CELLS", _FDD_BITS)) or ()
    tdd = bits.optional(lambda rest: _carriers(rest, "NR_OF_TDD_CELLS", _TDD_BITS)) or ()
    return UtranNeighbours(fdd, tdd, index_start)


def read_rest_2ter(octets: bytes) -> RestOctets2ter | None:
    """None where they are empty: L. Raises ReservedCode, BeyondBlock."""
    bits = RestBits(octets)
    if not bits.high():
        return None
    bits.skip(2)  # change marks
    index, count = bits.field(3), bits.field(3)
    if index > count:
        raise ReservedCode(field="SI2ter_INDEX beyond SI2ter_COUNT", value=index)
    fdd = bits.optional(lambda rest: _lone_carrier(rest, "UTRAN FDD Description"))
    tdd = bits.optional(lambda rest: _lone_carrier(rest, "UTRAN TDD Description"))
    lists = (() if fdd is None else (fdd,), () if tdd is None else (tdd,))
    return RestOctets2ter(index, count, UtranNeighbours(*lists))


def _carriers(bits: RestBits, field: str, information_bits: tuple[int, ...]) -> tuple[int, ...]:
    bits.optional_field(3)  # bandwidth
    return bits.repeated(lambda rest: _carrier(rest, field, information_bits))


def _carrier(bits: RestBits, field: str, information_bits: tuple[int, ...]) -> int:
    if bits.one():  # used in an early edition, otherwise
        raise ReservedCode(field="repeated UTRAN neighbour cells", value=1)
    uarfcn = bits.field(14)
    bits.skip(1)  # whether scrambling code 0 belongs to it
    cells = bits.field(5)
    if cells >= len(information_bits) and cells != _CARRIER_ALONE:
        raise ReservedCode(field=field, value=cells)
    bits.skip(0 if cells == _CARRIER_ALONE else information_bits[cells])
    return uarfcn


def _lone_carrier(bits: RestBits, field: str) -> int:
    form = bits.field(2)
    if form != 0b01:  # 00, 10 and 11 were used in an early edition, otherwise
        raise ReservedCode(field=field, value=form)
    uarfcn = bits.field(14)
    bits.optional_field(3)  # bandwidth
    return uarfcn
