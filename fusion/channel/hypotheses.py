"""How many emitters are on a channel: one, two or three, by marginal likelihood, and which receiver hears which.

Each hypothesis is a partition of the receivers that hear something. Its evidence is the product of its emitters'
evidences, each averaged over all places it could be at: a further emitter pays for its place and its power by itself.
Besides, it pays a price for being there at all: seldom do two share a channel unnoticed.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr

from fusion.channel.places import TIME_PRIOR_M, Fitted, Map, fitted
from fusion.channel.receivers import Receivers

Floats = NDArray[np.float64]
Partition = tuple[int, ...]  # number of the emitter that each telling receiver hears
MOST_EMITTERS = 3
PRICE_NATS = 3.0  # a second emitter unnoticed on a suspected channel: one in 20
LEAST_TELLING = 4
SEEDS, ROUNDS, KEPT = 6, 4, 2


@dataclass(frozen=True, slots=True, eq=False)
class Hypothesis:
    """members : for each emitter the numbers of its receivers. log_evidence : with the price of each but the first."""

    members: tuple[tuple[int, ...], ...]
    emitters: tuple[Fitted, ...]
    log_evidence: float


def hypotheses(chart: Map) -> tuple[Hypothesis, ...]:
    """The best of each number of emitters, likeliest first. With too few receivers there is one emitter."""
    search = _Search(chart)
    found = [search.best([(0,) * len(search.telling)])]
    while len(found) < MOST_EMITTERS and len(search.telling) >= LEAST_TELLING * len(found):
        starts = search.split(found[-1])
        more = search.best(starts) if starts else found[-1]
        if len(more.members) == len(found[-1].members):
            break
        found.append(more)
        if more.log_evidence < found[-2].log_evidence:
            break
    return tuple(sorted(found, key=lambda h: -h.log_evidence))


def given(chart: Map, partition: Partition) -> Hypothesis:
    """One partition of the telling receivers, as it is."""
    return _Search(chart).hypothesis(_numbered(partition))


class _Search:
    """Remembers what was computed: many partitions share an emitter."""

    def __init__(self, chart: Map) -> None:
        self.chart, self.telling = chart, chart.seen.telling
        self._fitted: dict[tuple[int, ...], Fitted] = {}

    def best(self, starts: Iterable[Partition]) -> Hypothesis:
        """Of the starts, each improved until it stays; the best then by moving receivers one by one."""
        tried: dict[Partition, Hypothesis] = {}
        for start in starts:
            partition = start
            for _ in range(ROUNDS):
                partition = _numbered(partition)
                if partition in tried:
                    break
                tried[partition] = self.hypothesis(partition)
                partition = self._again(tried[partition])
        ordered = sorted(tried.items(), key=lambda item: -item[1].log_evidence)[:KEPT]
        return max((self._moved(p, h) for p, h in ordered), key=lambda h: h.log_evidence)

    def split(self, one: Hypothesis) -> list[Partition]:
        """Starts with one emitter more: about pairs of loud receivers, and by taking out what fits worst."""
        base = self._partition(one)
        number = len(one.members)
        return [
            partition
            for rule in (self._about_pairs, self._worst)
            for partition in rule(one, base, number)
            if len(set(partition)) == number + 1
        ]

    def hypothesis(self, partition: Partition) -> Hypothesis:
        labels = np.array(partition)
        members = tuple(tuple(self.telling[labels == k].tolist()) for k in range(labels.max() + 1))
        emitters = tuple(self._fit(m) for m in members)
        price = PRICE_NATS * (len(members) - 1)
        log_evidence = sum(e.log_evidence for e in emitters) + self._astray(labels) - price
        return Hypothesis(members, emitters, log_evidence)

    def _fit(self, members: tuple[int, ...]) -> Fitted:
        if members not in self._fitted:
            mine = np.zeros(len(self.chart.seen.sensors), bool)
            mine[list(members)] = True
            self._fitted[members] = fitted(self.chart, mine)
        return self._fitted[members]

    def _astray(self, labels: NDArray[np.int64]) -> float:
        """Log-likelihood of time differences between receivers of different emitters: they may be anything."""
        seen = self.chart.seen
        label = np.full(len(seen.sensors), -1)
        label[self.telling] = labels
        apart = label[seen.first] != label[seen.second]
        return -float(apart.sum()) * float(np.log(TIME_PRIOR_M))

    def _partition(self, one: Hypothesis) -> Partition:
        label = {n: k for k, members in enumerate(one.members) for n in members}
        return tuple(label[n] for n in self.telling.tolist())

    def _again(self, one: Hypothesis) -> Partition:
        """Every receiver given to the emitter that makes what it has likeliest."""
        scores = np.stack([self._score(one, k) for k in range(len(one.emitters))])
        return tuple(int(k) for k in scores.argmax(axis=0))

    def _score(self, one: Hypothesis, k: int) -> Floats:
        """Log-likelihood of what each telling receiver has, if it hears emitter k and no other is louder there."""
        seen, telling = self.chart.seen, self.telling
        level = seen.level_dbm[telling]
        logs = np.zeros(len(telling))
        for j, other in enumerate(one.emitters):
            sigma = np.sqrt(other.level_db2[telling] + seen.sigma_db[telling] ** 2)
            off = (level - other.level_dbm[telling]) / sigma
            logs += np.nan_to_num(-0.5 * off**2 - np.log(sigma) if j == k else log_ndtr(off))
        share = one.emitters[k].share
        by_bearing = np.log(np.exp(self.chart.bearings) @ share + 1e-300)
        for number, receiver in enumerate(telling):
            logs[number] += by_bearing[seen.by == receiver].sum()
        return logs + self._by_differences(one, k)

    def _by_differences(self, one: Hypothesis, k: int) -> Floats:
        seen, logs = self.chart.seen, np.zeros(len(self.telling))
        if not len(seen.first):
            return logs
        likely = np.log(np.exp(self.chart.differences) @ one.emitters[k].share + 1e-300)
        for number, receiver in enumerate(self.telling.tolist()):
            to = np.where(seen.first == receiver, seen.second, np.where(seen.second == receiver, seen.first, -1))
            logs[number] = likely[np.isin(to, one.members[k])].sum()
        return logs

    def _moved(self, partition: Partition, one: Hypothesis) -> Hypothesis:
        """Better by giving one receiver to another emitter, while that helps."""
        improved = len(one.members) > 1
        while improved:
            improved = False
            for number in range(len(partition)):
                for k in set(partition) - {partition[number]}:
                    other = _numbered((*partition[:number], k, *partition[number + 1 :]))
                    if len(set(other)) != len(set(partition)):
                        continue
                    found = self.hypothesis(other)
                    if found.log_evidence > one.log_evidence + 1e-6:
                        partition, one, improved = other, found, True
                        break
        return one

    def _about_pairs(self, one: Hypothesis, base: Partition, number: int) -> list[Partition]:
        """Each emitter's receivers parted by which of two of its loud ones is nearer."""
        seen, found = self.chart.seen, []
        for k, members in enumerate(one.members):
            loud = sorted(members, key=lambda n: -np.nan_to_num(seen.level_dbm[n], nan=-200.0))[:SEEDS]
            for a, b in combinations(loud, 2):

                def nearer(n: int, a: int = a, b: int = b) -> bool:
                    return _metres(seen, n, b) < _metres(seen, n, a)

                found.append(self._parted(base, k, number, nearer))
        return found

    def _worst(self, one: Hypothesis, base: Partition, number: int) -> list[Partition]:
        """The receivers that fit their emitter worst, some few or many of them, to a new one."""
        found = []
        for k, members in enumerate(one.members):
            scores = dict(zip(self.telling.tolist(), self._score(one, k).tolist(), strict=True))
            ordered = sorted(members, key=lambda n: scores[n])
            for count in {1, 2, len(members) // 3, len(members) // 2} & set(range(1, len(members))):
                found.append(self._parted(base, k, number, set(ordered[:count]).__contains__))
        return found

    def _parted(self, base: Partition, k: int, number: int, new: Callable[[int], bool]) -> Partition:
        labelled = zip(self.telling.tolist(), base, strict=True)
        return tuple(number if label == k and new(n) else label for n, label in labelled)


def _metres(seen: Receivers, a: int, b: int) -> float:
    return float(np.hypot(seen.east_m[a] - seen.east_m[b], seen.north_m[a] - seen.north_m[b]))


def _numbered(partition: Partition) -> Partition:
    """Emitters numbered in the order of their first receivers."""
    order = {label: number for number, label in enumerate(dict.fromkeys(partition))}
    return tuple(order[label] for label in partition)
