"""A cell's frame phase against time as a straight line: least squares over about a day, with its spread.

The sums forget with a time constant of a day and are kept about the last point, so that they stay small. Phases are
nanoseconds modulo a hyperframe (`frame_clock`), slopes nanoseconds a second, that is parts in 10⁹.
"""

import math

import msgspec

from dsp.signatures.frame_clock import wrapped_ns

FORGET_S = 86400.0
POINT_EVERY_S = 300.0
LEAST_TOLERANCE_NS, SIGMAS = 2e6, 6.0
YOUNG_POINTS = 6  # from here on the points say themselves how far they scatter
YOUNG_SIGMA_NS, LEAST_SIGMA_NS = 0.8e6, 0.3e6
SLOPE_SIGMA = 100.0  # before anything is known of it: 0.1 ppm, 3GPP TS 45.010 §5.1 with some to spare
MOST_TOLERANCE_NS = 500e6  # a line that knows no better says nothing; chance meets it once in 12,500


class PhaseLine(msgspec.Struct, frozen=True, array_like=True):
    """Weighted sums of the points, times in seconds before `at_ns`, phases in ns from `phase_ns`."""

    first_ns: int
    at_ns: int
    phase_ns: float
    points: int = 1
    seen_ns: int = 0  # when it was last met, whether or not a point was taken
    w: float = 1.0
    t: float = 0.0
    y: float = 0.0
    tt: float = 0.0
    ty: float = 0.0
    yy: float = 0.0

    @property
    def slope(self) -> float:
        """Nanoseconds a second, drawn to nought as far as the points do not know it."""
        return self._along / (self._spread + self._doubt)

    @property
    def sigma_ns(self) -> float:
        """Spread of the points about their line; what is usual, while they are few."""
        if self.points < YOUNG_POINTS:
            return YOUNG_SIGMA_NS
        left = self.yy - self.y * self.y / self.w
        if self._spread > 1.0:
            left -= self._along * self._along / self._spread
        return max(LEAST_SIGMA_NS, math.sqrt(max(left, 0.0) / max(self.w - 2.0, 1.0)))

    @property
    def slope_sigma(self) -> float:
        return self.sigma_ns / math.sqrt(self._spread + self._doubt)

    @property
    def _spread(self) -> float:
        return max(self.tt - self.t * self.t / self.w, 0.0)

    @property
    def _along(self) -> float:
        return self.ty - self.t * self.y / self.w

    @property
    def _doubt(self) -> float:
        """The prior of the slope, in the unit of `_spread`."""
        return (self.sigma_ns / SLOPE_SIGMA) ** 2


def begun(phase_ns: float, now_ns: int) -> PhaseLine:
    return PhaseLine(first_ns=now_ns, at_ns=now_ns, phase_ns=phase_ns, seen_ns=now_ns)


def residual_ns(line: PhaseLine, phase_ns: float, now_ns: int) -> float:
    """How far the phase lies from where the line expects it."""
    ahead_s = (now_ns - line.at_ns) / 1e9
    expected = line.y / line.w + line.slope * (ahead_s - line.t / line.w)
    return wrapped_ns(phase_ns - line.phase_ns - expected)


def tolerance_ns(line: PhaseLine, now_ns: int) -> float:
    """max(2 ms, 6 sigma), sigma grown by how far the line is carried on."""
    ahead_s = (now_ns - line.at_ns) / 1e9 - line.t / line.w
    carried_ns = math.hypot(line.sigma_ns * math.sqrt(1.0 + 1.0 / line.w), ahead_s * line.slope_sigma)
    return max(LEAST_TOLERANCE_NS, SIGMAS * carried_ns)


def on_line(line: PhaseLine, phase_ns: float, now_ns: int) -> bool | None:
    """None where the line cannot tell."""
    allowed = tolerance_ns(line, now_ns)
    if allowed > MOST_TOLERANCE_NS:
        return None
    return abs(residual_ns(line, phase_ns, now_ns)) <= allowed


def with_point(line: PhaseLine, phase_ns: float, now_ns: int) -> PhaseLine:
    """Met again; a point is taken every five minutes, and each of the first few."""
    passed_s = (now_ns - line.at_ns) / 1e9
    if 0 <= passed_s < POINT_EVERY_S and line.points >= YOUNG_POINTS:
        return msgspec.structs.replace(line, seen_ns=now_ns)
    kept = math.exp(-max(passed_s, 0.0) / FORGET_S)
    w, t, y = kept * line.w, kept * line.t, kept * line.y
    new_y = wrapped_ns(phase_ns - line.phase_ns)
    return PhaseLine(
        first_ns=line.first_ns,
        at_ns=now_ns,
        phase_ns=line.phase_ns,
        points=line.points + 1,
        seen_ns=now_ns,
        w=w + 1.0,
        t=t - passed_s * w,
        y=y + new_y,
        tt=kept * line.tt - 2 * passed_s * t + passed_s * passed_s * w,
        ty=kept * line.ty - passed_s * y,  # the new point lies at nought
        yy=kept * line.yy + new_y * new_y,
    )
