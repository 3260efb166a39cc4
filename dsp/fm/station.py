"""What a station says, put together from several looks: one look seldom holds a whole radio text.

Each look still speaks for itself. What is remembered on a frequency is said again only when this look holds at least
one unharmed group with the same PI; a look in which another transmitter has captured the frequency, or in which the
RDS is gone, says so by having no PI. A PI counts as changed, and all that went with the old one is forgotten, when the
new one came in several groups and in most of those of the look: coders that slip in a regional variant or a few zeros
do not make a new station.
"""

from collections import OrderedDict
from dataclasses import dataclass

from dsp.fm.kinds import kind_of
from dsp.fm.look import FmLook, FmReception
from dsp.fm.modulation_minute import ModulationMinute, ModulationStep
from dsp.fm.quality import Modulation
from dsp.fm.rds_agreed import RepeatMemory
from dsp.fm.rds_fields import RdsFields
from dsp.fm.rds_station import CONFIRMING_GROUPS, with_rds
from dsp.fm.values import FmStation

MOST_FREQUENCIES = 512
_SAME_CHANNEL_HZ = 40e3
_NS = 1_000_000_000


@dataclass(slots=True)
class _Remembered:
    freq_hz: float
    pi: int
    fields: RdsFields


class StationMemory:
    """Remembers the RDS of each frequency, and of the least recently heard no more than 512."""

    def __init__(self) -> None:
        self._heard: OrderedDict[int, _Remembered] = OrderedDict()
        self._count = 0
        self._repeats = RepeatMemory()

    def describe(self, look: FmLook) -> tuple[FmStation, ...]:
        """One value a station of the look, lowest frequency first."""
        return tuple(self._describe(reception, look) for reception in look.stations)

    def describe_others(self, look: FmLook) -> tuple[FmStation, ...]:
        """Emissions of other services: `kind` says which. Nothing is remembered of them."""
        return tuple(_station(reception, look, RdsFields()) for reception in look.others)

    def _describe(self, reception: FmReception, look: FmLook) -> FmStation:
        station = _station(reception, look, self._fields(reception))
        return self._repeats.state(station, reception.multiplex.repeats)

    def _fields(self, reception: FmReception) -> RdsFields:
        """This look's RDS, with what was heard before where it is the same station's."""
        groups = reception.multiplex.rds.groups
        now = RdsFields().take(groups)
        if not now.pi:
            return now
        pi, times = now.pi.most_common(1)[0]
        key = self._key_near(reception.freq_hz)
        before = None if key is None else self._heard[key]
        if key is not None and before is not None and before.pi in now.pi and not _replaced(before.pi, pi, times, now):
            before.fields.take(groups)
            before.freq_hz = reception.freq_hz
            self._heard.move_to_end(key)
            return before.fields
        if times >= CONFIRMING_GROUPS:
            self._remember(key, _Remembered(reception.freq_hz, pi, now))
        return now

    def _key_near(self, freq_hz: float) -> int | None:
        apart = {key: abs(each.freq_hz - freq_hz) for key, each in self._heard.items()}
        nearest = min(apart, key=lambda key: apart[key], default=None)
        return nearest if nearest is not None and apart[nearest] <= _SAME_CHANNEL_HZ else None

    def _remember(self, key: int | None, new: _Remembered) -> None:
        if key is not None:
            del self._heard[key]
        self._count += 1
        self._heard[self._count] = new
        while len(self._heard) > MOST_FREQUENCIES:
            self._heard.popitem(last=False)


def _replaced(old: int, pi: int, times: int, now: RdsFields) -> bool:
    """Most groups of this look carry another PI, and enough of them to be sure."""
    return pi != old and times >= CONFIRMING_GROUPS and times > 2 * now.pi[old]


def _station(reception: FmReception, look: FmLook, rds: RdsFields) -> FmStation:
    carrier, multiplex = reception.carrier, reception.multiplex
    modulation, pilot = multiplex.modulation, multiplex.pilot
    pi, pi_groups, pi_repeats = _identity(reception, rds)
    content = multiplex.content
    station = FmStation(
        kind=kind_of(reception).value,
        freq_hz=reception.freq_hz,
        freq_sigma_hz=reception.freq_sigma_hz,
        level_dbfs=carrier.level_dbfs,
        cnr_db=carrier.cnr_db,
        sinr_db=reception.sinr_db,
        occupied_hz=carrier.occupied_hz,
        occupied_26db_hz=carrier.occupied_26db_hz,
        seconds=multiplex.seconds,
        deviation_hz=modulation.deviation_hz,
        deviation_reason=modulation.reason,
        deviation_spread=modulation.spread,
        modulation_power_dbr=modulation.power_dbr,
        modulation_minute=_minute(modulation, look, multiplex.seconds),
        neighbour_db=reception.neighbour_db,
        neighbour_away_hz=reception.neighbour_away_hz,
        pilot_hz=None if pilot is None else pilot.freq_hz,
        pilot_deviation_hz=None if pilot is None else pilot.deviation_hz,
        rds_deviation_hz=multiplex.rds_deviation_hz,
        rds_groups=len(multiplex.rds.groups),
        rds_block_error_rate=multiplex.rds.block_error_rate,
        pi=pi,
        pi_groups=pi_groups,
        pi_repeats=pi_repeats,
        silence_share=multiplex.silence_share,
        speech_share=None if content is None else round(content.speech, 3),
        music_share=None if content is None else round(content.music, 3),
        unknown_share=None if content is None else round(content.unknown, 3),
        programme=multiplex.programme,
        programme_time_utc_ns=None if multiplex.programme is None else look.time_utc_ns,
    )
    return with_rds(station, rds, multiplex.rds.groups)


def _minute(modulation: Modulation, look: FmLook, seconds: float) -> ModulationMinute | None:
    if not modulation.squares_hz2 or look.begin_s is None:
        return None
    each_s = seconds / len(modulation.squares_hz2)
    steps = (
        ModulationStep(round(look.begin_s + i * each_s, 6), each_s, square)
        for i, square in enumerate(modulation.squares_hz2)
    )
    return ModulationMinute(run=tuple(steps))


def _identity(reception: FmReception, rds: RdsFields) -> tuple[int | None, int, int]:
    """PI, its unharmed groups, and the groups whose soft bits gave it together."""
    combined = reception.multiplex.combined_pi
    if rds.pi:
        pi, groups = rds.pi.most_common(1)[0]
        if groups >= CONFIRMING_GROUPS or combined is None or combined.pi == pi:
            return pi, groups, combined.groups if combined is not None and combined.pi == pi else 0
    if combined is not None:
        return combined.pi, rds.pi[combined.pi], combined.groups
    return (None, 0, 0)
