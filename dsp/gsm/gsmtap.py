"""A broadcast block as a GSMTAP datagram, which Wireshark decodes. Version 2, as libosmocore's gsmtap.h lays it out.

Only what a cell says to everybody is sent: System Information, on whichever channel it came. Of paging and assignments
the decoder keeps no octet, and a datagram with made-up ones would show a message that nobody sent: they are left out.
Empty blocks say nothing and are left out too.
"""

import struct

from dsp.gsm.frame import Channel
from dsp.gsm.look import Block, Reception
from dsp.gsm.message import FILL

GSMTAP_PORT = 4729
ARFCN_UNKNOWN = 0x3FFF  # no channel has it; the format knows no other way to say so
DBM_UNKNOWN = 0  # no receiver survives it; the format knows no other way to say so
_VERSION, _WORDS, _UM = 2, 4, 1
_SUB_TYPES = {Channel.BCCH: 1, Channel.CCCH: 2}
_PCS = 0x8000  # flag: 512–810 are channels of 1900 MHz
_PCS_FROM_HZ = 1900e6
# version, length in words of 32 bits, type, timeslot, ARFCN, dBm, dB, frame number, sub-type, antenna, sub-slot, spare
_HEADER = struct.Struct(">BBBBHbbIBBBB")


def is_broadcast(block: Block) -> bool:
    """Whether the block is one that is sent: its octets were kept, and say something."""
    return block.octets is not None and block.kind != FILL and block.channel in _SUB_TYPES


def gsmtap_packet(block: Block, of: Reception, *, level_dbm: float | None = None) -> bytes | None:
    """Header and the 23 octets of a block of this reception; None for what is not broadcast.

    level_dbm : at the antenna; None: not calibrated, written as DBM_UNKNOWN.
    """
    if block.octets is None or not is_broadcast(block):
        return None
    header = _HEADER.pack(
        _VERSION,
        _WORDS,
        _UM,
        block.timeslot,
        _channel_number(of),
        DBM_UNKNOWN if level_dbm is None else _signed_octet(level_dbm),
        _signed_octet(of.cnr_db),
        block.frame_number,
        _SUB_TYPES[block.channel],
        0,
        0,
        0,
    )
    return header + block.octets


def _channel_number(of: Reception) -> int:
    if of.arfcn is None:
        return ARFCN_UNKNOWN
    return of.arfcn | (_PCS if of.freq_hz >= _PCS_FROM_HZ and 512 <= of.arfcn <= 810 else 0)


def _signed_octet(value: float) -> int:
    return min(max(round(value), -128), 127)
