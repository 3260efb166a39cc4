"""RDS groups of four 16-bit blocks, and which group comes when (IEC 62106)."""

from collections.abc import Callable
from datetime import UTC, timedelta

from recordings.fm.spec import Rds
from recordings.transmitter import FieldOutOfRange

BITS_PER_GROUP = 104
BIT_RATE_HZ = 1187.5
GROUP_S = BITS_PER_GROUP / BIT_RATE_HZ
PS_LENGTH, RT_LENGTH = 8, 64
FURTHER = "further"
AF_FIRST_HZ, AF_STEP_HZ, AF_LAST = 87.5e6, 0.1e6, 204
AF_COUNT, AF_FILLER, AF_MOST = 224, 205, 25
MJD_OF_ORDINAL = 678576  # ordinal of a date less its Modified Julian Date
# annex E: letters beyond ASCII that the basic set has, 0x80 to 0x9F
LETTERS = "áàéèíìóòúùÑÇŞß¡Ĳâäêëîïôöûüñçşğıĳ"

Group = tuple[int, int, int, int]


class GroupSchedule:
    """Group k of an endless row; group 0 begins at time 0. Raises FieldOutOfRange."""

    def __init__(self, rds: Rds, *, stereo: bool) -> None:
        self._rds = rds
        self._di = 0b0001 if stereo else 0
        self._names = [encoded("ps", name, PS_LENGTH).ljust(PS_LENGTH) for name in (rds.ps, *rds.ps_scroll)]
        text = encoded("rt", rds.rt, RT_LENGTH)
        self._text = text if len(text) == RT_LENGTH else text + b"\r"
        self._text += b" " * (-len(self._text) % 4)
        self._af = af_codes(rds.af_hz)
        for field, value, bits in (("pi", rds.pi, 16), ("pty", rds.pty, 5), ("ecc", rds.ecc or 0, 8)):
            if not 0 <= value < 1 << bits:
                raise FieldOutOfRange(field=field, value=value, allowed=f"0 … {(1 << bits) - 1}")
        order: tuple[str, ...] = ("0A", "2A", "0A", "2A", "0A") if rds.rt else ("0A",)
        order = order * 2 + ("1A",) if rds.ecc is not None else order
        self._order = (*order, FURTHER) if rds.further_groups else order
        self._further = [self._spelt(*each) for each in rds.further_groups]
        makers: dict[str, Callable[[int], Group]] = {"0A": self._tuning, "1A": self._slow, "2A": self._radio_text}
        makers[FURTHER] = lambda turn: self._further[turn % len(self._further)]
        self._makers = makers

    def group(self, number: int) -> Group:
        if self._minute_begins(number):
            return self._clock_time(number)
        turn, place = divmod(number, len(self._order))
        kind = self._order[place]
        earlier = turn * self._order.count(kind) + self._order[:place].count(kind)
        return self._makers[kind](earlier)

    def _block2(self, kind: int, low: int) -> int:
        """GGGGVTPPPPPLLLLL: group type and version A, TP, PTY, five bits of the group's own."""
        return kind << 12 | self._rds.tp << 10 | self._rds.pty << 5 | low

    def _tuning(self, turn: int) -> Group:
        """0A  block 2 ends in AMDCC: TA, music, decoder bit, segment; then two frequencies and two letters."""
        segment = turn % 4
        shown_groups = max(1, round(self._rds.ps_seconds / GROUP_S * self._order.count("0A") / len(self._order) / 4))
        name = self._names[turn // 4 // shown_groups % len(self._names)]
        low = self._rds.ta << 4 | self._rds.music << 3 | (self._di >> (3 - segment) & 1) << 2 | segment
        first, second = self._af[turn % len(self._af)]
        return self._rds.pi, self._block2(0, low), first << 8 | second, _pair(name, 2 * segment)

    def _slow(self, turn: int) -> Group:
        """1A, variant 0: extended country code; no programme item number."""
        return self._rds.pi, self._block2(1, 0), self._rds.ecc or 0, 0

    def _spelt(self, kind: str, low: int, third: int, fourth: int) -> Group:
        """Any group by its name; version B repeats the PI in block 3."""
        known = {f"{number}{version}": (number, version) for number in range(16) for version in "AB"}
        if kind not in known or not 0 <= low < 32 or not 0 <= third < 1 << 16 or not 0 <= fourth < 1 << 16:
            raise FieldOutOfRange(
                field="further_groups", value=(kind, low, third, fourth), allowed="0A … 15B, 5, 16, 16"
            )
        number, version = known[kind]
        is_b = version == "B"
        return self._rds.pi, self._block2(number, low) | is_b << 11, self._rds.pi if is_b else third, fourth

    def _radio_text(self, turn: int) -> Group:
        """2A  block 2 ends in BSSSS: text A/B flag, segment; then four letters."""
        segment = turn % (len(self._text) // 4)
        letters = _pair(self._text, 4 * segment), _pair(self._text, 4 * segment + 2)
        return self._rds.pi, self._block2(2, segment), *letters

    def _minute_begins(self, number: int) -> bool:
        clock = self._rds.clock_at_start
        if clock is None:
            return False
        into_minute = (clock.second + clock.microsecond * 1e-6 + number * GROUP_S) % 60
        return into_minute < GROUP_S

    def _clock_time(self, number: int) -> Group:
        """4A  block 2 ends in ...DD, then DDDDDDDDDDDDDDDH HHHHMMMMMMSOOOOO: day (MJD), UTC, local offset."""
        clock = self._rds.clock_at_start
        assert clock is not None
        told = clock + timedelta(seconds=number * GROUP_S)
        offset = told.utcoffset() or timedelta()
        utc = told.astimezone(UTC) if told.tzinfo else told
        word = (utc.toordinal() - MJD_OF_ORDINAL) << 5 | utc.hour
        word = (word << 6 | utc.minute) << 6 | (offset < timedelta()) << 5 | abs(offset) // timedelta(minutes=30)
        return self._rds.pi, self._block2(4, word >> 32), word >> 16 & 0xFFFF, word & 0xFFFF


def encoded(field: str, text: str, most: int) -> bytes:
    """Text in the basic character set. Raises FieldOutOfRange."""
    if len(text) > most:
        raise FieldOutOfRange(field=field, value=text, allowed=f"≤ {most}")
    codes = []
    for letter in text:
        if letter in LETTERS:
            codes.append(0x80 + LETTERS.index(letter))
        elif ord(letter) < 0x7E:
            codes.append(ord(letter))
        else:
            raise FieldOutOfRange(field=field, value=text, allowed="IEC 62106, E.1")
    return bytes(codes)


def af_codes(af_hz: tuple[float, ...]) -> list[tuple[int, int]]:
    """Method A in pairs: the count, then the frequencies. Raises FieldOutOfRange."""
    if len(af_hz) > AF_MOST:
        raise FieldOutOfRange(field="af_hz", value=len(af_hz), allowed=f"≤ {AF_MOST}")
    codes = [AF_COUNT + len(af_hz)]
    for frequency_hz in af_hz:
        code = round((frequency_hz - AF_FIRST_HZ) / AF_STEP_HZ)
        if not 1 <= code <= AF_LAST:
            raise FieldOutOfRange(field="af_hz", value=frequency_hz, allowed="87.6e6 … 107.9e6")
        codes.append(code)
    codes += [AF_FILLER] * (len(codes) % 2)
    return list(zip(codes[::2], codes[1::2], strict=True))


def _pair(text: bytes, at: int) -> int:
    return text[at] << 8 | text[at + 1]
