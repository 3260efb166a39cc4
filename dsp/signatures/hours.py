"""Hours of broadcasting as a licence writes them: "06:00-24:00", "Mon-Fri 06:00-22:00; Sat,Sun 08:00-02:00".

What ends before it begins goes on past midnight. Days are those of the beginning; none named: every day. Dashes of
any length, names of days in English or Chinese, and 全天 or "24h" are understood.
"""

import re
from functools import lru_cache

import msgspec

from dsp.errors import SignalError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CHINESE_DAYS = "一二三四五六日"
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
DAY_MIN = 1440
ALWAYS = ("24h", "24/7", "always", "全天", "全天候")


class BadHours(SignalError, ValueError):
    """Also a ValueError, so that a file that holds it is refused where it is read."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"{text!r} is no time of broadcasting; write 06:00-24:00 or Mon-Fri 06:00-22:00; Sat 08:00-24:00"
        )
        self.hours = text


class Window(msgspec.Struct, frozen=True):
    """days : 0 is Monday; until_min : beyond 1440 on the day after."""

    days: tuple[int, ...]
    from_min: int
    until_min: int


@lru_cache(maxsize=4096)
def parse_hours(text: str) -> tuple[Window, ...]:
    """Raises BadHours."""
    plain = re.sub(r"[–—−~～至到]", "-", text.strip().lower()).replace("：", ":").replace("；", ";").replace("，", ",")
    if plain in ALWAYS:
        return (Window(EVERY_DAY, 0, DAY_MIN),)
    windows = [window for part in plain.split(";") if part.strip() for window in _part(part, text)]
    if not windows:
        raise BadHours(text)
    return tuple(windows)


def written(windows: tuple[Window, ...]) -> str:
    """What `parse_hours` reads again."""
    return "; ".join(_days_written(w.days) + f"{_clock(w.from_min)}-{_clock(w.until_min)}" for w in windows)


def open_at(windows: tuple[Window, ...], weekday: int, minute: float, slack_min: float = 0.0) -> bool:
    """`minute` of a day, 0 is Monday; `slack_min` is added at both ends."""
    return any(
        (weekday - later) % 7 in window.days
        and window.from_min - slack_min <= minute + later * DAY_MIN < window.until_min + slack_min
        for window in windows
        for later in (-1, 0, 1)
    )


def _part(part: str, text: str) -> list[Window]:
    """`Mon-Fri 06:00-12:00,14:00-22:00`"""
    times = re.findall(r"(\d{1,2})[:.h](\d{2})\s*-\s*(\d{1,2})[:.h](\d{2})", part)
    said = re.sub(r"\d{1,2}[:.h]\d{2}\s*-\s*\d{1,2}[:.h]\d{2}", " ", part).strip(" ,:")
    if not times or re.search(r"\d", said):
        raise BadHours(text)
    days = _days(said, text)
    return [_window(days, *(int(value) for value in each), text=text) for each in times]


def _window(days: tuple[int, ...], hour: int, minute: int, end_hour: int, end_minute: int, *, text: str) -> Window:
    begin, end = 60 * hour + minute, 60 * end_hour + end_minute
    if minute > 59 or end_minute > 59 or begin >= DAY_MIN or end > DAY_MIN:
        raise BadHours(text)
    return Window(days, begin, end if end > begin else end + DAY_MIN)


def _days(said: str, text: str) -> tuple[int, ...]:
    if said in {"", "daily", "每天", "每日"}:
        return EVERY_DAY
    days: list[int] = []
    for each in re.split(r"[,、\s]+", said):
        first, _, last = each.partition("-")
        begin, end = _day(first, text), _day(last or first, text)
        days += [(begin + step) % 7 for step in range((end - begin) % 7 + 1)]
    return tuple(sorted(set(days)))


def _day(name: str, text: str) -> int:
    chinese = re.sub(r"^(周|星期|礼拜)", "", name).replace("天", "日")
    if name != chinese and len(chinese) == 1 and chinese in CHINESE_DAYS:
        return CHINESE_DAYS.index(chinese)
    if name[:3] in DAYS:
        return DAYS.index(name[:3])
    raise BadHours(text)


def _days_written(days: tuple[int, ...]) -> str:
    return "" if days == EVERY_DAY else ",".join(DAYS[day].capitalize() for day in days) + " "


def _clock(minutes: int) -> str:
    within = minutes if minutes <= DAY_MIN else minutes - DAY_MIN
    return f"{within // 60:02d}:{within % 60:02d}"
