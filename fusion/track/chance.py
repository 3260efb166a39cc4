"""Chance that is none: numbers that look random and follow from a key, so that the same reports give the same track.

A counter-based generator: the finaliser of SplitMix64 (Steele, Lea & Flood, OOPSLA 2014) over key and counter.
"""

import hashlib

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

Floats = NDArray[np.float64]
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def key_of(*parts: str | int) -> int:
    """64 bits."""
    digest = hashlib.blake2s("\x1f".join(map(str, parts)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def uniforms(key: int, draws: int, size: int) -> Floats:
    """(draws, size), each strictly between 0 and 1."""
    counter = np.arange(draws * size, dtype=np.uint64) * _GOLDEN + np.uint64(key)
    mixed = (counter ^ (counter >> np.uint64(30))) * _FIRST
    mixed = (mixed ^ (mixed >> np.uint64(27))) * _SECOND
    bits = (mixed ^ (mixed >> np.uint64(31))) >> np.uint64(11)
    return np.asarray((bits.astype(np.float64) + 0.5) * 2.0**-53).reshape(draws, size)


def normals(uniform: Floats) -> Floats:
    """Standard normal, from uniforms."""
    return np.asarray(ndtri(uniform))
