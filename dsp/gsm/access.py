"""RACH control parameters, which most System Information messages carry. 3GPP TS 44.018 §10.5.2.29."""

from dataclasses import dataclass

_MAX_RETRANS = (1, 2, 4, 7)
_TX_INTEGER = (3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 20, 25, 32, 50)


@dataclass(frozen=True, slots=True)
class RandomAccess:
    max_retrans: int  # as meant
    tx_integer: int  # as meant
    cell_barred: bool
    reestablishment_allowed: bool
    access_classes_barred: int  # bit n is class n; bit 10 bars emergency calls


def read_access(octets: bytes) -> RandomAccess:
    """Of three octets. Every code has a meaning."""
    # rriiiibe  aaaaaaaa aaaaaaaa   r retransmissions, i TX-integer, b barred, e re-establishment not allowed
    first = octets[0]
    return RandomAccess(
        max_retrans=_MAX_RETRANS[first >> 6],
        tx_integer=_TX_INTEGER[first >> 2 & 15],
        cell_barred=bool(first & 2),
        reestablishment_allowed=not first & 1,
        access_classes_barred=int.from_bytes(octets[1:3], "big"),
    )
