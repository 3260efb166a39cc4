"""System Information 4, and 7, 8, 16 and 17 with more of its rest octets. 3GPP TS 44.018 §9.1.36, §9.1.41–43."""

from dataclasses import dataclass

from dsp.gsm.access import RandomAccess, read_access
from dsp.gsm.elements import CellSelection, read_selection
from dsp.gsm.errors import BeyondBlock, BlockRefused
from dsp.gsm.identity import LocationArea, read_area
from dsp.gsm.rest_octets import (
    LocalServiceAreas,
    MoreRestOctets4,
    RestOctets4,
    read_both_parts_4,
    read_rest_4,
    read_rest_16,
    read_second_part_4,
)

_CBCH_CHANNEL, _CBCH_HOPPING = 0x64, 0x72
_PLAIN = 12  # pseudo length of a System Information 4 without cell broadcast channel


@dataclass(frozen=True, slots=True)
class SystemInformation4:
    area: LocationArea
    selection: CellSelection
    access: RandomAccess
    rest: RestOctets4 | None  # None: with ACS set System Information 7 and 8 rule
    cell_broadcast: bool


@dataclass(frozen=True, slots=True)
class SystemInformation7:
    """Or 8. It has one of two contents, and only ACS of System Information 3 and 4 tells which; so both are read.
    None: the octets cannot be that."""

    with_acs: RestOctets4 | None
    without_acs: MoreRestOctets4 | None


@dataclass(frozen=True, slots=True)
class SystemInformation16:
    """Or 17."""

    areas: LocalServiceAreas | None


def read_si4(octets: bytes) -> SystemInformation4:
    """§9.1.36: a cell broadcast channel (§10.5.2.5, §10.5.2.21), when there is one, stands before the rest octets."""
    at = _rest_of_si4(octets)
    selection = read_selection(octets[8:10])
    rest = None if selection.acs else read_rest_4(octets[at:])
    area, access = read_area(octets[3:8]), read_access(octets[10:13])
    return SystemInformation4(area, selection, access, rest, cell_broadcast=at > 1 + _PLAIN)


def _rest_of_si4(octets: bytes) -> int:
    """Where the rest octets begin. They may begin with the octet that announces a cell broadcast channel, so the
    pseudo length of a message without one is believed."""
    at = 1 + _PLAIN
    if octets[0] >> 2 == _PLAIN:
        return at
    if octets[at] == _CBCH_CHANNEL:
        at += 4
    if octets[at] == _CBCH_HOPPING:
        at += 2 + octets[at + 1]
    if at > len(octets):
        raise BeyondBlock(need=at, have=len(octets))
    return at


def read_si7(octets: bytes) -> SystemInformation7:
    """§9.1.41; and §9.1.42, System Information 8. Raises BeyondBlock when neither content fits."""
    with_acs = without_acs = None
    refused: BlockRefused | None = None
    try:
        with_acs = read_both_parts_4(octets[3:23])
    except BlockRefused as refusal:
        refused = refusal
    try:
        without_acs = read_second_part_4(octets[3:23])
    except BlockRefused:
        if refused is not None:
            raise refused from None
    return SystemInformation7(with_acs, without_acs)


def read_si16(octets: bytes) -> SystemInformation16:
    """§9.1.43d; and §9.1.43e, System Information 17."""
    return SystemInformation16(read_rest_16(octets[3:23]))
