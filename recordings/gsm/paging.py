"""Paging requests with made-up identities (3GPP TS 44.018 §9.1.22 to §9.1.24, 24.008 §10.5.1.4)."""

import numpy as np

from recordings.gsm.field import block
from recordings.gsm.spec import Fill, GsmBroadcast
from recordings.gsm.system_information import message

PAGED_AT_MOST = 4  # identities in one request
SECOND_IDENTITY = 0x17

NOBODY = message(5, 0x21, bytes([0x00, 0x01, 0xF0]))  # a paging request type 1 that names no one
FILLS: dict[Fill, bytes] = {
    "paging": NOBODY,
    "empty_ui": block(bytes([0x03, 0x03, 0x01])),
    "empty": block(bytes([0x01])),
}


def paging_request(imsis: list[bytes], tmsis: list[bytes]) -> bytes:
    """One block naming these mobile identities: at most 2 IMSI and 4 in all, 1 IMSI with at most 2 TMSI."""
    if len(imsis) + len(tmsis) <= 2:
        return _type1([_with_length(imsi) for imsi in imsis] + [_with_length(_typed(tmsi)) for tmsi in tmsis])
    if len(tmsis) == PAGED_AT_MOST:
        return message(19, 0x24, bytes(1), *tmsis)
    third = imsis[0] if imsis else _typed(tmsis[2])
    return _type2(tmsis[:2], _with_length(third))


def made_imsi(cell: GsmBroadcast, rng: np.random.Generator) -> bytes:
    """A mobile identity IMSI of 15 digits: the cell's own PLMN, then digits by chance."""
    home = cell.plmn.replace("-", "")
    digits = [int(d) for d in home] + list(rng.integers(0, 10, 15 - len(home)))
    first = digits[0] << 4 | 0b1001  # odd count of digits, type IMSI
    return bytes([first, *(int(high) << 4 | int(low) for low, high in zip(digits[1::2], digits[2::2], strict=True))])


def made_tmsi(rng: np.random.Generator) -> bytes:
    return rng.bytes(4)


def _typed(tmsi: bytes) -> bytes:
    return bytes([0xF4]) + tmsi


def _with_length(identity: bytes) -> bytes:
    return bytes([len(identity)]) + identity


def _type1(identities: list[bytes]) -> bytes:
    first, *more = identities
    content = bytes(1) + first + b"".join(bytes([SECOND_IDENTITY]) + identity for identity in more)
    return message(2 + len(content), 0x21, content)


def _type2(tmsis: list[bytes], third: bytes) -> bytes:
    content = bytes(1) + b"".join(tmsis) + bytes([SECOND_IDENTITY]) + third
    return message(2 + len(content), 0x22, content)
