"""Telephone numbers in radio text: what is written as one, and what only has as many digits.

China: mobile 1xx xxxx xxxx, 400 and 800 numbers, area code and landline, service numbers of the operators with a word
before them. Elsewhere: seven to fifteen digits in groups. Frequencies, dates, times, lottery draws and counts are none.
A scrolling name shows a number in pieces: the pieces are joined as they came.
"""

import re
from collections.abc import Sequence

SPACE = r"[ \-–/.·]?"
CHINESE = (
    re.compile(rf"(?<!\d)(?:\+?86{SPACE})?1[3-9]\d{SPACE}(?:\d{SPACE}){{7}}\d(?!\d)"),  # mobile: eleven digits
    re.compile(rf"(?<!\d)[48]00{SPACE}(?:\d{SPACE}){{6}}\d(?!\d)"),
    re.compile(rf"(?<!\d)(?:\+?86{SPACE}|\(?0)\d{{2,3}}\)?{SPACE}[2-8](?:\d{SPACE}){{6,7}}(?!\d)"),
)
ANYWHERE = re.compile(r"(?<![\d.])\+?\d{1,16}(?:[ \-/.]\d{1,16}){0,6}(?![\d.])")
WORDS = re.compile(
    r"(?:tel|call|phone|hotline|ring|whats ?app|微信|电话|热线|手机|致电|拨打|咨询|订购|☎)\D{0,6}$", re.I
)
DATE = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d[-./年 ]\d{1,2}[-./月 ]\d{1,2}日?|\d{1,2}[-./]\d{1,2}[-./](?:19|20)\d\d)(?!\d)"
)
TIME = re.compile(r"(?<!\d)\d{1,2}[:：.]\d{2}(?:[:：]\d{2})?(?!\d)")
FREQUENCY = re.compile(r"(?<![\d.])\d{2,4}\.\d{1,2}(?![\d.])|(?<!\d)\d{3,6}\s?(?:[kM]Hz|FM|AM)", re.I)
LEAST_DIGITS, MOST_DIGITS, LEAST_WITH_WORD = 7, 15, 5
LEAST_DOTTED = 3  # groups with full stops between them: two are a number with decimals
PIECES_JOINED = 6


def digits_of(text: str) -> int:
    """Of the longest telephone number in it; 0: there is none."""
    for pattern in CHINESE:
        found = pattern.search(text)
        if found:
            return sum(c.isdigit() for c in found.group())
    plain = FREQUENCY.sub("~", TIME.sub("~", DATE.sub("~", text)))
    return max((_number(match, plain) for match in ANYWHERE.finditer(plain)), default=0)


def digits_of_pieces(pieces: Sequence[str]) -> int:
    """Of a name that scrolls: the pieces one after the other, with and without the blanks between them."""
    recent = pieces[-PIECES_JOINED * 3 :]
    runs = [recent[k : k + PIECES_JOINED] for k in range(len(recent))]
    joined = ("".join(part) for run in runs for part in (run, [piece.strip() for piece in run]))
    return max((digits_of(text) for text in joined), default=0)


def _number(match: re.Match[str], text: str) -> int:
    groups = re.split(r"\D+", match.group().strip("+"))
    count = sum(map(len, groups))
    if count > MOST_DIGITS or ("." in match.group() and len(groups) < LEAST_DOTTED):
        return 0
    if WORDS.search(text[: match.start()]) and count >= LEAST_WITH_WORD:
        return count
    if count < LEAST_DIGITS or _is_a_list(groups):
        return 0
    return count


def _is_a_list(groups: list[str]) -> bool:
    """Counts and draws: many short numbers, none that begins like a telephone number's."""
    short = sum(len(group) <= 2 for group in groups)
    return (len(groups) >= 3 and short == len(groups) and not groups[0].startswith("0")) or len(groups) >= 6
