"""Location area identification. 3GPP TS 24.008 §10.5.1.3."""

from dataclasses import dataclass

_NO_DIGIT = 15


@dataclass(frozen=True, slots=True)
class LocationArea:
    """mcc and mnc are None when their digits are no decimal digits."""

    mcc: str | None
    mnc: str | None
    lac: int


def read_area(octets: bytes) -> LocationArea:
    """Of five octets."""
    # octets  MCC2 MCC1 | MNC3 MCC3 | MNC2 MNC1 | LAC LAC; MNC3 = 1111: two digits
    digits = [octets[0] & 15, octets[0] >> 4, octets[1] & 15, octets[2] & 15, octets[2] >> 4, octets[1] >> 4]
    mcc, mnc = digits[:3], digits[3:]
    if mnc[2] == _NO_DIGIT:
        mnc = mnc[:2]
    return LocationArea(_decimal(mcc), _decimal(mnc), int.from_bytes(octets[3:5], "big"))


def _decimal(digits: list[int]) -> str | None:
    return "".join(map(str, digits)) if max(digits) <= 9 else None
