"""Rest octets of System Information 3 and 4. 3GPP TS 44.018 §10.5.2.34 and §10.5.2.35; L and H after 3GPP TS 24.007.

Only choices marked L | H are read against the padding 0x2B; the bit fields behind an H are plain bits.
"""

from dataclasses import dataclass

from dsp.gsm.errors import BeyondBlock

_PADDING = 0x2B


class RestBits:
    """A reader of rest octets: remembers how far it has read."""

    def __init__(self, octets: bytes) -> None:
        self._bits = "".join(f"{octet:08b}" for octet in octets)
        self._padding = f"{_PADDING:08b}" * len(octets)
        self._at = 0

    def high(self) -> bool:
        """One L | H choice. Past the end everything is L."""
        at = self._at
        self._at += 1
        return at < len(self._bits) and self._bits[at] != self._padding[at]

    def field(self, bits: int) -> int:
        at = self._at
        self._at += bits
        if self._at > len(self._bits):
            raise BeyondBlock(need=-(-self._at // 8), have=len(self._bits) // 8)
        return int(self._bits[at : self._at], 2)


@dataclass(frozen=True, slots=True)
class SelectionParameters:
    """As coded. 3GPP TS 45.008 §6.4 tells what the phone makes of them."""

    cbq: bool
    cell_reselect_offset: int  # 2 dB steps
    temporary_offset: int  # 10 dB steps, 7 is infinity
    penalty_time: int  # 31 turns the sign of the reselect offset


@dataclass(frozen=True, slots=True)
class RestOctets3:
    selection: SelectionParameters | None
    power_offset: int | None  # 2 dB steps
    si2ter: bool
    early_classmark: bool
    scheduling: int | None  # where System Information 9 is
    gprs_ra_colour: int | None  # None: no GPRS indicator
    si13_extended: bool | None
    early_classmark_3g_restricted: bool
    si2quater: bool


@dataclass(frozen=True, slots=True)
class RestOctets4:
    selection: SelectionParameters | None
    power_offset: int | None
    gprs_ra_colour: int | None


def read_rest_3(octets: bytes) -> RestOctets3:
    bits = RestBits(octets)
    selection, power_offset = _selection(bits), _power_offset(bits)
    si2ter, early = bits.high(), bits.high()
    scheduling = bits.field(3) if bits.high() else None
    colour, extended = (bits.field(3), bool(bits.field(1))) if bits.high() else (None, None)
    restricted, si2quater = bits.high(), bits.high()
    return RestOctets3(selection, power_offset, si2ter, early, scheduling, colour, extended, restricted, si2quater)


def read_rest_4(octets: bytes) -> RestOctets4:
    bits = RestBits(octets)
    selection, power_offset = _selection(bits), _power_offset(bits)
    return RestOctets4(selection, power_offset, bits.field(3) if bits.high() else None)


def _selection(bits: RestBits) -> SelectionParameters | None:
    if not bits.high():
        return None
    return SelectionParameters(bool(bits.field(1)), bits.field(6), bits.field(3), bits.field(5))


def _power_offset(bits: RestBits) -> int | None:
    return bits.field(2) if bits.high() else None
