"""Answers that many pages ask for at once: made once, kept until something of their kind changes."""

import threading
import time
from collections.abc import Callable

from server.news import News

LONGEST_S = 1.0  # ages and silences change without news


class Answers:
    """Remembers, for each question, the answer as bytes and the state of the news it was made in."""

    def __init__(self, news: News) -> None:
        self._news = news
        self._lock = threading.Lock()
        self._locks: dict[object, threading.Lock] = {}
        self._kept: dict[object, tuple[int, float, bytes]] = {}

    def get(self, question: object, kinds: tuple[str, ...], make: Callable[[], bytes]) -> bytes:
        """Several threads with the same question wait for one of them to make the answer."""
        with self._lock:
            lock = self._locks.setdefault(question, threading.Lock())
        with lock:
            version, now = self._news.version(*kinds), time.monotonic()
            kept = self._kept.get(question)
            if kept is not None and kept[0] == version and now - kept[1] < LONGEST_S:
                return kept[2]
            answer = make()
            self._kept[question] = (version, now, answer)
            return answer
