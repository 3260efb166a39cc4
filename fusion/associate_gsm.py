"""Which known transmitter a heard GSM cell is: by carrier, colour, frame clock, then identity.

A frame clock that goes on is the same transmitter whatever it calls itself (a rogue that changes its location area);
another clock under the same name is another transmitter (a clone). Without comparable clocks the identity decides.
"""

from collections.abc import Iterable

from dsp.gsm.values import GsmCell
from fusion.gsm_clock import clock_step_ns, own_jump_ns, same_frame_clock
from fusion.values import Emitter, Latest

SAME_CARRIER_HZ = 90e3
RESTART_NS = 30 * 10**9
RECENT_NS = 300 * 10**9
MOST_NAMESAKES = 3


def associate_gsm(emitters: Iterable[Emitter], new: Latest, *, step_ns: float | None) -> Emitter | None:
    """`step_ns`: of the sensor's own clock (`sensor_step_ns`)."""
    cell = new.heard
    if not isinstance(cell, GsmCell):
        return None
    gsm = [e for e in emitters if e.service == "gsm"]
    near = [e for e in gsm if _on_channel(e, cell)]
    scored = [(score, e.last_seen_utc_ns, e.id, e) for e in near if (score := _score(e, new, cell, step_ns))]
    if scored:
        return max(scored, key=lambda item: item[:3])[3]
    namesakes = [e for e in near if same_identity(e, cell)]
    if len(namesakes) >= MOST_NAMESAKES:  # clocks that tell three of one name apart are not to be believed
        return max(namesakes, key=lambda e: (e.last_seen_utc_ns, e.id))
    return _retuned(gsm, new, cell, step_ns)


def sensor_step_ns(emitters: Iterable[Emitter], heard: Iterable[Latest]) -> float | None:
    """By how much this sensor's clock stepped since its last looks, as its known cells of one report show together."""
    known = [(e, old) for e in emitters if e.service == "gsm" for old in e.latest]
    jumps: list[float] = []
    for new in heard:
        cell = new.heard
        if isinstance(cell, GsmCell):
            own = [
                (old.time_utc_ns, jump)
                for e, old in known
                if _on_channel(e, cell)
                and same_identity(e, cell) is not False
                and (jump := own_jump_ns(old, new)) is not None
            ]
            jumps += [max(own)[1]] if own else []
    return clock_step_ns(jumps)


def _on_channel(emitter: Emitter, cell: GsmCell) -> bool:
    return abs(emitter.freq_hz - cell.freq_hz) < SAME_CARRIER_HZ and emitter.bsic == cell.bsic


def same_identity(emitter: Emitter, cell: GsmCell) -> bool | None:
    """None where one of the two has not been read."""
    if emitter.ci is None or cell.ci is None or emitter.mcc is None or cell.mcc is None:
        return None
    return (emitter.mcc, emitter.mnc, emitter.ci) == (cell.mcc, cell.mnc, cell.ci)


def emitter_clock(emitter: Emitter, new: Latest, step_ns: float | None) -> bool | None:
    """True if any sensor's last hearing shows the same frame clock, False if none of the comparable ones does."""
    answers = [same_frame_clock(old, new, step_ns) for old in emitter.latest]
    if True in answers:
        return True
    return False if False in answers else None


def _score(emitter: Emitter, new: Latest, cell: GsmCell, step_ns: float | None) -> int:
    """Nought: another transmitter."""
    clock, identity = emitter_clock(emitter, new, step_ns), same_identity(emitter, cell)
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


def _retuned(gsm: list[Emitter], new: Latest, cell: GsmCell, step_ns: float | None) -> Emitter | None:
    """The same name and frame clock on another carrier, the old one silent: one transmitter that moved over."""
    moved = [
        e
        for e in gsm
        if same_identity(e, cell)
        and emitter_clock(e, new, step_ns)
        and new.time_utc_ns - e.last_seen_utc_ns >= RESTART_NS
    ]
    return max(moved, key=lambda e: (e.last_seen_utc_ns, e.id), default=None)
