"""Frequency lists in all their formats. 3GPP TS 44.018 §10.5.2.1b (cell channel), §10.5.2.22 and §10.5.2.22a
(neighbours), §10.5.2.13.2–.7 (formats), annex J (ranges).

First octet   ff--fffF   f format, F first bit of what follows, -- indicators of neighbour lists
neighbour 2   fiibfffF   one format bit, i multiband reporting, b BA-IND
"""

from dsp.gsm.errors import BeyondBlock, UnknownListFormat

_MODULUS = 1024
LIST_OCTETS = 16
# low nibble without its last bit → (ORIG_RANGE, bits of W(1)); the 1024 range stands apart
_RANGES = {0b100: (511, 9), 0b101: (255, 8), 0b110: (127, 7)}
_VARIABLE_BITMAP = 0b111


def cell_channels(octets: bytes) -> tuple[int, ...]:
    """ARFCNs of a cell channel or neighbour cell description of 16 octets, ascending. Raises UnknownListFormat."""
    return _channels(octets, format_bits=octets[0] >> 6 if octets else 0, bitmap_format=0b00, coded_format=0b10)


def neighbour_channels_2(octets: bytes) -> tuple[int, ...]:
    """The same of a neighbour cell description 2, whose first octet has one format bit."""
    return _channels(octets, format_bits=octets[0] >> 7 if octets else 0, bitmap_format=0, coded_format=1)


def _channels(octets: bytes, *, format_bits: int, bitmap_format: int, coded_format: int) -> tuple[int, ...]:
    if len(octets) < LIST_OCTETS:
        raise BeyondBlock(need=LIST_OCTETS, have=len(octets))
    word = int.from_bytes(octets[:LIST_OCTETS], "big")
    nibble = octets[0] >> 1 & 0b111
    if format_bits == bitmap_format:
        return tuple(arfcn for arfcn in range(1, 125) if word >> (arfcn - 1) & 1)
    if format_bits != coded_format:
        raise UnknownListFormat(octet=octets[0])
    if not nibble & 0b100:
        return _range_1024(word)
    if nibble == _VARIABLE_BITMAP:
        return _variable_bitmap(word)
    return _range(word, *_RANGES[nibble])


def _field(word: int, first: int, bits: int) -> int:
    """`bits` bits from bit number `first` (128 is the first on the air) downwards."""
    return word >> (first - bits) & ((1 << bits) - 1)


def _variable_bitmap(word: int) -> tuple[int, ...]:
    origin = _field(word, 121, 10)
    marked = [origin] + [origin + 1 + k for k in range(111) if _field(word, 111 - k, 1)]
    return _ascending(marked)


def _range_1024(word: int) -> tuple[int, ...]:
    words = _words(word, first=122, bits=10)
    listed = [_descend(words, k, 1023) for k in range(1, len(words) + 1)]
    return _ascending(listed + ([0] if _field(word, 123, 1) else []))


def _range(word: int, original_range: int, bits: int) -> tuple[int, ...]:
    origin = _field(word, 121, 10)
    words = _words(word, first=111, bits=bits)
    return _ascending([origin] + [origin + _descend(words, k, original_range) for k in range(1, len(words) + 1)])


def _words(word: int, *, first: int, bits: int) -> list[int]:
    """W(1), W(2)…: levels of 1, 2, 4, 8… words, each level one bit shorter, until a null word or the end."""
    words: list[int] = []
    while bits:
        for _ in range(len(words) + 1):
            if first < bits or not (value := _field(word, first, bits)):
                return words
            words.append(value)
            first -= bits
        bits -= 1
    return words


def _descend(words: list[int], index: int, original_range: int) -> int:
    """The number coded by W(index) and its parents: annex J.4."""
    value = words[index - 1]
    while index > 1:
        top = 1 << index.bit_length() - 1  # greatest power of two not above the index
        half, modulus = (original_range + 1) // top, 2 * (original_range + 1) // top - 1
        if 2 * index < 3 * top:
            index -= top // 2
            value += words[index - 1] - half
        else:
            index -= top
            value += words[index - 1]
        value = (value - 1) % modulus + 1
    return value


def _ascending(arfcns: list[int]) -> tuple[int, ...]:
    return tuple(sorted({arfcn % _MODULUS for arfcn in arfcns}))
