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
YOUNG_POINTS, YOUNG_TOLERANCE_NS = 6, 5e6  # until the line has points enough
YOUNG_DRIFT = 2000.0  # ns a second of the two clocks against each other, at worst
MOST_TOLERANCE_NS = 50e6  # a line that knows no better says nothing


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
        """Nanoseconds a second; 0 until two points are apart."""
        spread = self.tt - self.t * self.t / self.w
        return (self.ty - self.t * self.y / self.w) / spread if spread > 1.0 else 0.0

    @property
    def sigma_ns(self) -> float:
        """Spread of the points about the line."""
        spread = self.yy - self.y * self.y / self.w
        along = self.slope * (self.ty - self.t * self.y / self.w)
        return math.sqrt(max(spread - along, 0.0) / max(self.w - 2.0, 1.0))


def begun(phase_ns: float, now_ns: int) -> PhaseLine:
    return PhaseLine(first_ns=now_ns, at_ns=now_ns, phase_ns=phase_ns, seen_ns=now_ns)


def residual_ns(line: PhaseLine, phase_ns: float, now_ns: int) -> float:
    """How far the phase lies from where the line expects it."""
    ahead_s = (now_ns - line.at_ns) / 1e9
    expected = line.y / line.w + line.slope * (ahead_s - line.t / line.w)
    return wrapped_ns(phase_ns - line.phase_ns - expected)


def tolerance_ns(line: PhaseLine, now_ns: int) -> float:
    """max(2 ms, 6 sigma), sigma grown by how far the line is carried on; more for a line of few points."""
    if line.points < YOUNG_POINTS:
        return YOUNG_TOLERANCE_NS + YOUNG_DRIFT * abs(now_ns - line.seen_ns) / 1e9
    ahead_s = (now_ns - line.at_ns) / 1e9 - line.t / line.w
    spread = max(line.tt - line.t * line.t / line.w, 1.0)
    grown = line.sigma_ns * math.sqrt(1.0 + 1.0 / line.w + ahead_s * ahead_s / spread)
    return max(LEAST_TOLERANCE_NS, SIGMAS * grown)


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
