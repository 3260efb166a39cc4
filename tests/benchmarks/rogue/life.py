"""One town, one sensor, and chance: what the events of innocent life act on."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from tests.benchmarks.rogue.receiver import Receiver
from tests.benchmarks.rogue.town import Town
from tests.benchmarks.rogue.transmitter import Transmitter

HOUR = 3600.0


@dataclass
class Life:
    """One town, one sensor, and chance."""

    town: Town
    receiver: Receiver
    rng: np.random.Generator
    on_restart: Callable[[], None] = lambda: None  # what else begins anew with the sensor's program
    later: list[tuple[float, Callable[[], None]]] = field(default_factory=list)

    def settle(self, time_s: float) -> None:
        """What was due until now."""
        due = sorted((each for each in self.later if each[0] <= time_s), key=lambda each: each[0])
        self.later = [each for each in self.later if each[0] > time_s]
        for _, act in due:
            act()
        self.town.transmitters = [t for t in self.town.transmitters if t.until_s > time_s - HOUR]

    def macro(self) -> list[Transmitter]:
        return [t for t in self.town.transmitters if t.kind == "macro"]

    def any_cell(self) -> Transmitter:
        cells = [t for t in self.macro() if not t.broadcast.plmn.endswith("-20")]
        return cells[int(self.rng.integers(len(cells)))]

    def network(self) -> list[Transmitter]:
        """All cells of Mobile, or of Unicom, as far as they are heard."""
        return self.town.of(self.any_cell().broadcast.plmn)

    def site(self) -> list[Transmitter]:
        """The sectors of one mast."""
        one = self.any_cell()
        return [t for t in self.macro() if (t.east_m, t.north_m) == (one.east_m, one.north_m)]

    def free_channel(self, plmn: str) -> int:
        network = next(n for n in self.town.networks if n.plmn == plmn)
        used = {t.broadcast.arfcn for t in self.town.transmitters}
        return int(self.rng.choice([a for a in network.channels if a not in used] or network.channels))
