"""Which known transmitter a heard FM carrier is: by channel, then PI, programme, and pilot.

Two transmitters may share a channel: a licensed station and one on top of it. Where the sensors stand decides whom
each hears, so what they hear at about the same time tells them apart. One network on one frequency (synchronous FM)
carries one programme and stays one.
"""

from collections.abc import Iterable

from dsp.fm.values import FmStation
from dsp.signatures.station_record import regional_variant, trusted_pi
from fusion.fm_likeness import bare, dressed, same_pi, same_programme
from fusion.values import Emitter, Latest

SAME_CARRIER_HZ = 35e3
SOON_NS = 90 * 10**9
RECENT_NS = 600 * 10**9


def associate_fm(emitters: Iterable[Emitter], new: Latest) -> Emitter | None:
    station = new.heard
    if not isinstance(station, FmStation):
        return None
    near = [e for e in emitters if e.service == "fm" and abs(e.freq_hz - station.freq_hz) < SAME_CARRIER_HZ]
    scored = [
        (score, heard_by(e, new), e.last_seen_utc_ns, e.id, e) for e in near if (score := _score(e, new, station))
    ]
    return max(scored, key=lambda item: item[:4])[4] if scored else None


def heard_by(emitter: Emitter, new: Latest) -> bool:
    """The same sensor heard it a while ago: of two alike, it hears that one still."""
    return any(old.sensor == new.sensor and new.time_utc_ns - old.time_utc_ns < RECENT_NS for old in emitter.latest)


def stations(emitter: Emitter) -> tuple[tuple[Latest, FmStation], ...]:
    return tuple((latest, latest.heard) for latest in emitter.latest if isinstance(latest.heard, FmStation))


def _score(emitter: Emitter, new: Latest, station: FmStation) -> int:
    """Nought: another transmitter."""
    pis = [same_pi(heard, station) for _, heard in stations(emitter)]
    if True in pis:
        return 100
    pi = trusted_pi(station)
    if pi is not None and emitter.pi is not None:  # as it was last said, though not in the latest look of any sensor
        return 90 if regional_variant(pi, emitter.pi) else 0
    programmes = [same_programme(heard, station) for _, heard in stations(emitter)]
    if True in programmes:
        return 80
    if False in programmes:
        return 0
    return _by_dress(emitter, new, station)


def _by_dress(emitter: Emitter, new: Latest, station: FmStation) -> int:
    """Pilot and RDS are there or not; a bare carrier beside a dressed one, at the same time, is another."""
    recent = [(old, heard) for old, heard in stations(emitter) if new.time_utc_ns - old.time_utc_ns < RECENT_NS]
    elsewhere = [
        heard for old, heard in recent if old.sensor != new.sensor and new.time_utc_ns - old.time_utc_ns < SOON_NS
    ]
    if bare(station):
        if any(dressed(heard) for heard in elsewhere):
            return 0
        return 60 if any(bare(heard) for _, heard in recent) else 10
    if dressed(station):
        if any(bare(heard) for heard in elsewhere):
            return 0
        return 55 if any(dressed(heard) for _, heard in recent) else 10
    return 45 if any(old.sensor == new.sensor for old, _ in recent) else 30
