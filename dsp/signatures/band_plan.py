"""Which operator may use which GSM channels, and since when: data that is handed in, another country is another value.

Refarming closes carriers province by province; a local authority knows its own and writes the dates down. Railway
networks (GSM-R) live alone: no GPRS, few neighbours, a location area of their own.
"""

from datetime import date, timedelta

import msgspec

from dsp.gsm.arfcn import SEGMENTS

DAY_NS = 86400 * 10**9
EPOCH = date(1970, 1, 1)


class Channels(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    rename={"begins": "from", "ends": "until"},
):
    """A run of channels, both ends included, and the days on which it may be used, both included.

    band : as in dsp.gsm.arfcn, where a channel number means two carriers ("dcs1800" or "pcs1900")
    """

    first: int
    last: int
    begins: date | None = None
    ends: date | None = None
    band: str | None = None

    def hold(self, arfcn: int, freq_hz: float, utc_ns: int | None) -> bool:
        """Whether the carrier lies in it, on that day; without a time, whether it ever did."""
        return self.first <= arfcn <= self.last and self.band in (None, band_of(freq_hz)) and self.in_force(utc_ns)

    def in_force(self, utc_ns: int | None) -> bool:
        if utc_ns is None:
            return True
        day = EPOCH + timedelta(days=utc_ns // DAY_NS)
        return (self.begins is None or self.begins <= day) and (self.ends is None or day <= self.ends)


class Operator(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    plmns: tuple[tuple[str, str], ...]  # (mcc, mnc)
    channels: tuple[Channels, ...] = ()
    railway: bool = False

    def may_use(self, arfcn: int, freq_hz: float, utc_ns: int | None) -> bool:
        return any(channels.hold(arfcn, freq_hz, utc_ns) for channels in self.channels)


class BandPlan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """home_mcc : countries whose networks are at home here; empty: it is not asked
    operators : empty: no plan is known, and nothing is said about channels
    """

    name: str = ""
    home_mcc: tuple[str, ...] = ()
    operators: tuple[Operator, ...] = ()

    def operator(self, mcc: str, mnc: str) -> Operator | None:
        return next((o for o in self.operators if (mcc, mnc) in o.plmns), None)

    def holders(self, arfcn: int, freq_hz: float, utc_ns: int | None) -> tuple[Operator, ...]:
        """Who may use the carrier."""
        return tuple(o for o in self.operators if o.may_use(arfcn, freq_hz, utc_ns))


def band_of(freq_hz: float) -> str | None:
    return next((segment.band for segment in SEGMENTS if segment.holds(freq_hz)), None)
