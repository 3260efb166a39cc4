"""Channel numbers and downlink carriers. 3GPP TS 45.005 §2."""

from dataclasses import dataclass

SPACING_HZ = 200e3


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of channel numbers: arfcn = first + k lies at first_hz + k · 200 kHz."""

    band: str
    first: int
    last: int
    first_hz: float

    @property
    def last_hz(self) -> float:
        return self.first_hz + SPACING_HZ * (self.last - self.first)

    def holds(self, freq_hz: float) -> bool:
        return self.first_hz - SPACING_HZ / 2 <= freq_hz < self.last_hz + SPACING_HZ / 2


SEGMENTS = (
    Segment("gsm850", 128, 251, 869.2e6),
    Segment("r-gsm900", 940, 974, 918.2e6),
    Segment("e-gsm900", 975, 1023, 925.2e6),
    Segment("p-gsm900", 0, 124, 935.0e6),
    Segment("dcs1800", 512, 885, 1805.2e6),
    Segment("pcs1900", 512, 810, 1930.2e6),
)


def nearest_channel(freq_hz: float) -> tuple[int, float] | None:
    """ARFCN and carrier of the channel nearest to a frequency; None outside every GSM downlink band."""
    for segment in SEGMENTS:
        if segment.holds(freq_hz):
            steps = round((freq_hz - segment.first_hz) / SPACING_HZ)
            steps = min(max(steps, 0), segment.last - segment.first)
            return segment.first + steps, segment.first_hz + SPACING_HZ * steps
    return None


def downlink_hz(arfcn: int) -> tuple[float, ...]:
    """Every downlink carrier a channel number can mean: 512–810 have two."""
    return tuple(s.first_hz + SPACING_HZ * (arfcn - s.first) for s in SEGMENTS if s.first <= arfcn <= s.last)
