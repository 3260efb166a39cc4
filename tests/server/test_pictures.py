from xml.etree import ElementTree

import pytest

from dsp.signatures.on_air_week import OnAirWeek, with_slot
from fusion.clock_history import ClockHistory, ClockPoint
from server.pictures import SUSPECT, clock_picture, week_picture


def points(*phases_ms: float | None) -> tuple[ClockPoint, ...]:
    start = 1_790_000_000 * 10**9
    return tuple(ClockPoint(start + k * 10**10, phase, 0.1 * k, 0.01) for k, phase in enumerate(phases_ms))


HISTORY = ClockHistory(
    sensor="屋顶 <b>", suspect=points(0.0, 0.0, 812.0), others=(("ARFCN 20/21", points(0.0, None, 0.001)),)
)


@pytest.mark.parametrize(("language", "word"), [("zh", "帧相位变化"), ("en", "frame phase, change")])
def test_the_picture_is_sound_svg_with_its_words_as_text(language, word):
    svg = clock_picture([HISTORY], language)
    root = ElementTree.fromstring(svg)
    texts = "".join(root.itertext())
    assert word in texts
    assert "屋顶 <b>" in texts  # a name is text, never markup
    assert SUSPECT in svg.decode()


def test_the_same_evidence_is_the_same_picture():
    assert clock_picture([HISTORY], "en") == clock_picture([HISTORY], "en")


def test_without_anything_to_draw_it_says_so():
    assert "Heard too few times" in "".join(ElementTree.fromstring(clock_picture([], "en")).itertext())


@pytest.mark.parametrize(("language", "word"), [("zh", "周一"), ("en", "Mon")])
def test_the_week_is_drawn_with_its_days_and_the_same_week_alike(language, word):
    week = OnAirWeek()
    for hour in range(40):
        week = with_slot(week, (345_600 + 3600 * hour) * 10**9, heard=hour % 24 > 20)
    svg = week_picture(week, language)
    assert word in "".join(ElementTree.fromstring(svg).itertext())
    assert svg == week_picture(week, language)
    assert svg != week_picture(OnAirWeek(), language)
