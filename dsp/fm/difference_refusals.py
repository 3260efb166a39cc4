"""Why two snippets give no difference: one class a reason. `reason` is the name its counter carries."""

from typing import ClassVar

from dsp.errors import SignalError


class DifferenceRefused(SignalError):
    """Two snippets give no difference."""

    reason: ClassVar[str] = "refused"


class NoOverlap(DifferenceRefused):
    reason = "no_overlap"

    def __init__(self) -> None:
        super().__init__("the two snippets have hardly any moment in common")


class Clipped(DifferenceRefused):
    reason = "clipped"

    def __init__(self, *, share: float) -> None:
        super().__init__(f"{share:.1%} of the samples are clipped: the receiver was overloaded")
        self.share = share


class Silent(DifferenceRefused):
    reason = "silent"

    def __init__(self, *, freq_hz: float) -> None:
        super().__init__(f"{freq_hz / 1e6:.2f} MHz: no programme in common; a pilot or a bare carrier tells no time")
        self.freq_hz = freq_hz


class Slipped(DifferenceRefused):
    reason = "slipped"

    def __init__(self, *, freq_hz: float, step_s: float) -> None:
        super().__init__(
            f"{freq_hz / 1e6:.2f} MHz, heard before and after, is {step_s * 1e6:+.1f} µs from where the clocks' rates"
            " put it: samples were lost between the parts"
        )
        self.freq_hz, self.step_s = freq_hz, step_s


class OtherProgramme(DifferenceRefused):
    reason = "other_programme"

    def __init__(self, *, freq_hz: float, left_rad: float, noise_rad: float) -> None:
        super().__init__(
            f"{freq_hz / 1e6:.2f} MHz: the two do not have the same programme: laid over each other {left_rad:.2g} rad"
            f" are left where noise would leave {noise_rad:.2g}"
        )
        self.freq_hz, self.left_rad, self.noise_rad = freq_hz, left_rad, noise_rad


class Ambiguous(DifferenceRefused):
    reason = "ambiguous"

    def __init__(self, *, freq_hz: float, other_s: float) -> None:
        super().__init__(
            f"{freq_hz / 1e6:.2f} MHz fits as well {other_s * 1e6:.0f} µs away: the programme repeats itself"
        )
        self.freq_hz, self.other_s = freq_hz, other_s


class TooUnsure(DifferenceRefused):
    reason = "too_unsure"

    def __init__(self, *, sigma_s: float) -> None:
        super().__init__(f"the difference would be known to {sigma_s * 1e6:.1f} µs only")
        self.sigma_s = sigma_s
