"""The bursts of a downlink carrier (3GPP TS 45.002 §5.2), 148 bits each."""

import numpy as np
from numpy.typing import NDArray

from recordings.gsm.coding import Bits, code_sch

BURST_BITS = 148
FRAME_SYMBOLS = 1250
SLOT_START = (0, 157, 313, 469, 625, 782, 938, 1094)  # §5.2.2: 157 symbols in slots 0 and 4, 156 in the others
MULTIFRAME = 51
HYPERFRAME = 26 * 51 * 2048


def _bits(text: str) -> Bits:
    return np.frombuffer(text.replace(" ", "").encode(), np.uint8) - ord("0")


TRAINING = np.stack(
    [
        _bits("00100 1011100001000100 10111"),
        _bits("00101 1011101111000101 10111"),
        _bits("01000 0111011101001000 01110"),
        _bits("01000 1111011010001000 11110"),
        _bits("00011 0101110010000011 01011"),
        _bits("01001 1101011000001001 11010"),
        _bits("10100 1111101100010100 11111"),
        _bits("11101 1110001001011101 11100"),
    ]
)  # §5.2.3, normal bursts, by training sequence code
SCH_TRAINING = _bits("1011100101100010000001000000111100101101010001010111011000011011")  # §5.2.5
FCCH: Bits = np.zeros(BURST_BITS, np.uint8)  # §5.2.4
DUMMY: Bits = np.concatenate(
    [
        np.zeros(3, np.uint8),
        _bits(
            "1111101101110110000010100100111000001001000100000001111100011100"
            "010111000101110001010111010010100011001100111001111010011111000100101111101010"
        ),
        np.zeros(3, np.uint8),
    ]
)  # §5.2.6


def normal_bursts(payload: Bits, tsc: int) -> Bits:
    """Payloads (..., 116) as normal bursts (..., 148)."""
    bursts = np.zeros((*payload.shape[:-1], BURST_BITS), np.uint8)
    bursts[..., 3:61] = payload[..., :58]
    bursts[..., 61:87] = TRAINING[tsc]
    bursts[..., 87:145] = payload[..., 58:]
    return bursts


def sch_bursts(bsic: int, frame_numbers: NDArray[np.int64]) -> Bits:
    """The synchronisation bursts (n, 148) of these frames."""
    coded = code_sch(sch_bits(bsic, frame_numbers))
    bursts = np.zeros((len(frame_numbers), BURST_BITS), np.uint8)
    bursts[:, 3:42] = coded[:, :39]
    bursts[:, 42:106] = SCH_TRAINING
    bursts[:, 106:145] = coded[:, 39:]
    return bursts


def sch_bits(bsic: int, frame_numbers: NDArray[np.int64]) -> Bits:
    """BSIC and reduced frame number (n, 25), 3GPP TS 44.018 §9.1.30.

    octet 1 BBBBBBTT  octet 2 TTTTTTTT  octet 3 TSSSSSRR  octet 4 .......R
    B = BSIC, T = T1, S = T2, R = T3'
    """
    fn = np.asarray(frame_numbers, np.int64)
    t1, t2, t3p = fn // (26 * 51) % 2048, fn % 26, (fn % 51 - 1) // 10
    word = ((np.int64(bsic) << 11 | t1) << 5 | t2) << 2 | t3p >> 1
    octets = np.stack([word >> 16, word >> 8, word, t3p & 1], axis=-1).astype(np.uint8)
    return np.unpackbits(octets, axis=-1, bitorder="little")[..., :25]
