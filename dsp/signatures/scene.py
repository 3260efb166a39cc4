"""What a signature may look at besides the cell or station it judges."""

import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import compress, islice

from dsp.fm.values import FmStation
from dsp.gsm.values import GsmCell
from dsp.signatures.band_plan import BandPlan, Operator
from dsp.signatures.cell_record import CellRecord
from dsp.signatures.history import SiteHistory, cell_key
from dsp.signatures.licences import FmLicence, Licences, holds
from dsp.signatures.opening import Opening, opening
from dsp.signatures.oscillator import Oscillator, oscillator
from dsp.signatures.recent import Recent, sorted_out
from dsp.signatures.relative_carrier import RelativeCarrier, relative_carrier
from dsp.signatures.station_face import Face, Traits, known
from dsp.signatures.station_record import StationRecord, trusted_pi
from dsp.signatures.weights import Weights

NEAR_IN_TIME_NS = 30 * 60 * 10**9
MANY_CELLS = 12  # a median of so many is not moved by one
MOST_RECENT, MOST_NEIGHBOURS = 192, 96  # more than any place has: whatever is heard, a look costs no more
LICENCE_REACH_HZ = 50e3
LEAST_OTHERS = 2  # stations of a look by which a change of the receiver's own gain is known


@dataclass(frozen=True, slots=True, eq=False)
class GsmScene:
    """One look at GSM.

    before : what the sensor knew before this look
    after  : the same with this look added
    plan   : None: nothing is known of who may use what
    """

    cells: tuple[GsmCell, ...]
    before: SiteHistory
    after: SiteHistory
    licences: Licences
    plan: BandPlan | None
    weights: Weights
    now_ns: int
    _near: dict[str, tuple[CellRecord, ...]] = field(default_factory=dict, init=False, repr=False)  # by cell, as asked
    _records: dict[int, CellRecord] = field(default_factory=dict, init=False, repr=False)  # by cell of the look
    _carriers: dict[int, RelativeCarrier | None] = field(default_factory=dict, init=False, repr=False)
    _oscillators: dict[str | None, Oscillator | None] = field(default_factory=dict, init=False, repr=False)
    _recent: list[Recent] = field(default_factory=list, init=False, repr=False)  # one, once asked for

    def past(self, cell: GsmCell) -> CellRecord | None:
        return self.before.cell(cell)

    def record(self, cell: GsmCell) -> CellRecord:
        record = self._records.get(id(cell)) or self.after.cell(cell)
        assert record is not None  # of this very look
        self._records[id(cell)] = record
        return record

    @property
    def recent(self) -> Recent:
        """The cells that this sensor heard of late."""
        if not self._recent:
            self._recent.append(sorted_out(islice(self.after.latest_cells(self.now_ns, NEAR_IN_TIME_NS), MOST_RECENT)))
        return self._recent[0]

    def neighbours(self, cell: GsmCell) -> tuple[CellRecord, ...]:
        """Other cells of the same network that this sensor heard of late and does not doubt, the latest first."""
        own = cell_key(cell)
        if own not in self._near:
            self._near[own] = tuple(islice(self._of_network(cell, own), MOST_NEIGHBOURS))
        return self._near[own]

    def _of_network(self, cell: GsmCell, own: str) -> Iterator[CellRecord]:
        if cell.mcc is None:
            return
        for key, record in self.recent.by_network.get((cell.mcc, cell.mnc), ()):
            if key != own and not record.doubted:
                yield record

    def paging_rates(self, cell: GsmCell) -> list[tuple[int | None, float]]:
        """(LAC, pagings a block) of the other cells of its network that were listened to for long enough."""
        own, rates = cell_key(cell), self.recent.paging.get((cell.mcc, cell.mnc), ())
        return [(lac, rate) for key, lac, rate in rates if key != own and cell.mcc is not None]

    def paging_rates_elsewhere(self, cell: GsmCell) -> list[float]:
        """The same of all other networks together."""
        networks = self.recent.paging.items()
        return [rate for network, rates in networks if network != (cell.mcc, cell.mnc) for _, _, rate in rates]

    def namesakes(self, cell: GsmCell, within_ns: int) -> tuple[CellRecord, ...]:
        """Other transmitters heard within the time that say the same network and cell identity."""
        own, named = cell_key(cell), self.recent.by_name.get((cell.mcc, cell.mnc, cell.ci), ())
        return tuple(r for key, r in named if key != own and abs(self.now_ns - r.last_ns) <= within_ns)

    def carrier(self, cell: GsmCell) -> RelativeCarrier | None:
        """How far its carrier is off, against other cells of the look, or all that were heard of late."""
        if id(cell) not in self._carriers:
            self._carriers[id(cell)] = relative_carrier(cell, self.cells, self.before, self.oscillator(cell))
        return self._carriers[id(cell)]

    def oscillator(self, cell: GsmCell) -> Oscillator | None:
        """Where the sensor's own oscillator stands: by the other cells, or by all where one among them is nothing."""
        readings = self.after.oscillator
        own = cell_key(cell) if len({reading.key for reading in readings}) < MANY_CELLS else None
        if own not in self._oscillators:
            self._oscillators[own] = oscillator(readings, self.now_ns, but=own)
        return self._oscillators[own]

    def operator(self, cell: GsmCell) -> Operator | None:
        if self.plan is None or cell.mcc is None or cell.mnc is None:
            return None
        return self.plan.operator(cell.mcc, cell.mnc)

    def railway(self, cell: GsmCell) -> bool:
        operator = self.operator(cell)
        return operator is not None and operator.railway


