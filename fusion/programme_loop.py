"""Does an emitter repeat itself, with how much different sound, and by the clock or not?

Two looks at random of a programme drawn from R seconds of sound overlap enough to match with a probability of (seconds
of shifts at which they could) ÷ R. So R, the repertoire, is the sum of those seconds over all pairs of looks divided by
the pairs that matched: the estimate of a population from how often one meets the same again. It needs no period and no
unbroken listening. Music repeats itself within a piece; so pairs less than 8 minutes apart do not count.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fusion.programme_values import ProgrammeLook, ProgrammeLoop

LEAST_AGO_S = 480.0
LEAST_MATCHES, LEAST_RECURRING, LEAST_SHARE = 6, 5, 0.25
MOST_REPERTOIRE_S = 3600.0
SHORTEST_S, LONGEST_S = 15.0, 3600.0  # periods looked for
LEAST_FOR_PERIOD, MOST_FOR_PERIOD = 6, 64
OFF_S, LEAST_IN_STEP = 0.3, 0.8  # of a multiple of the period; the share of times that must be so
_PLACE_S = 3.0  # how well a look's place among the earlier ones is known from `ago_s`


def loop_of(looks: Sequence[ProgrammeLook]) -> ProgrammeLoop | None:
    """None: nothing came again."""
    matches = sum(look.matches for look in looks)
    if not matches:
        return None
    ago_s = np.array([ago for look in looks for ago in look.ago_s])
    return ProgrammeLoop(
        looks=len(looks),
        recurring=_recurring(looks),
        matches=matches,
        repertoire_s=sum(look.compared_s for look in looks) / matches,
        period_s=period_of(ago_s),
        since_utc_ns=min(look.time_utc_ns for look in looks),
        last_utc_ns=max(look.time_utc_ns for look in looks if look.ago_s),
    )


def is_loop(loop: ProgrammeLoop | None) -> bool:
    """Enough of it came again to say that an hour or less of sound is repeated.

    The share keeps out what comes again seldom but on time, where a sensor's round happens to keep step with it.
    """
    return (
        loop is not None
        and loop.matches >= LEAST_MATCHES
        and loop.recurring >= max(LEAST_RECURRING, LEAST_SHARE * loop.looks)
        and loop.repertoire_s <= MOST_REPERTOIRE_S
    )


def period_of(ago_s: NDArray[np.float64]) -> float | None:
    """The longest period of which these times are multiples, to a third of a second; None: of none.

    Candidates are the fractions of the shortest time; each is made truer by the next longer one, and so on.
    """
    if len(ago_s) < LEAST_FOR_PERIOD:
        return None
    times_s = np.sort(ago_s)[np.linspace(0, len(ago_s) - 1, min(len(ago_s), MOST_FOR_PERIOD)).astype(np.int64)]
    fractions = np.arange(max(1, int(times_s[0] / LONGEST_S)), int(times_s[0] / SHORTEST_S) + 1)
    period_s = times_s[0] / fractions
    above, below = np.zeros(len(period_s)), np.zeros(len(period_s))
    in_step = np.zeros(len(period_s))
    for time_s in times_s:
        turns = np.round(time_s / period_s)
        fits = np.abs(time_s - turns * period_s) <= OFF_S
        above, below, in_step = above + fits * turns * time_s, below + fits * turns**2, in_step + fits
        period_s = np.where(fits, above / np.maximum(below, 1.0), period_s)
    good = np.flatnonzero((in_step >= LEAST_IN_STEP * len(times_s)) & (period_s <= LONGEST_S))
    return float(period_s[good[0]]) if len(good) else None


def _recurring(looks: Sequence[ProgrammeLook]) -> int:
    """Looks with the same sound as another: the later ones say it themselves, the earlier by how long ago they were."""
    again = {index for index, look in enumerate(looks) if look.ago_s}
    begins_s = np.array([look.time_utc_ns for look in looks]) / 1e9
    for look in looks:
        for ago in look.ago_s:
            nearest = int(np.argmin(np.abs(begins_s - (look.time_utc_ns / 1e9 - ago))))
            if abs(begins_s[nearest] - (look.time_utc_ns / 1e9 - ago)) <= _PLACE_S:
                again.add(nearest)
    return len(again)
