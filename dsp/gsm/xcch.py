"""Blocks of the broadcast and common control channels: four bursts → 23 octets.

Interleaving, coding and the FIRE code: 3GPP TS 45.003 §4.1.
"""

import numpy as np
from numpy.typing import NDArray

from dsp.gsm.convolution import decode, encode

INFORMATION_BITS, PARITY_BITS, CODED_BITS = 184, 40, 456
_k = np.arange(CODED_BITS)
# coded bit k is bit _PLACE[k] of the 4 * 114 bits of the bursts
_PLACE = 114 * (_k % 4) + 2 * ((49 * _k) % 57) + (_k % 8) // 4
del _k


def _fire_table() -> NDArray[np.uint8]:
    """Remainders of every bit position by (D²³+1)(D¹⁷+D³+1). (184, 40)."""
    divisor = np.zeros(41, np.uint8)
    divisor[[0, 14, 17, 23, 37, 40]] = 1  # D⁴⁰+D²⁶+D²³+D¹⁷+D³+1, highest power first
    table = np.zeros((INFORMATION_BITS, PARITY_BITS), np.uint8)
    remainder = divisor[1:].copy()  # D⁴⁰ modulo the divisor
    for position in range(INFORMATION_BITS - 1, -1, -1):
        table[position] = remainder
        carry = remainder[0]
        remainder = np.append(remainder[1:], np.uint8(0)) ^ carry * divisor[1:]
    return table


_FIRE = _fire_table().astype(np.float32)


def _parity(information: NDArray[np.uint8]) -> NDArray[np.uint8]:
    odd = (information.astype(np.float32) @ _FIRE).astype(np.int32) & 1
    return (odd ^ 1).astype(np.uint8)


def coded_order(soft_bursts: NDArray[np.float32]) -> NDArray[np.float32]:
    """(blocks, 4, 114) as received → (blocks, 456) in coding order."""
    return soft_bursts.reshape(len(soft_bursts), CODED_BITS)[:, _PLACE]


def decode_blocks(coded: NDArray[np.float32]) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """(blocks, 456) soft bits, positive for 0 → (blocks, 23) octets and whether the FIRE check holds.

    A word that is nothing but parity's own pattern of zeros cannot pass: the parity bits are inverted.
    """
    bits = decode(coded)
    information, parity = bits[:, :INFORMATION_BITS], bits[:, INFORMATION_BITS : INFORMATION_BITS + PARITY_BITS]
    good = (_parity(information) == parity).all(axis=1)
    return np.packbits(information, axis=1, bitorder="little"), good


def code_words(octets: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(blocks, 23) → (blocks, 456) in coding order."""
    information = np.unpackbits(octets, axis=1, bitorder="little")
    tail = np.zeros((len(octets), 4), np.uint8)
    return encode(np.concatenate([information, _parity(information), tail], axis=1))


def encode_blocks(octets: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(blocks, 23) → (blocks, 4, 114) as sent: what the bursts held, when the block was read right."""
    coded = code_words(octets)
    bursts = np.empty_like(coded)
    bursts[:, _PLACE] = coded
    return bursts.reshape(len(octets), 4, 114)
