"""The stations of a scan: each is told once it was listened to for long enough, and again when it changes."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from dsp.fm.values import FmStation
from dsp.signatures.finding import Finding
from dsp.signatures.licences import FmLicence
from dsp.signatures.on_air_week import OnAirWeek
from dsp.signatures.station_record import regional_variant, trusted_pi
from wavewarden.fm_hearing import FmHeard, Sighting
from wavewarden.fm_merge import merged
from wavewarden.fm_verdict import Verdict, verdict_of

SAME_CHANNEL_HZ = 45e3
AGAIN_S = 60.0  # told at the end again when it was listened to for so much longer


@dataclass(slots=True, eq=False)
class Entry:
    """One station.

    looks, covered : in which it was heard; in which it would have been heard
    level_dbfs     : of the weakest and the strongest look
    week           : the hours in which it was heard; of looks without a clock, by their count of samples
    findings       : the latest of each name; in how many looks each came: times
    """

    station: FmStation
    licence: FmLicence | None
    verdict: Verdict
    looks: int = 0
    covered: int = 0
    covered_s: float = 0.0
    level_dbfs: tuple[float, float] = (0.0, 0.0)
    first_utc_ns: int | None = None
    last_utc_ns: int | None = None
    findings: dict[str, Finding] = field(default_factory=dict)
    times: dict[str, int] = field(default_factory=dict)
    week: OnAirWeek | None = None
    _told: tuple[object, ...] | None = None
    _told_s: float = 0.0

    @property
    def on_air_share(self) -> float:
        """Of the time in which it would have been heard."""
        return min(self.station.seconds / self.covered_s, 1.0) if self.covered_s else 0.0

    @property
    def changed(self) -> bool:
        """It is not what was told, if anything was."""
        return self._told != self._signs()

    @property
    def is_told(self) -> bool:
        return self._told is not None

    @property
    def is_longer(self) -> bool:
        return self.station.seconds >= self._told_s + AGAIN_S

    def told(self) -> "Entry":
        self._told, self._told_s = self._signs(), self.station.seconds
        return self

    def _signs(self) -> tuple[object, ...]:
        return self.verdict, trusted_pi(self.station), frozenset(self.findings)


class Ledger:
    """Remembers every station heard. patience_s: how long one is listened to before it is told."""

    def __init__(self, *, listed: bool, patience_s: float) -> None:
        self._listed, self._patience_s = listed, patience_s
        self._entries: list[Entry] = []

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def entries(self) -> list[Entry]:
        """By frequency."""
        return sorted(self._entries, key=lambda entry: entry.station.freq_hz)

    def take(self, heard: FmHeard) -> list[Entry]:
        """What one look heard; gives those to be told now."""
        now = [self._enter(sighting, heard.look.time_utc_ns) for sighting in heard.sightings]
        for entry in self._entries:
            if heard.low_hz <= entry.station.freq_hz <= heard.high_hz or entry in now:
                entry.covered += 1
                entry.covered_s += heard.look.seconds
        ripe = [entry for entry in now if entry.changed and (entry.is_told or self._is_ripe(entry))]
        return [entry.told() for entry in ripe]

    def rest(self) -> list[Entry]:
        """Those not told yet, or not as they are; by frequency."""
        return [entry.told() for entry in self.entries if entry.changed or entry.is_longer]

    def _is_ripe(self, entry: Entry) -> bool:
        return entry.covered_s >= self._patience_s

    def _enter(self, sighting: Sighting, time_utc_ns: int | None) -> Entry:
        entry = self._known(sighting.station)
        if entry is None:
            entry = Entry(sighting.station, sighting.licence, Verdict.UNKNOWN, first_utc_ns=time_utc_ns)
            entry.level_dbfs = (sighting.station.level_dbfs,) * 2
        else:
            self._entries.remove(entry)
            entry.station = merged(entry.station, sighting.station)
        self._entries.append(entry)  # what was heard last stands last
        self._add(entry, sighting, time_utc_ns)
        return entry

    def _known(self, station: FmStation) -> Entry | None:
        """Of two that took turns on a channel, the one that says the same PI, else the one heard last."""
        same = [entry for entry in reversed(self._entries) if _is_same(entry.station, station)]
        pi = trusted_pi(station)
        namesakes = [entry for entry in same if pi is not None and trusted_pi(entry.station) == pi]
        return next(iter(namesakes or same), None)

    def _add(self, entry: Entry, sighting: Sighting, time_utc_ns: int | None) -> None:
        level = sighting.station.level_dbfs
        entry.looks += 1
        entry.last_utc_ns = time_utc_ns if time_utc_ns is not None else entry.last_utc_ns
        entry.level_dbfs = (min(entry.level_dbfs[0], level), max(entry.level_dbfs[1], level))
        entry.licence = sighting.licence or entry.licence
        entry.week = sighting.week
        for finding in sighting.findings:
            entry.findings[finding.name] = finding
            entry.times[finding.name] = entry.times.get(finding.name, 0) + 1
        entry.verdict = verdict_of(entry.station, entry.licence, entry.findings.values(), listed=self._listed)


def _is_same(known: FmStation, new: FmStation) -> bool:
    """On one channel, unless each says for sure that it is another than the other."""
    if abs(known.freq_hz - new.freq_hz) > SAME_CHANNEL_HZ:
        return False
    a, b = trusted_pi(known), trusted_pi(new)
    return a is None or b is None or regional_variant(a, b)


def findings_of(entry: Entry) -> Iterable[tuple[Finding, int]]:
    """The weightiest first, with the number of looks in which each came."""
    ordered = sorted(entry.findings.values(), key=lambda finding: -abs(finding.weight_db))
    return ((finding, entry.times[finding.name]) for finding in ordered)
