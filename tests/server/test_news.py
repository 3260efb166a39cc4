import asyncio
import threading

import pytest

from server.news import EVERYTHING, KEPT, WAITING, News, UnknownKind


async def first(news: News, count: int, *, after: int | None = None) -> list[tuple[str, str]]:
    async with news.subscribe(after=after) as changes:
        return [(c.kind, c.id) async for c, _ in _limited(changes, count)]


async def _limited(changes, count):
    for n in range(count):
        yield await anext(changes), n


def test_a_change_published_in_another_thread_reaches_the_reader():
    async def run() -> tuple[str, str]:
        news = News()
        async with news.subscribe() as changes:
            threading.Timer(0.02, news.publish, ("case", "c1")).start()
            change = await asyncio.wait_for(anext(changes), 1.0)
        return change.kind, change.id

    assert asyncio.run(run()) == ("case", "c1")


def test_the_same_thing_changed_twice_while_waiting_is_told_once():
    async def run() -> list[tuple[int, str]]:
        news = News()
        async with news.subscribe() as changes:
            for id in ("a", "b", "a"):
                news.publish("emitter", id)
            return [(c.number, c.id) for c in changes.take()]

    assert asyncio.run(run()) == [(2, "b"), (3, "a")]


def test_a_reader_that_does_not_read_is_told_to_look_at_everything_and_holds_little():
    async def run() -> list[object]:
        news = News()
        async with news.subscribe() as changes:
            for n in range(WAITING + 1):
                news.publish("report", str(n))
            return list(changes.take())

    assert asyncio.run(run()) == [EVERYTHING]


def test_who_comes_back_with_a_number_is_told_what_was_missed():
    news = News()
    for id in ("1", "2", "3"):
        news.publish("case", id)
    assert asyncio.run(first(news, 2, after=1)) == [("case", "2"), ("case", "3")]


@pytest.mark.parametrize("after", [0, KEPT * 10])
def test_who_comes_back_too_late_or_from_another_life_looks_at_everything(after: int):
    news = News()
    for n in range(KEPT + 5):
        news.publish("report", str(n))
    assert asyncio.run(first(news, 1, after=after)) == [("everything", "")]


def test_a_reader_that_went_away_does_not_stop_the_writer():
    news = News()
    asyncio.run(first(_with_one(news), 1, after=0))
    news.publish("case", "later")


def _with_one(news: News) -> News:
    news.publish("case", "x")
    return news


def test_a_kind_nobody_knows_is_refused():
    with pytest.raises(UnknownKind):
        News().publish("weather", "1")


def test_versions_rise_only_with_their_own_kinds():
    news = News()
    news.publish("case", "1")
    before = news.version("case")
    news.publish("sensor", "1")
    assert news.version("case") == before < news.version("case", "sensor")


def test_a_reader_is_let_go_when_the_news_are_closed():
    async def run() -> list[object]:
        news = News()
        async with news.subscribe() as changes:
            threading.Timer(0.02, news.close).start()
            return [change async for change in changes]

    assert asyncio.run(asyncio.wait_for(run(), 1.0)) == []
