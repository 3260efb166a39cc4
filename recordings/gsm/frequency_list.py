"""Lists of channel numbers in 16 octets (3GPP TS 44.018 §10.5.2.13): bitmap 0 and variable bitmap.

The first octet's bits 6 and 5 (7 to 5 in System Information 2ter) belong to the message: `marks` sets them.
"""

from recordings.gsm.frequency_range import fits_range, range_bits
from recordings.gsm.spec import ListFormat
from recordings.transmitter import FieldOutOfRange, ListDoesNotFit

CHANNELS = 1024
BITMAP0_CHANNELS = 124
VARIABLE_CHANNELS = 111
RANGES: dict[ListFormat, int] = {"range128": 128, "range256": 256, "range512": 512, "range1024": 1024}


def frequency_list(field: str, arfcns: tuple[int, ...], *, form: ListFormat = "auto", marks: int = 0) -> bytes:
    """16 octets naming the channels. Raises FieldOutOfRange, ListDoesNotFit."""
    named = frozenset(arfcns)
    for arfcn in named:
        if not 0 <= arfcn < CHANNELS:
            raise FieldOutOfRange(field=field, value=arfcn, allowed="0 … 1023")
    chosen = _smallest_format(named) if form == "auto" else form
    if chosen is None or not _fits(named, chosen):
        raise ListDoesNotFit(field=field, count=len(named), wanted=form)
    if chosen == "bitmap0":
        value = _bitmap0(named)
    elif chosen == "variable":
        value = _variable_bitmap(named)
    else:
        value = range_bits(named, RANGES[chosen])
    return (value | marks << 120).to_bytes(16, "big")


def _smallest_format(named: frozenset[int]) -> ListFormat | None:
    order: tuple[ListFormat, ...] = ("bitmap0", "variable", "range128", "range256", "range512", "range1024")
    return next((form for form in order if _fits(named, form)), None)


def _fits(named: frozenset[int], form: ListFormat) -> bool:
    if form == "bitmap0":
        return all(1 <= arfcn <= BITMAP0_CHANNELS for arfcn in named)
    if form == "variable":
        return bool(named) and span(named)[1] <= VARIABLE_CHANNELS
    return bool(named) and fits_range(named, RANGES[form])


def span(named: frozenset[int]) -> tuple[int, int]:
    """(first channel, last minus first) of the shortest arc of the 1024 channels that holds them all."""
    ordered = sorted(named)
    gaps = [((b - a) % CHANNELS or CHANNELS, b) for a, b in zip([ordered[-1], *ordered[:-1]], ordered, strict=True)]
    gap, first = max(gaps)
    return first, CHANNELS - gap


def _bitmap0(named: frozenset[int]) -> int:
    """00..FFFF FFFFFFFF … : F of channel 124 first, of channel 1 last."""
    return sum(1 << (arfcn - 1) for arfcn in named)


def _variable_bitmap(named: frozenset[int]) -> int:
    """10..111O OOOOOOOO OFFFFFFF … : O = first channel, F of the 111 channels after it."""
    first, _ = span(named)
    others = sum(1 << (VARIABLE_CHANNELS - (arfcn - first) % CHANNELS) for arfcn in named if arfcn != first)
    return 0x8E << 120 | first << VARIABLE_CHANNELS | others
