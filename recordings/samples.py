"""How samples are stored in a file, and what they mean at full scale 1.0."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Raw = NDArray[np.generic]
IN_CACHE = 1 << 16  # numbers worked on at a time; whole samples


@dataclass(frozen=True, slots=True)
class SampleFormat:
    """One component is (stored − zero) / full_scale.

    name       : SigMF core:datatype
    stored     : NumPy dtype of one component as it stands in the file
    rails      : stored values at which the converter has clipped; None for float
    components : 2 for IQ, 1 for a real signal
    """

    name: str
    stored: np.dtype[np.generic]
    zero: float = 0.0
    full_scale: float = 1.0
    rails: tuple[int, int] | None = None
    components: int = 2

    @property
    def bytes_per_sample(self) -> int:
        return self.stored.itemsize * self.components


def _unsigned(name: str, stored: str, bits: int) -> SampleFormat:
    half = (2**bits - 1) / 2  # the middle lies between two codes: 127.5
    return SampleFormat(name, np.dtype(stored), zero=half, full_scale=half, rails=(0, 2**bits - 1))


def _signed(name: str, stored: str, bits: int) -> SampleFormat:
    half = 2 ** (bits - 1)
    return SampleFormat(name, np.dtype(stored), full_scale=float(half), rails=(-half, half - 1))


def _float(name: str, stored: str) -> SampleFormat:
    return SampleFormat(name, np.dtype(stored))


PACKED_24 = np.dtype("V3")  # three bytes, least significant first: WAV only

FORMATS = (
    _unsigned("cu8", "u1", 8),
    _signed("ci8", "i1", 8),
    _signed("ci16_le", "<i2", 16),
    _float("cf32_le", "<f4"),
    _unsigned("cu16_le", "<u2", 16),
    _unsigned("cu16_be", ">u2", 16),
    _signed("ci16_be", ">i2", 16),
    _signed("ci32_le", "<i4", 32),
    _signed("ci32_be", ">i4", 32),
    _float("cf32_be", ">f4"),
    _float("cf64_le", "<f8"),
    _float("cf64_be", ">f8"),
)
READABLE = "cu8, ci8, ci16_le, cf32_le"


def format_named(name: str) -> SampleFormat | None:
    """The format a SigMF datatype names; None when we cannot read it."""
    return next((known for known in FORMATS if known.name == name), None)


def packed_24_bit(*, components: int) -> SampleFormat:
    return SampleFormat(
        "ci24_le", PACKED_24, full_scale=float(2**23), rails=(-(2**23), 2**23 - 1), components=components
    )


def integers(raw: Raw) -> Raw:
    """Stored numbers as NumPy can count them: three-byte ones become int32, others stay."""
    if raw.dtype != PACKED_24:
        return raw
    parts = raw.view(np.uint8).reshape(-1, 3)
    high = parts[:, 2].view(np.int8).astype(np.int32)
    return high << 16 | parts[:, 1].astype(np.int32) << 8 | parts[:, 0]


def components(numbers: Raw, stored_as: SampleFormat) -> NDArray[np.float32]:
    """(n,) float32, full scale 1.0."""
    values = np.empty(len(numbers), np.float32)
    for low in range(0, len(numbers), IN_CACHE):
        part = values[low : low + IN_CACHE]
        with np.errstate(
            over="ignore", invalid="ignore"
        ):  # a double too large for float32 becomes infinite, and is refused as such
            part[:] = numbers[low : low + IN_CACHE]
        if stored_as.zero:
            part -= np.float32(stored_as.zero)
        if stored_as.full_scale != 1.0:
            part *= np.float32(1 / stored_as.full_scale)
    return values


def clipped(numbers: Raw, stored_as: SampleFormat) -> int | None:
    """How many samples touch a rail with any component; None when the format cannot say."""
    if stored_as.rails is None:
        return None
    return sum(_clipped(numbers[low : low + IN_CACHE], stored_as) for low in range(0, len(numbers), IN_CACHE))


def _clipped(numbers: Raw, stored_as: SampleFormat) -> int:
    low, high = stored_as.rails or (0, 0)
    touching = (numbers == low) | (numbers == high)
    return int(
        np.count_nonzero(touching[:: stored_as.components] | touching[stored_as.components - 1 :: stored_as.components])
    )
