"""System Information messages, field by field. 3GPP TS 44.018 §9.1.31–43; the clause of each element stands with it.

A reserved code reads as None, and the field's comment says so; where what follows cannot be read without its meaning,
the message is refused. docs/gsm_fields.md has the table of all of them.
"""

from collections.abc import Callable
from dataclasses import dataclass

from dsp.gsm.access import RandomAccess, read_access
from dsp.gsm.elements import CellOptions, CellSelection, ControlChannel, read_control, read_options, read_selection
from dsp.gsm.errors import BeyondBlock
from dsp.gsm.frequency_list import cell_channels, neighbour_channels_2
from dsp.gsm.identity import LocationArea, read_area
from dsp.gsm.message import BLOCK_OCTETS
from dsp.gsm.rest_octets import RestOctets1, RestOctets3, read_rest_1, read_rest_3
from dsp.gsm.si2quater import SystemInformation2quater, read_si2quater
from dsp.gsm.si4 import (
    SystemInformation4,
    SystemInformation7,
    SystemInformation16,
    read_si4,
    read_si7,
    read_si16,
)
from dsp.gsm.si9 import SystemInformation9, read_si9
from dsp.gsm.si13 import SystemInformation13, read_si13
from dsp.gsm.utran import RestOctets2ter, read_rest_2ter


@dataclass(frozen=True, slots=True)
class SystemInformation1:
    cell_arfcns: tuple[int, ...]
    access: RandomAccess
    rest: RestOctets1


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Of System Information 2, 2bis or 2ter. `part`: the list goes on in another message (EXT-IND)."""

    arfcns: tuple[int, ...]
    part: bool
    ba_ind: int
    ncc_permitted: int | None = None
    access: RandomAccess | None = None
    multiband_reporting: int | None = None  # System Information 2ter only
    rest: RestOctets2ter | None = None  # of System Information 2ter, where they carry something


@dataclass(frozen=True, slots=True)
class SystemInformation3:
    ci: int
    area: LocationArea
    control: ControlChannel
    options: CellOptions
    selection: CellSelection
    access: RandomAccess
    rest: RestOctets3


def read_si1(octets: bytes) -> SystemInformation1:
    """§9.1.31; cell channel description §10.5.2.1b."""
    return SystemInformation1(cell_channels(octets[3:19]), read_access(octets[19:22]), read_rest_1(octets[22:23]))


def read_si2(octets: bytes) -> Neighbours:
    """§9.1.32; neighbour cell description §10.5.2.22, NCC permitted §10.5.2.27."""
    arfcns = cell_channels(octets[3:19])
    return Neighbours(arfcns, bool(octets[3] & 0x20), octets[3] >> 4 & 1, octets[19], read_access(octets[20:23]))


def read_si2bis(octets: bytes) -> Neighbours:
    """§9.1.33. Its rest octet is always padding."""
    arfcns = cell_channels(octets[3:19])
    return Neighbours(arfcns, bool(octets[3] & 0x20), octets[3] >> 4 & 1, access=read_access(octets[19:22]))


def read_si2ter(octets: bytes) -> Neighbours:
    """§9.1.34; neighbour cell description 2, §10.5.2.22a."""
    return Neighbours(
        neighbour_channels_2(octets[3:19]),
        part=True,
        ba_ind=octets[3] >> 4 & 1,
        multiband_reporting=octets[3] >> 5 & 3,
        rest=read_rest_2ter(octets[19:23]),
    )


def read_si3(octets: bytes) -> SystemInformation3:
    """§9.1.35."""
    return SystemInformation3(
        ci=int.from_bytes(octets[3:5], "big"),
        area=read_area(octets[5:10]),
        control=read_control(octets[10:13]),
        options=read_options(octets[13]),
        selection=read_selection(octets[14:16]),
        access=read_access(octets[16:19]),
        rest=read_rest_3(octets[19:23]),
    )


SystemInformationFields = (
    SystemInformation1
    | Neighbours
    | SystemInformation2quater
    | SystemInformation3
    | SystemInformation4
    | SystemInformation7
    | SystemInformation9
    | SystemInformation13
    | SystemInformation16
)
_READERS: dict[str, Callable[[bytes], SystemInformationFields | None]] = {
    "1": read_si1,
    "2": read_si2,
    "2bis": read_si2bis,
    "2ter": read_si2ter,
    "2quater": read_si2quater,
    "3": read_si3,
    "4": read_si4,
    "7": read_si7,
    "8": read_si7,
    "9": read_si9,
    "13": read_si13,
    "16": read_si16,
    "17": read_si16,
}


def read_system_information(kind: str, octets: bytes) -> SystemInformationFields | None:
    """Fields of one message; None for those of which only the presence counts. Raises BlockRefused."""
    reader = _READERS.get(kind)
    if reader is None:
        return None
    if len(octets) < BLOCK_OCTETS:
        raise BeyondBlock(need=BLOCK_OCTETS, have=len(octets))
    return reader(octets)


def instance_of(kind: str, octets: bytes) -> int:
    """Which part this is of a message sent in several; 0 of all others. Raises BlockRefused."""
    fields = read_system_information(kind, octets)
    if isinstance(fields, SystemInformation2quater):
        return fields.index
    if isinstance(fields, Neighbours) and fields.rest is not None:
        return fields.rest.index
    return 0
