"""What one RDS group says. IEC 62106 §6.1 (group types).

Block B of every group:  gggg v t ppppp xxxxx
  g group number, v version (0 = A, 1 = B), t traffic programme, p programme type, x what the type makes of it
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from dsp.fm.rds_blocks import Group

_MJD_UNIX_EPOCH = 40587
_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Header:
    """Block B alone."""

    kind: str  # "0A" … "15B"
    tp: bool
    pty: int
    spare: int  # the five bits left to the group type


@dataclass(frozen=True, slots=True)
class NamePart:
    """Two characters of the programme service name, group 0."""

    segment: int  # 0–3
    codes: bytes | None  # None: block D failed
    ta: bool
    music: bool
    af_codes: tuple[int, int] | None  # None: version B, or block C failed


@dataclass(frozen=True, slots=True)
class TextPart:
    """Four (version A) or two (B) characters of the radio text, group 2; None where the block failed."""

    segment: int  # 0–15
    flag_b: bool  # it changes when a new text begins
    pairs: tuple[bytes | None, ...]


def header_of(group: Group) -> Header | None:
    block_b = group.words[1]
    if block_b is None:
        return None
    kind = f"{block_b >> 12}{'AB'[block_b >> 11 & 1]}"
    return Header(kind, bool(block_b >> 10 & 1), block_b >> 5 & 0x1F, block_b & 0x1F)


def pis_of(group: Group) -> tuple[int, ...]:
    """Every programme identification the group carries: block A, and C' of version B."""
    a, _, c, _ = group.words
    return tuple(word for word in (a, c if group.c_prime else None) if word is not None)


def name_part(group: Group, header: Header) -> NamePart | None:
    # block B, spare: a m d ss — traffic announcement, music, one decoder bit, segment
    if header.kind not in ("0A", "0B"):
        return None
    _, _, c, d = group.words
    codes = None if d is None else d.to_bytes(2, "big")
    af = (c >> 8, c & 0xFF) if header.kind == "0A" and c is not None and not group.c_prime else None
    return NamePart(header.spare & 3, codes, bool(header.spare >> 4 & 1), bool(header.spare >> 3 & 1), af)


def text_part(group: Group, header: Header) -> TextPart | None:
    # block B, spare: f ssss — A/B flag, segment
    if header.kind not in ("2A", "2B"):
        return None
    _, _, c, d = group.words
    words = (c, d) if header.kind == "2A" else (d,)
    pairs = tuple(None if word is None else word.to_bytes(2, "big") for word in words)
    return TextPart(header.spare & 0xF, bool(header.spare >> 4), pairs)


def clock_time_utc_ns(group: Group, header: Header) -> int | None:
    """Group 4A: modified Julian day, hour and minute in UTC; the local offset is for clocks on walls."""
    # block B, spare: ...mm  C: mmmm mmmm mmmm mmmh  D: hhhh nnnn nnzo oooo
    _, _, c, d = group.words
    if header.kind != "4A" or c is None or d is None:
        return None
    mjd = (header.spare & 3) << 15 | c >> 1
    hour, minute = (c & 1) << 4 | d >> 12, d >> 6 & 0x3F
    if hour > 23 or minute > 59 or mjd < _MJD_UNIX_EPOCH:
        return None
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=mjd - _MJD_UNIX_EPOCH, hours=hour, minutes=minute)
    return int(moment.timestamp()) * _NS


def af_hz(code: int) -> float | None:
    """Alternative frequency codes 1–204 are VHF channels; the others count, fill or announce LF/MF."""
    return round(87.5e6 + 1e5 * code, 1) if 1 <= code <= 204 else None
