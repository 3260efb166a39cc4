"""System Information 9: where another message comes on the BCCH. 3GPP TS 44.018 §9.1.43, §10.5.2.37a.

Only the first entry of the schedule is read: how further places of one entry are told from the next entry differs
between editions of the standard.
"""

from dataclasses import dataclass

from dsp.gsm.access import RandomAccess, read_access
from dsp.gsm.rest_bits import RestBits


@dataclass(frozen=True, slots=True)
class Scheduled:
    info_type: tuple[int, int]  # bits of the code, and the code
    modulus: int  # as coded; 0: wherever the kind of BCCH comes
    position: int | None  # within the modulus
    extended_bcch: bool


@dataclass(frozen=True, slots=True)
class SystemInformation9:
    access: RandomAccess
    first: Scheduled | None  # None: nothing is scheduled


def read_si9(octets: bytes) -> SystemInformation9:
    """Raises BeyondBlock."""
    bits = RestBits(octets[6:23])
    return SystemInformation9(read_access(octets[3:6]), _scheduled(bits) if bits.high() else None)


def _scheduled(bits: RestBits) -> Scheduled:
    # 0 tttt | 10 ttttt | 11 tttttt
    width = 4 if not bits.one() else 6 if bits.one() else 5
    info_type, modulus = (width, bits.field(width)), bits.field(4)
    position = bits.field(1 + modulus) if modulus else None
    return Scheduled(info_type, modulus, position, bits.one())
