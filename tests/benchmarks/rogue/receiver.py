"""One sensor with one dongle: sweeps GSM 900 window by window and reports what it could read of each cell.

Errors are those the receiver was measured to have: blocks lost by carrier to noise, carrier and clock noise, System
Information heard piece by piece and remembered, the oscillator of the dongle common to all cells of a look, the
computer's time of arrival off by up to a millisecond. Rarely a weak cell is read with a wrong frame number or colour.
"""

import dataclasses
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import msgspec
import numpy as np

from dsp.gsm.values import GsmCell, PagingCounts
from tests.benchmarks.rogue.dongle import (
    BAND_HZ,
    DWELL_S,
    NOISE_DBM,
    START_NS,
    TUNE_S,
    WINDOW_HZ,
    WINDOWS,
    Clock,
    Lo,
    Look,
    window_hz,
)
from tests.benchmarks.rogue.transmitter import Transmitter
from tests.benchmarks.rogue.words import Heard, Words

CAPTURE_DB = 5.0  # by which a cell must stand over the others of its channel
MANY = 10  # readings of one message beyond which nothing is counted


@dataclass
class Receiver:
    """Remembers which System Information it read of whom."""

    rng: np.random.Generator
    lo: Lo
    clock: Clock
    calibrated: bool = True
    gain_db: float = 0.0  # of the antenna as it stands now, against before
    decoder_errors: float = 1e-4  # of the looks at weak cells
    _used: set[int] = field(default_factory=set)  # windows
    _memory: dict[tuple[int, int, float], tuple[Words, dict[str, int]]] = field(default_factory=dict)

    def restart(self, time_s: float) -> None:
        self._memory.clear()
        self.lo.started_s = time_s

    def copy(self, rng: np.random.Generator) -> "Receiver":
        """The same, with other chance; what it reads from now on the first does not know."""
        memory = {key: (words, dict(known)) for key, (words, known) in self._memory.items()}
        lo = dataclasses.replace(self.lo)
        return dataclasses.replace(self, rng=rng, lo=lo, _memory=memory)

    def sweep(self, on_air: Sequence[Transmitter], start_s: float) -> Iterator[Look]:
        """Each window in turn, but those in which nothing was ever on the air."""
        by_window: dict[int, list[Transmitter]] = {}
        for each in on_air:
            by_window.setdefault(window_of(each), []).append(each)
        for window in range(WINDOWS):
            time_s = start_s + window * (DWELL_S + TUNE_S)
            there = by_window.get(window, ())
            if there:
                self._used.add(window)
            if window in self._used:
                yield Look(time_s, window_hz(window), self.look(there, time_s))

    def look(self, on_air: Sequence[Transmitter], time_s: float) -> tuple[GsmCell, ...]:
        """The cells of one window; of a channel the one that stands over the rest."""
        levels = {id(t): self._level_dbm(t, time_s) for t in on_air if t.on_air(time_s)}
        late_s = self.clock.error_s(time_s) + abs(self.rng.normal(0.0, 3e-4))
        heard = []
        for each in on_air:
            if id(each) not in levels:
                continue
            cnr_db = self._cnr_db(each, on_air, levels)
            if self.rng.random() < _share_read(cnr_db + 2.5):
                heard.append(self._cell(each, levels[id(each)], cnr_db, time_s, late_s))
        return tuple(against_others(heard))

    def _level_dbm(self, each: Transmitter, time_s: float) -> float:
        slow = 2.0 * math.sin(2 * math.pi * time_s / 86_400.0 + each.clock.phase_ns)
        return each.median_dbm(time_s) + self.gain_db + slow + self.rng.normal(0.0, each.fading_db)

    def _cnr_db(self, each: Transmitter, on_air: Sequence[Transmitter], levels: dict[int, float]) -> float:
        """Against noise and whoever else is on the channel. The loudest is captured when it stands clear."""
        own, noise = levels[id(each)], 10 ** (NOISE_DBM / 10)
        rivals = [levels[id(o)] for o in on_air if o is not each and id(o) in levels and _same_channel(o, each)]
        if rivals and own < max(rivals) + CAPTURE_DB:
            return -20.0
        return float(min(own - 10 * math.log10(noise + sum(10 ** (r / 10) for r in rivals)), 55.0))

    def _cell(self, each: Transmitter, level_dbm: float, cnr_db: float, time_s: float, late_s: float) -> GsmCell:
        share = _share_read(cnr_db)
        wrong = cnr_db < 6.0 and self.rng.random() < self.decoder_errors
        words = each.words.as_heard(self._heard(each, share))
        frame, began_ns = each.clock.frame_at(time_s)
        sigma_hz = float(np.clip(1.2 * 10 ** ((11.0 - cnr_db) / 20.0), 0.5, 12.0))
        off_hz = (each.clock.ppm_at(time_s) - self.lo.at(time_s, window_of(each))) * 1e-6 * words.freq_hz
        blocks = int(self.rng.binomial(76, share))
        return msgspec.structs.replace(
            words,
            level_dbfs=level_dbm + 30.0,
            level_dbm=level_dbm if self.calibrated else None,
            cnr_db=cnr_db,
            carrier_offset_hz=off_hz + float(self.rng.standard_t(4)) * 0.7 * sigma_hz,
            carrier_offset_sigma_hz=sigma_hz,
            frame_number=(frame + int(self.rng.integers(1, 2_000_000))) % 2_715_648 if wrong else frame,
            frame_sample=(time_s * 2.4e6) % 1e12,
            frame_sample_sigma=0.02,
            frame_time_utc_ns=START_NS + round(began_ns + late_s * 1e9 + self.rng.normal(0.0, 500.0)),
            seconds=DWELL_S,
            sch_read=int(self.rng.binomial(42, share)),
            blocks_read=blocks + 8,
            blocks_failed=76 - blocks,
            paging=self._paging(each, blocks, time_s),
        )

    def _heard(self, each: Transmitter, share: float) -> Heard:
        """What is known of it after this look: one cycle of the schedule goes by in a look."""
        words = each.words
        key = (*each.channel, each.clock.phase_ns)
        before = self._memory.get(key)
        known = before[1] if before is not None and _same_name(before[0], words) else {}
        for kind in words.schedule[int(self.rng.integers(len(words.schedule)))]:
            if known.get(kind, 0) < MANY and self.rng.random() < share:
                known[kind] = known.get(kind, 0) + 1
        self._memory[key] = (words, known)
        return tuple(sorted(known.items()))

    def _paging(self, each: Transmitter, blocks: int, time_s: float) -> PagingCounts:
        load, hour = each.load, each.load.of_hour(time_s)
        seconds = DWELL_S * blocks / 76.0
        paged = int(self.rng.poisson(load.paging_per_s * hour * seconds))
        assigned = int(self.rng.poisson(load.assignments_per_s * hour * seconds))
        imsi = int(self.rng.binomial(paged, load.imsi_share))
        return PagingCounts(
            blocks_read=blocks,
            imsi=imsi,
            tmsi=paged - imsi,
            no_identity=max(blocks - paged - assigned, 0),
            assignments=assigned,
            assignments_location_update=int(self.rng.binomial(assigned, load.location_update_share)),
            assignments_hopping=int(self.rng.binomial(assigned, load.hopping_share)),
        )


