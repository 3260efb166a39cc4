"""What kind of message a block of the common channels is. 3GPP TS 44.006 §6 (formats), 44.018 §10.1 and §10.4.

The trap: the third octet alone tells nothing. A block is a radio resource message only when its first octet is an
L2 pseudo length and its second the protocol discriminator of radio resource management.

The trap behind it: a slow associated channel begins with the ordered power and the timing advance (44.004 §7.1). A
phone at a timing advance of 6 makes `05 06 03 03 …`: a pseudo length, the right discriminator and the type of System
Information 2ter. What follows tells them apart. Messages are recognised alike on BCCH, extended BCCH and CCCH.
"""

from dsp.gsm.errors import BeyondBlock, NotAPseudoLength, SlowAssociated, UnknownMessage, WrongProtocol

BLOCK_OCTETS = 23
RADIO_RESOURCE = 0x06  # skip indicator 0
FILL = "fill"
PAGING_1, PAGING_2, PAGING_3 = "paging1", "paging2", "paging3"
ASSIGNMENT, ASSIGNMENT_EXTENDED, ASSIGNMENT_REJECT = "assignment", "assignment_extended", "assignment_reject"
NOTIFICATION = "notification"  # of group calls, on the NCH among the CCCH blocks
ABOUT_SUBSCRIBERS = frozenset(
    {PAGING_1, PAGING_2, PAGING_3, ASSIGNMENT, ASSIGNMENT_EXTENDED, ASSIGNMENT_REJECT, NOTIFICATION}
)  # of these no octet is kept

SYSTEM_INFORMATION = {
    0x18: "8",
    0x19: "1",
    0x1A: "2",
    0x1B: "3",
    0x1C: "4",
    0x1D: "5",
    0x1E: "6",
    0x1F: "7",
    0x00: "13",
    0x02: "2bis",
    0x03: "2ter",
    0x04: "9",
    0x05: "5bis",
    0x06: "5ter",
    0x07: "2quater",
    0x3D: "16",
    0x3E: "17",
    0x40: "18",
    0x41: "19",
    0x42: "20",
    0x43: "15",
    0x44: "13alt",
    0x45: "2n",
    0x46: "21",
    0x47: "22",
    0x4F: "23",
}
_OTHERS = {
    0x20: NOTIFICATION,
    0x21: PAGING_1,
    0x22: PAGING_2,
    0x24: PAGING_3,
    0x3F: ASSIGNMENT,
    0x39: ASSIGNMENT_EXTENDED,
    0x3A: ASSIGNMENT_REJECT,
}
EMPTY_PSEUDO = bytes([0x01]) + bytes([0x2B]) * 22
_EMPTY_UI = bytes([0x03, 0x03, 0x01]) + bytes([0x2B]) * 20
_EMPTY_OLD = bytes([0x2B]) * 23
_UNNUMBERED = b"\x03\x03"  # address of SAPI 0, unnumbered information: 44.006 §3


def is_fill(octets: bytes) -> bool:
    """Blocks sent because something must be sent. Three kinds are on the air."""
    return octets in (EMPTY_PSEUDO, _EMPTY_UI, _EMPTY_OLD)


def is_slow_associated(octets: bytes) -> bool:
    """Layer 2 of a slow associated channel at its place: two octets of layer 1, an unnumbered frame on SAPI 0, and in
    it a radio resource message or nothing. A frequency list that reads so comes once in 10⁹."""
    if octets[2:4] != _UNNUMBERED or octets[4] & 0b11 != 0b01:
        return False
    return octets[5] == RADIO_RESOURCE or (octets[4] == 0x01 and set(octets[5:]) == {0x2B})


def message_kind(octets: bytes) -> str:
    """Name of a block: "fill", "paging1"…, "assignment"…, or "si" and the number of a System Information.

    Raises BeyondBlock, NotAPseudoLength, WrongProtocol, SlowAssociated, UnknownMessage.
    """
    if is_fill(octets):
        return FILL
    if len(octets) != BLOCK_OCTETS:
        raise BeyondBlock(need=BLOCK_OCTETS, have=len(octets))
    if octets[0] & 0b11 != 0b01 or octets[0] >> 2 >= BLOCK_OCTETS:
        raise NotAPseudoLength(octet=octets[0])
    if octets[1] != RADIO_RESOURCE:
        raise WrongProtocol(discriminator=octets[1])
    if is_slow_associated(octets):
        raise SlowAssociated(message_type=octets[2])
    if octets[2] in SYSTEM_INFORMATION:
        return "si" + SYSTEM_INFORMATION[octets[2]]
    if octets[2] not in _OTHERS:
        raise UnknownMessage(message_type=octets[2])
    return _OTHERS[octets[2]]
