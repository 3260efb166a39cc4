"""When each capture of a recording began, also where the recording does not say."""

from dataclasses import dataclass
from itertools import accumulate

from recordings.read import Capture, Recording

SECOND_NS = 1e9


@dataclass(frozen=True, slots=True)
class Timeline:
    """starts_ns : of each capture. Without times in the recording: as if one followed the other, from zero.

    dated : whether those are real times
    counted : whether the recording says the receiver's running count at every capture, at one rate
    """

    starts_ns: tuple[int, ...]
    end_ns: int
    dated: bool
    counted: bool = False

    @property
    def seconds(self) -> float:
        return (self.end_ns - self.starts_ns[0]) / SECOND_NS

    def at(self, capture: Capture, sample: int) -> int:
        return self.starts_ns[capture.index] + round(sample * SECOND_NS / capture.rate_hz)

    def count(self, capture: Capture, sample: int) -> int:
        """Running count of a receiver that went on sampling at this rate between captures.

        Where the recording does not say it, it follows from the times, which are a computer's.
        """
        if self.counted or not self.dated:
            return capture.first_sample + sample
        before_s = (self.starts_ns[capture.index] - self.starts_ns[0]) / SECOND_NS
        return round(before_s * capture.rate_hz) + sample


def timeline(recording: Recording) -> Timeline:
    captures = recording.captures
    times = [capture.time_utc_ns for capture in captures]
    dated = [time for time in times if time is not None]
    ends = [round(end * SECOND_NS) for end in accumulate(capture.seconds for capture in captures)]
    counted = all(capture.counted for capture in captures) and len({capture.rate_hz for capture in captures}) == 1
    if len(dated) < len(times):
        return Timeline(starts_ns=(0, *ends[:-1]), end_ns=ends[-1], dated=False, counted=counted)
    lasting = round(captures[-1].seconds * SECOND_NS)
    return Timeline(starts_ns=tuple(dated), end_ns=dated[-1] + lasting, dated=True, counted=counted)
