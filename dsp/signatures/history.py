"""What one sensor heard before: frozen, bounded, grown by `with_look`. It is learnt from, never guessed.

A cell is kept under (carrier, BSIC), a station under its channel; those heard last stand last. Times are nanoseconds
that should not run backwards: where they do, or leap, that is counted, and what rests on spans of time begins anew.
A look copies only the few cells heard of late (`fresh`); now and then these are laid over the thousands of the others.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from typing import TypeVar

import msgspec

from dsp.fm.values import FmStation
from dsp.gsm.values import GsmCell
from dsp.signatures.carrier_memory import middle_and_sigma_ppm
from dsp.signatures.cell_clock import clock_step_ns
from dsp.signatures.cell_learning import Look
from dsp.signatures.cell_record import CellRecord, record_cell
from dsp.signatures.finding import Finding
from dsp.signatures.frame_clock import frame_phase_ns
from dsp.signatures.noise_memory import Noise, NoiseRecord, with_noise
from dsp.signatures.onset import Listened, last_listened_ns, with_windows
from dsp.signatures.oscillator import (
    MOST_SIGMA_PPM,
    LoReading,
    carrier_ppm,
    carrier_sigma_ppm,
    oscillator,
    with_readings,
)
from dsp.signatures.phase_line import residual_ns
from dsp.signatures.seen import DAY_NS
from dsp.signatures.station_clock import AT_FIRST, common
from dsp.signatures.station_clock import with_readings as station_readings
from dsp.signatures.station_face import Traits, known, too_high_ppm, traits
from dsp.signatures.station_record import StationRecord, record_absence, record_station
from dsp.signatures.trust import against_db
from dsp.signatures.visits import GONE_LOOKS

MOST_CELLS, MOST_STATIONS, MOST_NOISES = 5000, 512, 256
DOUBTED_DB = 30.0  # what reaches *watch* by itself is no baseline for others
LEARNING_DAYS = 7
LEAP_NS = 30 * DAY_NS
SOON_NS = 3600 * 10**9  # a cell silent for longer need not be missed any more
EDGE_HZ = 100e3
ABSENT_NS = 14 * DAY_NS
MOST_NEAR = 512  # cells heard of late: more than any place has
MOST_FRESH = 256
KEEPS_STEP_NS = 120 * 10**9
Window = tuple[float, float]  # lowest and highest frequency listened to

R = TypeVar("R", CellRecord, StationRecord, NoiseRecord, int)


class SiteHistory(msgspec.Struct, frozen=True, kw_only=True):
    """settled, fresh : cells by key; what `fresh` has of a cell is newer
    silent : looks in a row that covered a cell of the last hour and did not have it
    days : on which this sensor listened; the site counts as learnt after LEARNING_DAYS
    clock_ns : by how much the sensor's clock has moved against the cells it hears, since the first of them
    clock_sure_ns : when two cells or more last agreed on that
    leaps : how often time went back, or ahead by more than a month
    """

    settled: dict[str, CellRecord] = msgspec.field(name="cells", default_factory=dict)
    fresh: dict[str, CellRecord] = {}
    silent: dict[str, int] = {}
    oscillator: tuple[LoReading, ...] = ()
    stations: dict[str, StationRecord] = {}
    pilots: tuple[LoReading, ...] = ()  # what each station of late read too high by
    listened: tuple[Listened, ...] = ()  # windows of the FM band, and when
    noises: dict[str, NoiseRecord] = {}
    days: int = 0
    last_ns: int = 0
    clock_ns: float = 0.0
    clock_sure_ns: int | None = None
    leaps: int = 0

    @property
    def cells(self) -> dict[str, CellRecord]:
        """All of them, those heard last at the end."""
        return _bounded(laid_over(self.settled, self.fresh), MOST_CELLS)

    def cell(self, cell: GsmCell) -> CellRecord | None:
        return self.known(cell_key(cell))

    def known(self, key: str) -> CellRecord | None:
        return self.fresh.get(key) or self.settled.get(key)

    def station(self, freq_hz: float) -> StationRecord | None:
        return self.stations.get(station_key(freq_hz))

    @property
    def learnt(self) -> bool:
        return self.days >= LEARNING_DAYS

    def latest_cells(self, now_ns: int, within_ns: int) -> Iterator[tuple[str, CellRecord]]:
        """Cells heard within the time, the latest first, as many as any place has."""
        older = (key for key in reversed(self.settled) if key not in self.fresh)
        for key in islice(chain(reversed(self.fresh), older), MOST_NEAR):
            record = self.fresh.get(key) or self.settled[key]
            if abs(now_ns - record.last_ns) > within_ns:
                return
            yield key, record

    def with_look(
        self,
        heard: Iterable[GsmCell | FmStation],
        *,
        now_ns: int,
        findings: Iterable[Finding] = (),
        swept: Sequence[Window] = (),
        swept_fm: Sequence[Window] = (),
        noise: Noise | None = None,
    ) -> "SiteHistory":
        """What is known after this look. `findings` are those about `heard`: what is doubted is no reference.

        swept, swept_fm : what was listened to; without it no cell, and no station, is ever missed
        """
        values, findings = tuple(heard), tuple(findings)
        weights, against = weights_by_index(findings), against_db(findings)
        cells = [value for value in values if isinstance(value, GsmCell)]
        after = self._at(now_ns)._with_clock(cells, now_ns)._with_oscillator(cells, now_ns)
        look = Look(
            now_ns=now_ns,
            clock_ns=after.clock_ns,
            clock_sure=after.clock_sure_ns == now_ns,
            confirmed_ns=self.clock_sure_ns,
            oscillator=oscillator(after.oscillator, now_ns),
        )
        fresh, stations = dict(after.fresh), after.stations
        after = after._with_pilots([value for value in values if isinstance(value, FmStation)], now_ns)
        for index, value in enumerate(values):
            doubted = weights.get(index, 0.0) >= DOUBTED_DB
            if isinstance(value, GsmCell):
                key = cell_key(value)
                judged = replace(look, doubted=doubted, suspected=index in against, missed=self.silent.get(key, 0))
                fresh[key] = record_cell(fresh.pop(key, None) or self.settled.get(key), value, judged)
            else:
                stations = dict(stations) if stations is self.stations else stations
                key = station_key(value.freq_hz)
                stations[key] = record_station(
                    stations.pop(key, None),
                    value,
                    now_ns=now_ns,
                    doubted=doubted,
                    traits=after.traits(value, now_ns),
                    listened_ns=last_listened_ns(self.listened, value.freq_hz),
                )
        stations = _with_absent(stations, {value.freq_hz for value in values}, swept_fm, now_ns)
        keys = {cell_key(cell) for cell in cells}
        return msgspec.structs.replace(
            after,
            **_settling(self.settled, fresh),
            silent=_silent(self, keys, swept, now_ns),
            stations=_bounded(stations, MOST_STATIONS),
            listened=with_windows(self.listened, swept_fm, now_ns) if swept_fm else self.listened,
            noises=_with_noise(self.noises, noise, now_ns),
        )

    def restarted(self) -> "SiteHistory":
        """For a new run of the receiver: its oscillator begins cold, and nobody listened meanwhile."""
        return msgspec.structs.replace(self, oscillator=(), pilots=(), listened=(), silent={}, clock_sure_ns=None)

    def moved(self, freqs_hz: Iterable[float], *, now_ns: int) -> "SiteHistory":
        """A second look showed that these move with the receiver's centre: they are made in it."""
        keys = {station_key(freq_hz) for freq_hz in freqs_hz} & set(self.stations)
        marked = {key: msgspec.structs.replace(self.stations[key], moved_ns=now_ns) for key in keys}
        return msgspec.structs.replace(self, stations=self.stations | marked) if marked else self

    def traits(self, station: FmStation, now_ns: int) -> Traits | None:
        """What tells its transmitter from others, by the sensor's oscillator as the other stations show it."""
        record = self.station(station.freq_hz)
        lo = common(self.pilots, now_ns, but=station_key(station.freq_hz))
        if lo is None and (record is None or not known(record.faces)):
            lo = AT_FIRST
        return traits(station, lo)

    def clock_sure(self, now_ns: int) -> bool:
        return self.clock_sure_ns is not None and 0 <= now_ns - self.clock_sure_ns <= KEEPS_STEP_NS

    def _at(self, now_ns: int) -> "SiteHistory":
        """A day more when it is another one; a leap counted."""
        if not self.last_ns:
            return msgspec.structs.replace(self, last_ns=now_ns, days=max(self.days, 1))
        passed_ns = now_ns - self.last_ns
        leapt = passed_ns < 0 or passed_ns > LEAP_NS
        days = self.days + (passed_ns > 0 and now_ns // DAY_NS != self.last_ns // DAY_NS)
        return msgspec.structs.replace(self, last_ns=now_ns, days=days, leaps=self.leaps + leapt)

    def _with_clock(self, cells: Sequence[GsmCell], now_ns: int) -> "SiteHistory":
        """Where the sensor's own clock stands, by all cells of the look whose line is known."""
        jumps = []
        for cell in cells:
            record, phase_ns = self.cell(cell), frame_phase_ns(cell)
            if record is not None and record.clock is not None and phase_ns is not None:
                jumps.append(residual_ns(record.clock.line, phase_ns - self.clock_ns, now_ns))
        step_ns = clock_step_ns(jumps)
        if step_ns is None:
            return self
        return msgspec.structs.replace(self, clock_ns=self.clock_ns + step_ns, clock_sure_ns=now_ns)

    def _with_oscillator(self, cells: Sequence[GsmCell], now_ns: int) -> "SiteHistory":
        """Readings of the cells that were measured well and nobody doubts, what is usual for each taken out."""
        new = []
        for cell in cells:
            record, key = self.cell(cell), cell_key(cell)
            if carrier_sigma_ppm(cell) <= MOST_SIGMA_PPM and (record is None or not record.doubted):
                usual = 0.0 if record is None or record.carrier is None else middle_and_sigma_ppm(record.carrier)[0]
                new.append(LoReading(key, now_ns, carrier_ppm(cell) - usual))
        if not new and not self.oscillator:
            return self
        return msgspec.structs.replace(self, oscillator=with_readings(self.oscillator, new, now_ns))

    def _with_pilots(self, stations: Sequence[FmStation], now_ns: int) -> "SiteHistory":
        new = []
        for station in stations:
            record, key = self.station(station.freq_hz), station_key(station.freq_hz)
            reading = too_high_ppm(station, () if record is None else record.faces)
            if reading is not None:
                new.append(LoReading(key, now_ns, reading))
        return msgspec.structs.replace(self, pilots=station_readings(self.pilots, new, now_ns)) if new else self


def _with_absent(
    stations: dict[str, StationRecord], heard_hz: set[float], swept: Sequence[Window], now_ns: int
) -> dict[str, StationRecord]:
    """Those of the last two weeks whose channel was listened to in vain. Their places stay as they are."""
    absent = {
        key: record_absence(record, now_ns=now_ns)
        for key, record in (stations.items() if swept else ())
        if any(low + EDGE_HZ <= record.freq_hz <= high - EDGE_HZ for low, high in swept)
        and 0 < now_ns - record.last_ns <= ABSENT_NS
        and all(abs(freq_hz - record.freq_hz) >= EDGE_HZ for freq_hz in heard_hz)
    }
    return stations | absent if absent else stations


def _with_noise(noises: dict[str, NoiseRecord], noise: Noise | None, now_ns: int) -> dict[str, NoiseRecord]:
    if noise is None:
        return noises
    others = {key: record for key, record in noises.items() if key != noise.key}
    return _bounded(others | {noise.key: with_noise(noises.get(noise.key), noise, now_ns)}, MOST_NOISES)


def weights_by_index(findings: Iterable[Finding]) -> dict[int, float]:
    sums: dict[int, float] = {}
    for finding in findings:
        if finding.about is not None:
            sums[finding.about] = sums.get(finding.about, 0.0) + finding.weight_db
    return sums


def cell_key(cell: GsmCell) -> str:
    return f"{round(cell.freq_hz / 100e3)}/{cell.bsic}"


def station_key(freq_hz: float) -> str:
    return str(round(freq_hz / 50e3))


def laid_over(settled: dict[str, CellRecord], fresh: dict[str, CellRecord]) -> dict[str, CellRecord]:
    return {key: record for key, record in settled.items() if key not in fresh} | fresh


def _settling(settled: dict[str, CellRecord], fresh: dict[str, CellRecord]) -> dict[str, dict[str, CellRecord]]:
    """`fresh` is laid over the others once it is large."""
    if len(fresh) <= MOST_FRESH:
        return {"fresh": fresh}
    return {"settled": _bounded(laid_over(settled, fresh), MOST_CELLS), "fresh": {}}


def _silent(history: SiteHistory, heard: set[str], swept: Sequence[Window], now_ns: int) -> dict[str, int]:
    """How often cells of the last hour should have been heard, and were not."""
    silent = {key: times for key, times in history.silent.items() if key not in heard}
    for key, record in history.latest_cells(now_ns, SOON_NS) if swept else ():
        if key in heard or silent.get(key, 0) >= GONE_LOOKS:
            continue
        if any(low + EDGE_HZ <= record.freq_hz <= high - EDGE_HZ for low, high in swept):
            silent[key] = silent.pop(key, 0) + 1
    return _bounded(silent, MOST_NEAR)


def _bounded(records: dict[str, R], most: int) -> dict[str, R]:
    """Those heard last stay."""
    return records if len(records) <= most else dict(islice(records.items(), len(records) - most, None))