@dataclass(frozen=True, slots=True, eq=False)
class FmScene:
    """One look at the FM band; `before` and `after` as in GsmScene."""

    stations: tuple[FmStation, ...]
    before: SiteHistory
    after: SiteHistory
    licences: Licences
    now_ns: int
    _channels: dict[int, tuple[tuple[FmLicence, ...], tuple[FmLicence, ...]]] = field(
        default_factory=dict, init=False, repr=False
    )  # by station of the look, as asked
    _faces: dict[int, tuple[Face, ...]] = field(default_factory=dict, init=False, repr=False)
    _traits: dict[int, Traits | None] = field(default_factory=dict, init=False, repr=False)
    _opening: list[Opening] = field(default_factory=list, init=False, repr=False)  # one, once asked for

    def past(self, station: FmStation) -> StationRecord | None:
        return self.before.station(station.freq_hz)

    def record(self, station: FmStation) -> StationRecord | None:
        return self.after.station(station.freq_hz)

    def traits(self, station: FmStation) -> Traits | None:
        """As SiteHistory.traits, by all that this sensor heard of late."""
        if id(station) not in self._traits:
            self._traits[id(station)] = self.after.traits(station, self.now_ns)
        return self._traits[id(station)]

    @property
    def opening(self) -> Opening:
        """Whether strangers come in, by all that this sensor heard of late."""
        if not self._opening:
            self._opening.append(opening(self.after, self.licences, self.now_ns))
        return self._opening[0]

    def faces(self, station: FmStation) -> tuple[Face, ...]:
        """Of the transmitters that are known on its channel, the most seen first."""
        if id(station) not in self._faces:
            past = self.past(station)
            self._faces[id(station)] = () if past is None else known(past.faces)
        return self._faces[id(station)]

    def rise_db(self, station: FmStation) -> float | None:
        """How much louder than usual it is, over what the other known stations of the look are; None: not known."""
        own = self._rise_db(station)
        if own is None:
            return None
        others = [rise for each in self.stations if each is not station and (rise := self._rise_db(each)) is not None]
        return own - (statistics.median(others) if len(others) >= LEAST_OTHERS else 0.0)

    def _rise_db(self, station: FmStation) -> float | None:
        faces = self.faces(station)
        usual = faces[0].level_db if faces else None
        return None if usual is None else station.level_dbfs - usual.mean

    def may_be_its_own(self, station: FmStation) -> bool:
        """A licence holds on the channel, or no list says whose it is."""
        return bool(self.licensed(station)) or not self.licences.fm

    def licensed(self, station: FmStation) -> tuple[FmLicence, ...]:
        """Licences that hold now whose channel this is, nearest frequency first."""
        return self._on_channel(station)[0]

    def lapsed(self, station: FmStation) -> tuple[FmLicence, ...]:
        """Licences of the channel that do not hold now: run out, to come, or outside their hours."""
        return self._on_channel(station)[1]

    def _on_channel(self, station: FmStation) -> tuple[tuple[FmLicence, ...], tuple[FmLicence, ...]]:
        """Those that hold, and those that do not. Every signature asks."""
        known = self._channels.get(id(station))
        if known is None:
            pi, near = trusted_pi(station), self.licences.near(station.freq_hz, LICENCE_REACH_HZ)
            held = [holds(each, self.now_ns, pi) for each in near]
            known = (tuple(compress(near, held)), tuple(compress(near, (not each for each in held))))
            self._channels[id(station)] = known
        return known
