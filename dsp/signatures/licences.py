"""Who may be on the air: licensed FM stations and known GSM cells, as values. Reading the files is a shell's work."""

import datetime
import enum
from bisect import bisect_left, bisect_right
from functools import cached_property

import msgspec

from dsp.fm.aeronautical import AeronauticalFrequency
from dsp.signatures.cell_list import CellList, KnownCell
from dsp.signatures.hours import open_at, parse_hours
from dsp.signatures.station_record import regional_variant

__all__ = ["CellList", "FmLicence", "KnownCell", "Licences", "Standing", "holds", "may_send", "standing"]

HOURS_SLACK_MIN = 30.0  # carriers come on before the first programme and stay after the last
DAY_NS = 86_400 * 10**9
EARLIEST_NS = 946_684_800 * 10**9  # the year 2000: before, no clock was right
EPOCH_DAY = datetime.date(1970, 1, 1).toordinal()


class Standing(enum.Enum):
    """Whether a licence allows transmitting at a moment."""

    IN_FORCE = "in_force"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    OFF_HOURS = "off_hours"


class FmLicence(msgspec.Struct, frozen=True, kw_only=True):
    """One transmitter that may broadcast.

    pis         : besides `pi`, what it may send: a region's own programmes. Second-digit variants are understood anyway
    network     : transmitters of the same name carry one programme: synchronised on one channel, or relays on several
    hours       : as dsp.signatures.hours reads them; None: always
    valid_until : the last day
    utc_offset_h: of hours and days; None: UTC
    standby     : transmits only instead of another of its network
    """

    freq_hz: float
    name: str
    lat_deg: float | None = None
    lon_deg: float | None = None
    pi: int | None = None
    erp_w: float | None = None
    height_m: float | None = None  # of the antenna over ground
    stereo: bool | None = None
    rds: bool | None = None
    pis: tuple[int, ...] = ()
    network: str | None = None
    hours: str | None = None
    valid_from: datetime.date | None = None
    valid_until: datetime.date | None = None
    utc_offset_h: float | None = None
    temporary: bool | None = None
    standby: bool | None = None
    haat_m: float | None = None  # of the antenna over the terrain about it, as regulators average it

    def __post_init__(self) -> None:
        if self.hours is not None:
            parse_hours(self.hours)


def standing(licence: FmLicence, now_ns: int) -> Standing:
    """By its days first, then by its hours, with half an hour of grace at both ends of these.

    A recording without a date, or a sensor without a clock, counts from 1970: nothing is known of the time, and nothing
    held against anyone.
    """
    if now_ns < EARLIEST_NS:
        return Standing.IN_FORCE
    day, in_day_ns = divmod(now_ns + round((licence.utc_offset_h or 0.0) * 3600) * 10**9, DAY_NS)
    today = EPOCH_DAY + day
    if licence.valid_from is not None and today < licence.valid_from.toordinal():
        return Standing.NOT_YET
    if licence.valid_until is not None and today > licence.valid_until.toordinal():
        return Standing.EXPIRED
    if licence.hours is None:
        return Standing.IN_FORCE
    weekday, minute = (today - 1) % 7, in_day_ns / 60e9  # day 1 of the calendar was a Monday
    within = open_at(parse_hours(licence.hours), weekday, minute, HOURS_SLACK_MIN)
    return Standing.IN_FORCE if within else Standing.OFF_HOURS


def may_send(licence: FmLicence, pi: int) -> bool:
    return pi in licence.pis or (licence.pi is not None and regional_variant(pi, licence.pi))


def holds(licence: FmLicence, now_ns: int, pi: int | None = None) -> bool:
    """Whether it allows what is heard now. Outside its hours it still names who says its own PI."""
    now = standing(licence, now_ns)
    return now is Standing.IN_FORCE or (now is Standing.OFF_HOURS and pi is not None and may_send(licence, pi))


