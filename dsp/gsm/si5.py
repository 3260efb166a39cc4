"""System Information 5, 5bis, 5ter and 6: what a cell says on the slow associated channel to phones in a call.

3GPP TS 44.018 §9.1.37–40, §10.5.2.3 (cell options, SACCH), §10.5.2.35a (SI6 rest octets); 44.004 §7.1 and 44.006 §2
(the two octets of layer 1 and three of layer 2 before the message). The receiver never decodes that channel; this
reads octets that somebody gives.
"""

from dataclasses import dataclass

from dsp.gsm.errors import BeyondBlock, NotAPseudoLength, UnknownMessage, WrongProtocol
from dsp.gsm.frequency_list import cell_channels, neighbour_channels_2
from dsp.gsm.identity import LocationArea, read_area
from dsp.gsm.rest_bits import RestBits

RADIO_RESOURCE = 0x06
SACCH_TYPES = {0x1D: "5", 0x05: "5bis", 0x06: "5ter", 0x1E: "6"}
_LAYER_1_OCTETS = 2  # ordered power, timing advance
_UNNUMBERED = b"\x03\x03"  # address of SAPI 0, unnumbered information
_MESSAGE_OCTETS = 19  # at most
_LEAST_OCTETS = {"5": 19, "5bis": 19, "5ter": 19, "6": 12}


@dataclass(frozen=True, slots=True)
class NeighboursInCall:
    """Of System Information 5, 5bis or 5ter. `part`: the list goes on in another message."""

    arfcns: tuple[int, ...]
    part: bool
    ba_ind: int


@dataclass(frozen=True, slots=True)
class SystemInformation6:
    ci: int
    area: LocationArea
    pwrc: bool
    dtx: int  # as coded with its third bit, 0–7
    radio_link_timeout: int
    ncc_permitted: int
    dtm_rac: int | None  # of a cell with dual transfer mode
    band_indicator: str | None  # None: the message ends before it


def read_slow_associated(block: bytes) -> tuple[str, NeighboursInCall | SystemInformation6]:
    """Kind and fields of a block of 23 octets of that channel. Raises BlockRefused."""
    message = slow_associated_message(block)
    kind = SACCH_TYPES[message[2]]
    return kind, read_sacch_message(kind, message)


def slow_associated_message(block: bytes) -> bytes:
    """The message, from its pseudo length on. Raises NotAPseudoLength, WrongProtocol, UnknownMessage."""
    layer_2, message = block[_LAYER_1_OCTETS : _LAYER_1_OCTETS + 2], block[_LAYER_1_OCTETS + 2 :]
    if len(message) < 3:
        raise BeyondBlock(need=_LAYER_1_OCTETS + 5, have=len(block))
    if layer_2 != _UNNUMBERED or message[0] & 0b11 != 0b01 or message[0] >> 2 >= _MESSAGE_OCTETS:
        raise NotAPseudoLength(octet=message[0])
    if message[1] != RADIO_RESOURCE:
        raise WrongProtocol(discriminator=message[1])
    if message[2] not in SACCH_TYPES:
        raise UnknownMessage(message_type=message[2])
    return message


def read_sacch_message(kind: str, message: bytes) -> NeighboursInCall | SystemInformation6:
    """Of a message from its pseudo length on. Raises BeyondBlock, UnknownListFormat."""
    if len(message) < _LEAST_OCTETS[kind]:
        raise BeyondBlock(need=_LEAST_OCTETS[kind], have=len(message))
    if kind == "6":
        return _si6(message)
    read = neighbour_channels_2 if kind == "5ter" else cell_channels
    part = kind == "5ter" or bool(message[3] & 0x20)
    return NeighboursInCall(read(message[3:19]), part, message[3] >> 4 & 1)


def _si6(message: bytes) -> SystemInformation6:
    # octet 10  xpddtttt   x third bit of DTX, p PWRC, d DTX, t radio link timeout
    options = message[10]
    rac, band = _rest_6(message[12:])
    return SystemInformation6(
        ci=int.from_bytes(message[3:5], "big"),
        area=read_area(message[5:10]),
        pwrc=bool(options & 0x40),
        dtx=options >> 5 & 4 | options >> 4 & 3,
        radio_link_timeout=options & 15,
        ncc_permitted=message[11],
        dtm_rac=rac,
        band_indicator=band,
    )


def _rest_6(octets: bytes) -> tuple[int | None, str | None]:
    if not octets:
        return None, None
    bits = RestBits(octets)
    if bits.high():  # paging and notification channels
        bits.skip(1 + 2)
        bits.optional_field(3)
        bits.skip(1)
    if bits.high():
        bits.skip(2)  # VBS and VGCS options
    rac = bits.field(8 + 3) >> 3 if bits.high() else None
    return rac, "1900" if bits.high() else "1800"
