"""System Information messages as 23-octet blocks (3GPP TS 44.018 §9.1.31 to §9.1.43a).

octet 1 LLLLLL01  octet 2 00000110  octet 3 TTTTTTTT
L = pseudo length, T = message type; protocol discriminator 6 is radio resource management.
"""

from collections.abc import Callable

from recordings.gsm import elements, rest_octets
from recordings.gsm.field import block, given_block
from recordings.gsm.spec import GsmBroadcast
from recordings.transmitter import FieldOutOfRange

RADIO_RESOURCE = 0x06


def message(pseudo_length: int, message_type: int, *parts: bytes) -> bytes:
    """A radio resource message as one block: header, parts, padding."""
    return block(bytes([pseudo_length << 2 | 1, RADIO_RESOURCE, message_type]) + b"".join(parts))


def si1(cell: GsmBroadcast) -> bytes:
    return message(21, 0x19, elements.cell_channels(cell), elements.random_access(cell), rest_octets.si1(cell))


def si2(cell: GsmBroadcast) -> bytes:
    parts = elements.neighbours(cell), elements.ncc_permitted(cell), elements.random_access(cell)
    return message(22, 0x1A, *parts)


def si2bis(cell: GsmBroadcast) -> bytes:
    return message(21, 0x02, elements.neighbours_2bis(cell), elements.random_access(cell))


def si2ter(cell: GsmBroadcast) -> bytes:
    return message(cell.si2ter_pseudo_length, 0x03, elements.neighbours_2ter(cell))


def si2quater(cell: GsmBroadcast) -> bytes:
    if cell.si2quater is None:
        raise FieldOutOfRange(field="schedule", value="2quater", allowed="+ [si2quater]")
    return message(1, 0x07, rest_octets.si2quater(cell, cell.si2quater))


def si3(cell: GsmBroadcast) -> bytes:
    identity = elements.cell_identity(cell), elements.location_area(cell)
    control = elements.control_channel(cell), elements.cell_options(cell)
    access = elements.cell_selection(cell), elements.random_access(cell), rest_octets.si3(cell)
    return message(18, 0x1B, *identity, *control, *access)


def si4(cell: GsmBroadcast) -> bytes:
    parts = elements.location_area(cell), elements.cell_selection(cell), elements.random_access(cell)
    broadcast = elements.cell_broadcast(cell) if cell.cbch else b""
    return message(12 + len(broadcast), 0x1C, *parts, broadcast, rest_octets.si4(cell, octets=10 - len(broadcast)))


def si13(cell: GsmBroadcast) -> bytes:
    if cell.gprs is None:
        raise FieldOutOfRange(field="schedule", value="13", allowed="+ [gprs]")
    return message(0, 0x00, rest_octets.si13(cell.gprs))


def si5(cell: GsmBroadcast) -> bytes:
    """On the SACCH: a layer 1 header, a layer 2 header, then the message (3GPP TS 44.004 §7, 44.006)."""
    return _slow_associated(cell, message(18, 0x1D, elements.neighbours(cell)))


def si6(cell: GsmBroadcast) -> bytes:
    identity = elements.cell_identity(cell), elements.location_area(cell)
    return _slow_associated(
        cell, message(11, 0x1E, *identity, elements.cell_options(cell), elements.ncc_permitted(cell))
    )


def _slow_associated(cell: GsmBroadcast, content: bytes) -> bytes:
    return (bytes([cell.ms_txpwr_max_cch, 0x00, 0x03, 0x03]) + content)[:23]


KINDS: dict[str, Callable[[GsmBroadcast], bytes]] = {
    "1": si1,
    "2": si2,
    "2bis": si2bis,
    "2ter": si2ter,
    "2quater": si2quater,
    "3": si3,
    "4": si4,
    "13": si13,
    "5": si5,
    "6": si6,
}


def system_information(cell: GsmBroadcast, kind: str) -> bytes:
    """The 23 octets of one kind: those given raw, else from the fields. Raises BroadcastError."""
    if kind in cell.raw:
        return given_block(f"raw.{kind}", cell.raw[kind])
    if kind not in KINDS:
        raise FieldOutOfRange(field="schedule", value=kind, allowed=", ".join(KINDS))
    return KINDS[kind](cell)