class Licences(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """Everything known to be allowed. An empty tuple means "no list was given", never "nothing is allowed".

    listed   : a long list of cells, from a file of its own; `cells` are those written beside the licences
    aviation : frequencies of aviation to be kept clear; none: nothing is known of them
    """

    fm: tuple[FmLicence, ...] = ()
    cells: tuple[KnownCell, ...] = ()
    listed: CellList | None = None
    aviation: tuple[AeronauticalFrequency, ...] = ()

    @property
    def names_cells(self) -> bool:
        return bool(self.cells) or bool(self.listed)

    @cached_property
    def _by_freq(self) -> tuple[tuple[float, ...], tuple[FmLicence, ...]]:
        """A national list has tens of thousands, and every look asks for every station."""
        ordered = tuple(sorted(self.fm, key=lambda each: each.freq_hz))
        return tuple(each.freq_hz for each in ordered), ordered

    @cached_property
    def _networks(self) -> dict[str, tuple[FmLicence, ...]]:
        members: dict[str, list[FmLicence]] = {}
        for each in self.fm:
            if each.network is not None:
                members.setdefault(each.network, []).append(each)
        return {name: tuple(of_it) for name, of_it in members.items()}

    @cached_property
    def _by_pi(self) -> dict[int, tuple[FmLicence, ...]]:
        holders: dict[int, list[FmLicence]] = {}
        for each in self.fm:
            for pi in dict.fromkeys((*((each.pi,) if each.pi is not None else ()), *each.pis)):
                holders.setdefault(pi, []).append(each)
        return {pi: tuple(of_it) for pi, of_it in holders.items()}

    def of_pi(self, pi: int) -> tuple[FmLicence, ...]:
        """Those listed with exactly this PI, on whatever channel."""
        return self._by_pi.get(pi, ())

    def near(self, freq_hz: float, reach_hz: float) -> tuple[FmLicence, ...]:
        """Those within `reach_hz`, the nearest first, then by name."""
        freqs_hz, ordered = self._by_freq
        found = ordered[bisect_left(freqs_hz, freq_hz - reach_hz) : bisect_right(freqs_hz, freq_hz + reach_hz)]
        return tuple(sorted(found, key=lambda each: (abs(each.freq_hz - freq_hz), each.name)))

    def nearest(self, freq_hz: float, now_ns: int) -> FmLicence | None:
        """Of those that hold then."""
        freqs_hz, ordered = self._by_freq
        at = bisect_left(freqs_hz, freq_hz)
        below = next((each for each in reversed(ordered[:at]) if holds(each, now_ns)), None)
        above = next((each for each in ordered[at:] if holds(each, now_ns)), None)
        both = [each for each in (below, above) if each is not None]
        return min(both, key=lambda each: abs(each.freq_hz - freq_hz), default=None)

    def pis(self, licence: FmLicence) -> tuple[int, ...]:
        """What it may send: its own, and what others of its network are listed with. Empty: nothing is known."""
        others = self._networks.get(licence.network, ()) if licence.network is not None else ()
        family = (licence, *(other for other in others if other is not licence))
        return tuple(pi for each in family for pi in (*((each.pi,) if each.pi is not None else ()), *each.pis))

    def names(self, licence: FmLicence, pi: int) -> bool:
        """Whether this PI is one of them, or a region's variant of one."""
        return any(regional_variant(pi, listed) or pi == listed for listed in self.pis(licence))

    def cell_rows(self, mcc: str | None, mnc: str | None, lac: int | None, ci: int | None) -> tuple[KnownCell, ...]:
        """What is listed under this name."""
        if mcc is None or mnc is None or lac is None or ci is None:
            return ()
        here = tuple(row for row in self.cells if (row.mcc, row.mnc, row.lac, row.ci) == (mcc, mnc, lac, ci))
        return here + (self.listed.rows(mcc, mnc, lac, ci) if self.listed is not None else ())

    def cells_of(self, mcc: str | None, mnc: str | None) -> int:
        """How many cells of the network are listed; 0: no list of it was given."""
        if mcc is None or mnc is None:
            return 0
        here = sum((row.mcc, row.mnc) == (mcc, mnc) for row in self.cells)
        return here + (self.listed.count(mcc, mnc) if self.listed is not None else 0)
