"""Emitters on the air, by service, name and network, so that one is held against few and not against all."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from fusion.network import against_db, network_key
from fusion.values import Emitter

ALIVE_NS = 600 * 10**9
SUSPECT_DB = 15.0  # with so much against it, a cell does not speak for its network
Name = tuple[str | None, str | None, int | None, int | None]


class OnAir:
    """Remembers who was heard in the last minutes; `put` after each change of one."""

    def __init__(self, emitters: Iterable[Emitter], now_ns: int) -> None:
        self._now_ns = now_ns
        self._by_service: dict[str, dict[str, Emitter]] = defaultdict(dict)
        self._by_name: dict[Name, dict[str, Emitter]] = defaultdict(dict)
        self._trusted: dict[str | None, dict[str, Emitter]] = defaultdict(dict)
        self._areas: dict[str | None, Counter[int]] = defaultdict(Counter)
        for emitter in emitters:
            self.put(emitter)

    def put(self, emitter: Emitter) -> None:
        """Once more, with what was found of it; what it is called stays."""
        if self._now_ns - emitter.last_seen_utc_ns > ALIVE_NS:
            return
        self._by_service[emitter.service][emitter.id] = emitter
        if emitter.service == "gsm":
            self._by_name[_name(emitter)][emitter.id] = emitter
            self._trust(emitter)

    def _trust(self, emitter: Emitter) -> None:
        key = network_key(emitter)
        trusted, areas = self._trusted[key], self._areas[key]
        before = trusted.pop(emitter.id, None)
        if before is not None and before.lac is not None:
            areas[before.lac] -= 1
        if against_db(emitter) < SUSPECT_DB:
            trusted[emitter.id] = emitter
            if emitter.lac is not None:
                areas[emitter.lac] += 1

    def others(self, emitter: Emitter) -> tuple[Emitter, ...]:
        """Of the service."""
        return tuple(other for other in self._by_service[emitter.service].values() if other.id != emitter.id)

    def namesakes(self, emitter: Emitter) -> list[Emitter]:
        """Other cells that say they are the same."""
        return [other for other in self._by_name[_name(emitter)].values() if other.id != emitter.id]

    def cousins(self, emitter: Emitter) -> list[Emitter]:
        """Other cells of its network that speak for it."""
        return [other for other in self._trusted[network_key(emitter)].values() if other.id != emitter.id]

    def areas(self, emitter: Emitter) -> Counter[int]:
        """How many of them each location area has."""
        key = network_key(emitter)
        found = +self._areas[key]
        if emitter.lac is not None and emitter.id in self._trusted[key]:
            found[emitter.lac] -= 1
        return +found


def _name(emitter: Emitter) -> Name:
    return emitter.mcc, emitter.mnc, emitter.lac, emitter.ci
