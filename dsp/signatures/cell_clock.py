"""The frame clock of one carrier and colour over days: the line it keeps, and another that took its place.

Two transmitters that share carrier and colour are two lines. The elder stays the cell's own until it has been away for
six hours while the other was there, and is taken back when it returns within a day: so a restart becomes the new line,
and a copy that comes and goes does not.
The sensor's own clock moves all cells of a look alike; `clock_step_ns` finds that, and the lines are kept free of it.
"""

from collections.abc import Iterable, Sequence

import msgspec

from dsp.signatures.frame_clock import wrapped_ns
from dsp.signatures.phase_line import PhaseLine, begun, on_line, with_point

LOST_NS = 3 * 86400 * 10**9  # after such a gap a line proves nothing
ADOPTED_NS = 6 * 3600 * 10**9
MOST_COVERED_NS = 12 * 3600 * 10**9  # what one gap may add to the time a clock went on
AGREE_NS = 5e6


class CellClock(msgspec.Struct, frozen=True, array_like=True):
    """`rival` is what was met off the line; `off` whether it was at the last look (None: not said).

    gap_ns : silence of the own line before the rival was first met; `missed` looks in it that covered the channel
    ci     : of the line; another cell that reuses the channel has its own
    """

    line: PhaseLine
    covered_ns: int = 0  # how long the line went on, long gaps cut short
    rival: PhaseLine | None = None
    gap_ns: int = 0
    off: bool | None = None
    ci: int | None = None
    missed: int = 0


class Tick(msgspec.Struct, frozen=True, kw_only=True):
    """One reading of a cell's clock, the sensor's own taken out.

    sure   : other cells of the look say where the sensor's clock stands; else what is off the line may be that
    confirmed_ns : when cells of an earlier look last agreed where it stands
    missed : looks at the channel in vain since the last reading
    """

    phase_ns: float
    now_ns: int
    sure: bool
    confirmed_ns: int | None = None
    ci: int | None = None
    missed: int = 0


def kept_clock(old: CellClock | None, tick: Tick) -> CellClock:
    """After one more reading."""
    now_ns = tick.now_ns
    if old is None or not 0 <= now_ns - _last_ns(old) <= LOST_NS:
        return CellClock(line=begun(tick.phase_ns, now_ns), ci=tick.ci)
    here = on_line(old.line, tick.phase_ns, now_ns)
    if here is None:
        return CellClock(line=begun(tick.phase_ns, now_ns), ci=tick.ci)
    if here:
        passed_ns = min(max(now_ns - old.line.seen_ns, 0), MOST_COVERED_NS)
        return msgspec.structs.replace(
            old,
            line=with_point(old.line, tick.phase_ns, now_ns),
            covered_ns=old.covered_ns + passed_ns,
            rival=_young(old.rival, now_ns),
            off=False,
            ci=tick.ci if old.ci is None else old.ci,
        )
    return _off_line(old, tick)


def unsaid(old: CellClock) -> CellClock:
    """A look that does not tell whether the clock went on."""
    return old if old.off is None else msgspec.structs.replace(old, off=None)


def _off_line(old: CellClock, tick: Tick) -> CellClock:
    """One cell alone is off only when it is met there again, other cells having shown that the sensor's clock stood."""
    rival, now_ns = old.rival, tick.now_ns
    if rival is None or not on_line(rival, tick.phase_ns, now_ns):
        begins = begun(tick.phase_ns, now_ns)
        silence_ns = now_ns - old.line.seen_ns
        off = True if tick.sure else None
        return msgspec.structs.replace(old, rival=begins, gap_ns=silence_ns, missed=tick.missed, off=off)
    sure = tick.sure or (tick.confirmed_ns is not None and tick.confirmed_ns > rival.first_ns)
    rival = with_point(rival, tick.phase_ns, now_ns)
    elder = rival.first_ns < old.line.first_ns
    if elder or now_ns - max(old.line.seen_ns, rival.first_ns) >= ADOPTED_NS:
        return CellClock(line=rival, rival=old.line, off=False, ci=tick.ci)
    return msgspec.structs.replace(old, rival=rival, off=True if sure else None)


def both_alive(clock: CellClock, now_ns: int, within_ns: int) -> bool:
    """Both lines were met within the time, the own one after the rival had begun."""
    rival, own = clock.rival, clock.line
    if rival is None or own.seen_ns <= rival.first_ns:
        return False
    return now_ns - own.seen_ns <= within_ns and now_ns - rival.seen_ns <= within_ns


def clock_step_ns(jumps_ns: Iterable[float]) -> float | None:
    """The step of the sensor's own clock that most cells of a look agree on; None with fewer than two.

    Where none agree, one of them is another transmitter: the least jump is the clock's.
    """
    jumps = list(jumps_ns)
    if len(jumps) < 2:
        return None
    groups = {jump: [other for other in jumps if abs(wrapped_ns(other - jump)) < AGREE_NS] for jump in jumps}
    best = min(groups, key=lambda jump: (-len(groups[jump]), abs(jump)))
    return _middle([best + wrapped_ns(other - best) for other in groups[best]])


def _middle(values: Sequence[float]) -> float:
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(values) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _last_ns(clock: CellClock) -> int:
    return max(clock.line.seen_ns, clock.rival.seen_ns if clock.rival is not None else 0)


def _young(rival: PhaseLine | None, now_ns: int) -> PhaseLine | None:
    """Not met for a day: it was a restart's or a passer-by's."""
    return rival if rival is not None and now_ns - rival.seen_ns <= LOST_NS // 3 else None
