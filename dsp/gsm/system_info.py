"""System Information messages, field by field. 3GPP TS 44.018 §9.1.31–43; the clause of each element stands with it.

A reserved code reads as None, and the field's comment says so; where what follows cannot be read without its meaning,
the message is refused. docs/gsm_fields.md has the table of all of them.
"""

from collections.abc import Callable
from dataclasses import dataclass

from dsp.gsm.access import RandomAccess, read_access
from dsp.gsm.errors import BeyondBlock, BlockRefused
from dsp.gsm.frequency_list import cell_channels, neighbour_channels_2
from dsp.gsm.identity import LocationArea, read_area
from dsp.gsm.message import BLOCK_OCTETS
from dsp.gsm.rest_octets import (
    LocalServiceAreas,
    MoreRestOctets4,
    RestOctets1,
    RestOctets3,
    RestOctets4,
    read_both_parts_4,
    read_rest_1,
    read_rest_3,
    read_rest_4,
    read_rest_16,
    read_second_part_4,
)
from dsp.gsm.si2quater import SystemInformation2quater, read_si2quater
from dsp.gsm.si9 import SystemInformation9, read_si9
from dsp.gsm.si13 import SystemInformation13, read_si13
from dsp.gsm.utran import RestOctets2ter, read_rest_2ter

_CBCH_CHANNEL, _CBCH_HOPPING = 0x64, 0x72
_SI4_PLAIN = 12  # pseudo length of a System Information 4 without cell broadcast channel
_RESERVED_CCCH_CONF = (3, 5, 7)
_RESERVED_DTX = 3
_MOST_RESERVED_COMBINED = 2  # access grant blocks of a combined cell, which has three blocks in all


@dataclass(frozen=True, slots=True)
class CellSelection:
    """Cell selection parameters, §10.5.2.4."""

    cell_reselect_hysteresis_db: int
    ms_txpwr_max_cch: int
    acs: bool
    neci: bool
    rxlev_access_min: int


@dataclass(frozen=True, slots=True)
class ControlChannel:
    """Control channel description, §10.5.2.11."""

    mscr: bool
    att: bool
    bs_ag_blks_res: int | None  # None: reserved, more than a combined cell can have
    ccch_conf: int | None  # None: reserved
    bs_pa_mfrms: int  # as meant, 2–9
    t3212: int


@dataclass(frozen=True, slots=True)
class CellOptions:
    """Cell options (BCCH), §10.5.2.3."""

    pwrc: bool
    dtx: int | None  # None: reserved
    radio_link_timeout: int


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
        control=_control(octets[10:13]),
        options=_options(octets[13]),
        selection=_selection(octets[14:16]),
        access=read_access(octets[16:19]),
        rest=read_rest_3(octets[19:23]),
    )


def read_si4(octets: bytes) -> SystemInformation4:
    """§9.1.36: a cell broadcast channel (§10.5.2.5, §10.5.2.21), when there is one, stands before the rest octets."""
    at = _rest_of_si4(octets)
    selection = _selection(octets[8:10])
    rest = None if selection.acs else read_rest_4(octets[at:])
    area, access = read_area(octets[3:8]), read_access(octets[10:13])
    return SystemInformation4(area, selection, access, rest, cell_broadcast=at > 1 + _SI4_PLAIN)


def _rest_of_si4(octets: bytes) -> int:
    """Where the rest octets begin. They may begin with the octet that announces a cell broadcast channel, so the
    pseudo length of a message without one is believed."""
    at = 1 + _SI4_PLAIN
    if octets[0] >> 2 == _SI4_PLAIN:
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


def _selection(octets: bytes) -> CellSelection:
    # hhhppppp anrrrrrr   h hysteresis, p power, a ACS, n NECI, r RXLEV
    return CellSelection(
        cell_reselect_hysteresis_db=2 * (octets[0] >> 5),
        ms_txpwr_max_cch=octets[0] & 31,
        acs=bool(octets[1] & 0x80),
        neci=bool(octets[1] & 0x40),
        rxlev_access_min=octets[1] & 63,
    )


def _control(octets: bytes) -> ControlChannel:
    # magggccc -qq--ppp tttttttt   m MSCR, a ATT, g access grant blocks, c CCCH configuration, q CBQ3, p paging, t T3212
    configuration, reserved_blocks = octets[0] & 7, octets[0] >> 3 & 7
    too_many = configuration == 1 and reserved_blocks > _MOST_RESERVED_COMBINED
    return ControlChannel(
        mscr=bool(octets[0] & 0x80),
        att=bool(octets[0] & 0x40),
        bs_ag_blks_res=None if too_many else reserved_blocks,
        ccch_conf=None if configuration in _RESERVED_CCCH_CONF else configuration,
        bs_pa_mfrms=(octets[1] & 7) + 2,
        t3212=octets[2],
    )


def _options(octet: int) -> CellOptions:
    # -pddtttt   p PWRC, d DTX, t radio link timeout
    dtx = octet >> 4 & 3
    return CellOptions(bool(octet & 0x40), None if dtx == _RESERVED_DTX else dtx, octet & 15)


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
