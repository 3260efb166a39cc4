"""Which known transmitter a heard GSM cell is: by carrier, colour, frame clock, then identity.

A frame clock that goes on is the same transmitter whatever it calls itself (a rogue that changes its location area);
another clock under the same name is another transmitter (a clone). Without comparable clocks the identity decides.
"""

from collections.abc import Iterable

from dsp.gsm.values import GsmCell

from fusion.gsm_clock import same_frame_clock
from fusion.values import Emitter, Latest

SAME_CARRIER_HZ = 90e3
RESTART_NS = 30 * 10**9
RECENT_NS = 300 * 10**9
MOST_NAMESAKES = 3


def associate_gsm(emitters: Iterable[Emitter], new: Latest) -> Emitter | None:
    cell = new.heard
    if not isinstance(cell, GsmCell):
        return None
    gsm = [e for e in emitters if e.service == "gsm"]
    near = [e for e in gsm if abs(e.freq_hz - cell.freq_hz) < SAME_CARRIER_HZ and e.bsic == cell.bsic]
    scored = [(score, e.last_seen_utc_ns, e.id, e) for e in near if (score := _score(e, new, cell))]
    if scored:
        return max(scored, key=lambda item: item[:3])[3]
    namesakes = [e for e in near if same_identity(e, cell)]
    if len(namesakes) >= MOST_NAMESAKES:  # clocks that tell three of one name apart are not to be believed
        return max(namesakes, key=lambda e: (e.last_seen_utc_ns, e.id))
    return _retuned(gsm, new, cell)


def same_identity(emitter: Emitter, cell: GsmCell) -> bool | None:
    """None where one of the two has not been read."""
    if emitter.ci is None or cell.ci is None or emitter.mcc is None or cell.mcc is None:
        return None
    return (emitter.mcc, emitter.mnc, emitter.ci) == (cell.mcc, cell.mnc, cell.ci)


def emitter_clock(emitter: Emitter, new: Latest) -> bool | None:
    """True if any sensor's last hearing shows the same frame clock, False if none of the comparable ones does."""
    answers = [same_frame_clock(old, new) for old in emitter.latest]
    if True in answers:
        return True
    return False if False in answers else None


def _score(emitter: Emitter, new: Latest, cell: GsmCell) -> int:
    """Nought: another transmitter."""
    clock, identity = emitter_clock(emitter, new), same_identity(emitter, cell)
    if clock:
        return 100
    if clock is False:
        restarted = identity is not False and new.time_utc_ns - emitter.last_seen_utc_ns >= RESTART_NS
        return 10 if restarted else 0
    if identity:
        return 50
    if identity is None:
        return 30
    return 20 if _same_place_and_network(emitter, new, cell) else 0


def _same_place_and_network(emitter: Emitter, new: Latest, cell: GsmCell) -> bool:
    """The same sensor heard the same network here minutes ago: it changed its name."""
    return (emitter.mcc, emitter.mnc) == (cell.mcc, cell.mnc) and any(
        old.sensor == new.sensor and new.time_utc_ns - old.time_utc_ns < RECENT_NS for old in emitter.latest
    )


def _retuned(gsm: list[Emitter], new: Latest, cell: GsmCell) -> Emitter | None:
    """The same name and frame clock on another carrier, the old one silent: one transmitter that moved over."""
    moved = [
        e
        for e in gsm
        if same_identity(e, cell) and emitter_clock(e, new) and new.time_utc_ns - e.last_seen_utc_ns >= RESTART_NS
    ]
    return max(moved, key=lambda e: (e.last_seen_utc_ns, e.id), default=None)
