"""The synchronisation channel: base station colour and frame number.

Coding: 3GPP TS 45.003 §4.7. Contents: 3GPP TS 44.018 §9.1.30.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dsp.gsm.convolution import decode, encode
from dsp.gsm.frame import SCH_FRAMES, frame_number_of

_PARITY = np.array([1, 0, 1, 0, 1, 1, 1, 0, 1, 0, 1], np.uint8)  # D¹⁰+D⁸+D⁶+D⁵+D⁴+D²+1
INFORMATION_BITS = 25


@dataclass(frozen=True, slots=True)
class SyncInformation:
    bsic: int
    frame_number: int


def _parity(bits: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Ten parity bits such that the whole word leaves remainder 1+D+…+D⁹. bits : (blocks, 25)."""
    work = np.concatenate([bits, np.zeros((len(bits), 10), np.uint8)], axis=1)
    for position in range(INFORMATION_BITS):
        work[:, position : position + 11] ^= work[:, position, None] * _PARITY
    return work[:, INFORMATION_BITS:] ^ np.uint8(1)


def decode_sync(soft: NDArray[np.float32]) -> list[SyncInformation | None]:
    """(bursts, 78) soft coded bits → what each burst says, None where the parity or a counter's range fails."""
    bits = decode(soft)
    good = (_parity(bits[:, :INFORMATION_BITS]) == bits[:, INFORMATION_BITS:35]).all(axis=1)
    return [_read(row) if fine else None for row, fine in zip(bits, good, strict=True)]


def encode_syncs(every: list[SyncInformation]) -> NDArray[np.uint8]:
    """(bursts, 78) the coded bits: what was sent, when what was read is right."""
    bits = np.zeros((len(every), 39), np.uint8)
    for row, information in zip(bits, every, strict=True):
        row[:INFORMATION_BITS] = _information_bits(information)
    bits[:, INFORMATION_BITS:35] = _parity(bits[:, :INFORMATION_BITS])
    return encode(bits)


def _information_bits(information: SyncInformation) -> list[int]:
    number = information.frame_number
    t3_coded = (number % 51 - 1) // 10
    fields = information.bsic << 19 | number // (26 * 51) << 8 | number % 26 << 3 | t3_coded
    octets = (fields >> 17 & 255, fields >> 9 & 255, fields >> 1 & 255, fields & 1)
    return [octets[k // 8] >> (k % 8) & 1 for k in range(INFORMATION_BITS)]


def _number(bits: NDArray[np.uint8], order: list[int]) -> int:
    return int("".join(str(int(bits[position])) for position in order), 2)


def _read(bits: NDArray[np.uint8]) -> SyncInformation | None:
    # octets, low bit first:  bbbbbbtt tttttttt tSSSSSkk k  (b BSIC, t T1, S T2, k T3')
    t1 = _number(bits, [1, 0, 15, 14, 13, 12, 11, 10, 9, 8, 23])
    t2 = _number(bits, [22, 21, 20, 19, 18])
    t3_coded = _number(bits, [17, 16, 24])
    if t2 >= 26 or t3_coded >= len(SCH_FRAMES):
        return None
    return SyncInformation(_number(bits, [7, 6, 5, 4, 3, 2]), frame_number_of(t1, t2, SCH_FRAMES[t3_coded]))