def window_of(each: Transmitter) -> int:
    return int((each.words.as_heard(()).freq_hz - BAND_HZ[0]) // WINDOW_HZ)


def against_others(cells: Sequence[GsmCell]) -> list[GsmCell]:
    """Each carrier against the median of the other cells of the look, as the receiver does it."""
    ppm = [1e6 * c.carrier_offset_hz / c.freq_hz for c in cells]
    sigma = [1e6 * c.carrier_offset_sigma_hz / c.freq_hz for c in cells]
    if len(cells) < 2:
        return list(cells)
    found = []
    for k, cell in enumerate(cells):
        theirs, errors = ppm[:k] + ppm[k + 1 :], sigma[:k] + sigma[k + 1 :]
        of_median = 1.25 * math.sqrt(sum(s * s for s in errors)) / len(errors)
        found.append(
            msgspec.structs.replace(
                cell,
                relative_offset_ppm=ppm[k] - float(np.median(theirs)),
                relative_offset_sigma_ppm=math.hypot(sigma[k], of_median),
                relative_references=len(theirs),
            )
        )
    return found


def _share_read(cnr_db: float) -> float:
    """Of blocks at this carrier to noise: half at 3 dB in a town's echoes, all at 7."""
    return 1.0 / (1.0 + math.exp(-(cnr_db - 3.0) / 0.9)) if cnr_db > -15.0 else 0.0


def _same_channel(one: Transmitter, other: Transmitter) -> bool:
    return one.broadcast.arfcn == other.broadcast.arfcn


def _same_name(before: Words, now: Words) -> bool:
    """Another location area or identity, and the receiver forgets what it knew; another message replaces its kind."""
    return (before.broadcast.lac, before.broadcast.ci) == (now.broadcast.lac, now.broadcast.ci)
