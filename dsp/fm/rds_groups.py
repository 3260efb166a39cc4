"""What one RDS group says. IEC 62106 §6.1 (group types).

Block B of every group:  gggg v t ppppp xxxxx
  g group number, v version (0 = A, 1 = B), t traffic programme, p programme type, x what the type makes of it
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from dsp.fm.rds_blocks import Group

_MJD_UNIX_EPOCH = 40587
_NS = 1_000_000_000
_MOST_OFFSET = 28  # half hours: no clock on a wall is further from UTC
DECODER_BITS = ("dynamic_pty", "compressed", "artificial_head", "stereo")  # by segment


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
    af_codes: tuple[int, int] | None  # None: version B, or block C failed


@dataclass(frozen=True, slots=True)
class Switches:
    ta: bool
    music: bool
    decoder_bit: str  # which of DECODER_BITS
    decoder_on: bool


@dataclass(frozen=True, slots=True)
class Clock:
    """utc_offset_s: of the clocks on walls there, from UTC."""

    time_utc_ns: int
    utc_offset_s: int


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


def pair_of(group: Group, header: Header) -> tuple[int | None, int | None]:
    """Blocks C and D as this version uses them: C is None where it repeats the PI, or where B and C disagree on it."""
    _, _, c, d = group.words
    return (None if group.c_prime or header.kind.endswith("B") else c), d


def name_part(group: Group, header: Header) -> NamePart | None:
    # block B, spare: a m d ss — traffic announcement, music, one decoder bit, segment
    if header.kind not in ("0A", "0B"):
        return None
    c, d = pair_of(group, header)
    codes = None if d is None else d.to_bytes(2, "big")
    af = None if c is None else (c >> 8, c & 0xFF)
    return NamePart(header.spare & 3, codes, af)


def switches(group: Group, header: Header) -> Switches | None:
    """What groups 0A, 0B and 15B repeat most often: their block B alone."""
    # block B, spare: a m d ss
    if header.kind not in ("0A", "0B", "15B"):
        return None
    spare = header.spare
    return Switches(bool(spare >> 4 & 1), bool(spare >> 3 & 1), DECODER_BITS[spare & 3], bool(spare >> 2 & 1))


def text_part(group: Group, header: Header) -> TextPart | None:
    # block B, spare: f ssss — A/B flag, segment
    if header.kind not in ("2A", "2B"):
        return None
    c, d = pair_of(group, header)
    words = (c, d) if header.kind == "2A" else (d,)
    pairs = tuple(None if word is None else word.to_bytes(2, "big") for word in words)
    return TextPart(header.spare & 0xF, bool(header.spare >> 4), pairs)


def clock_of(group: Group, header: Header) -> Clock | None:
    """Group 4A: modified Julian day, hour and minute in UTC, offset of local time; None where no clock shows this."""
    # block B, spare: ...mm  C: mmmm mmmm mmmm mmmh  D: hhhh nnnn nnzo oooo — z: the offset is negative, in half hours
    c, d = pair_of(group, header)
    if header.kind != "4A" or c is None or d is None:
        return None
    mjd = (header.spare & 3) << 15 | c >> 1
    hour, minute, half_hours = (c & 1) << 4 | d >> 12, d >> 6 & 0x3F, d & 0x1F
    if hour > 23 or minute > 59 or mjd < _MJD_UNIX_EPOCH or half_hours > _MOST_OFFSET:
        return None
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=mjd - _MJD_UNIX_EPOCH, hours=hour, minutes=minute)
    return Clock(int(moment.timestamp()) * _NS, 1800 * (-half_hours if d >> 5 & 1 else half_hours))
