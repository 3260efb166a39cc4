"""What the groups beside name, text and clock say: 1A, 3A, 10A, 14A, 14B, 15A, 15B. IEC 62106 §6.1.5.

Each function returns None when the group is of another type or a block it needs has failed.
"""

from dataclasses import dataclass

from dsp.fm.rds_blocks import Group
from dsp.fm.rds_groups import Header, pair_of

_NO_GROUP = ("0A", "15B")  # 00000: only in 3A itself; 11111: temporarily none


@dataclass(frozen=True, slots=True)
class SlowLabel:
    """Group 1A. One of the codes, by its variant; pin None: no valid programme item (0 is "no item")."""

    ecc: int | None
    language: int | None
    linked: bool
    pin: int | None


@dataclass(frozen=True, slots=True)
class OpenDataPart:
    app: int
    group: str | None
    message: int


@dataclass(frozen=True, slots=True)
class TypeNamePart:
    """Four of the eight characters of the programme type name."""

    segment: int
    flag_b: bool
    codes: bytes


@dataclass(frozen=True, slots=True)
class NetworkPart:
    """Group 14: 16 bits about another programme. variant None: version B, which says its TA."""

    pi: int
    tp: bool
    variant: int | None
    word: int
    ta: bool | None


@dataclass(frozen=True, slots=True)
class LongNamePart:
    segment: int  # 0–7
    codes: bytes  # four bytes of UTF-8


def slow_label(group: Group, header: Header) -> SlowLabel | None:
    # C: l vvv cccc cccc cccc — linked, variant, code  D: programme item
    c, d = pair_of(group, header)
    if header.kind not in ("1A", "1B") or d is None:
        return None
    pin = d if valid_pin(d) else None
    if header.kind == "1B":
        return SlowLabel(None, None, False, pin)
    if c is None:
        return None
    variant, code = c >> 12 & 7, c & 0xFF
    return SlowLabel(code if variant == 0 and code else None, code if variant == 3 else None, bool(c >> 15), pin)


def valid_pin(word: int) -> bool:
    """ddddd hhhhh mmmmmm: day of the month from 1, hour, minute."""
    return word >> 11 >= 1 and (word >> 6 & 0x1F) <= 23 and (word & 0x3F) <= 59


def open_data(group: Group, header: Header) -> OpenDataPart | None:
    # block B, spare: gggg v — the group type that carries the application; C: message, D: application
    c, d = pair_of(group, header)
    if header.kind != "3A" or c is None or not d:
        return None
    used = f"{header.spare >> 1}{'AB'[header.spare & 1]}"
    return OpenDataPart(d, None if used in _NO_GROUP else used, c)


def type_name_part(group: Group, header: Header) -> TypeNamePart | None:
    # block B, spare: f...s — A/B flag, segment
    c, d = pair_of(group, header)
    if header.kind != "10A" or c is None or d is None:
        return None
    return TypeNamePart(header.spare & 1, bool(header.spare >> 4), (c << 16 | d).to_bytes(4, "big"))


def network_part(group: Group, header: Header) -> NetworkPart | None:
    # block B, spare: t vvvv (14A) or t a... (14B) — TP, variant, TA of the other network; D: its PI
    c, d = pair_of(group, header)
    if header.kind not in ("14A", "14B") or not d:
        return None
    tp = bool(header.spare >> 4)
    if header.kind == "14B":
        return NetworkPart(d, tp, None, 0, bool(header.spare >> 3 & 1))
    return None if c is None else NetworkPart(d, tp, header.spare & 0xF, c, None)


def long_name_part(group: Group, header: Header) -> LongNamePart | None:
    # block B, spare: ..sss — segment
    c, d = pair_of(group, header)
    if header.kind != "15A" or c is None or d is None:
        return None
    return LongNamePart(header.spare & 7, (c << 16 | d).to_bytes(4, "big"))
