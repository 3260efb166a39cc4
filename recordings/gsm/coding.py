"""Layer 1 coding of the BCCH, the CCCH and the SCH (3GPP TS 45.003 §4.1, §4.4, §4.7).

Everything here is linear over GF(2) but for the complemented parity, so a block is one product with a
matrix and one addition: the matrix is made once by coding each unit vector the slow way.
"""

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.uint8]  # one bit an element, 0 or 1

BLOCK_OCTETS = 23
TAIL = 4
# D^40 + D^26 + D^23 + D^17 + D^3 + 1 = (D^23 + 1)(D^17 + D^3 + 1), highest power first
FIRE = tuple(1 if power in (40, 26, 23, 17, 3, 0) else 0 for power in range(40, -1, -1))
# D^10 + D^8 + D^6 + D^5 + D^4 + D^2 + 1
SCH_PARITY = tuple(1 if power in (10, 8, 6, 5, 4, 2, 0) else 0 for power in range(10, -1, -1))


def code_blocks(octets: NDArray[np.uint8]) -> Bits:
    """23-octet blocks (n, 23) to four bursts' payload each (n, 4, 116): 57 bits, 2 stealing flags, 57 bits."""
    data = np.unpackbits(octets, axis=-1, bitorder="little")  # §4.1.1: d(0) is bit 1 of octet 1
    matrix, offset = _affine("block", 8 * BLOCK_OCTETS)
    coded = (data.astype(np.float32) @ matrix).astype(np.int64) + offset & 1
    return interleave(coded.astype(np.uint8))


def code_sch(data: Bits) -> Bits:
    """25 SCH bits (..., 25) to the burst's 78 coded bits (..., 78)."""
    matrix, offset = _affine("sch", 25)
    return ((data.astype(np.float32) @ matrix).astype(np.int64) + offset & 1).astype(np.uint8)


def interleave(coded: Bits) -> Bits:
    """456 bits (n, 456) over four bursts (n, 4, 116) with both stealing flags set (§4.1.4, §4.1.5)."""
    bursts = np.ones((len(coded), 4, 116), np.uint8)
    k = np.arange(456)
    j = 2 * (49 * k % 57) + k % 8 // 4
    bursts[:, k % 4, np.where(j < 57, j, j + 2)] = coded
    return bursts


def with_parity(data: Bits, generator: tuple[int, ...]) -> Bits:
    """The bits followed by the complement of their remainder, highest power first."""
    degree = len(generator) - 1
    register = np.concatenate([data, np.zeros(degree, np.uint8)])
    taps = np.array(generator, np.uint8)
    for i in range(len(data)):
        if register[i]:
            register[i : i + degree + 1] ^= taps
    return np.concatenate([data, register[-degree:] ^ 1])


def convolve_half(bits: Bits) -> Bits:
    """Rate 1/2, G0 = 1 + D^3 + D^4, G1 = 1 + D + D^3 + D^4 (§4.1.3); the tail bits stand in `bits`."""
    u = np.concatenate([np.zeros(TAIL, np.uint8), bits])
    n = len(bits)
    late = [u[TAIL - d : TAIL - d + n] for d in range(TAIL + 1)]
    g0 = late[0] ^ late[3] ^ late[4]
    return np.stack([g0, g0 ^ late[1]], axis=-1).ravel()


def _slow(data: Bits, generator: tuple[int, ...]) -> Bits:
    return convolve_half(np.concatenate([with_parity(data, generator), np.zeros(TAIL, np.uint8)]))


_CODES: dict[str, Callable[[Bits], Bits]] = {
    "block": lambda data: _slow(data, FIRE),
    "sch": lambda data: _slow(data, SCH_PARITY),
}


@cache
def _affine(code: str, length: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """The code as (matrix (length, coded), offset (coded,))."""
    offset = _CODES[code](np.zeros(length, np.uint8))
    rows = [_CODES[code](unit) ^ offset for unit in np.eye(length, dtype=np.uint8)]
    return np.array(rows, np.float32), offset.astype(np.int64)
