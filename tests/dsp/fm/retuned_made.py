"""A receiver that is retuned: reference, target, reference far from each other, by one sample count; made from IQ."""

from dataclasses import dataclass, replace

from dsp.fm.phase_steps import PhaseSteps
from dsp.fm.phase_window import phase_window
from dsp.fm.time_difference import Pair
from dsp.iq import IqBlock
from tests import air
from tests.dsp.fm import difference_made as made

REFERENCE_HZ, TARGET_HZ = 93.4e6, made.TARGET_HZ  # 4.9 MHz apart: in no common window
BESIDE_HZ = 0.2e6  # of the station from the receiver's centre
RATE_HZ = 0.96e6
STATIONS = ((REFERENCE_HZ, made.REFERENCE), (TARGET_HZ, made.TARGET))


@dataclass(frozen=True, slots=True)
class Retuning:
    """A receiver whose sample count begins at 0 when its computer's clock says begin_s; its first part is there too."""

    ear: air.Ear
    of: made.Set
    rate_hz: float = RATE_HZ

    def look(self, centre_hz: float, *, at_s: float, seconds: float) -> IqBlock:
        """at_s : by the computer's clock; the sample count decides, whole samples by its crystal."""
        count = round((at_s - self.of.begin_s) * self.rate_hz)
        true_s = self.of.begin_s - self.ear.ahead_s + count / self.rate_hz / (1 + self.ear.ppm * 1e-6)
        ear = replace(self.ear, ahead_s=at_s - true_s)
        window = air.Window(centre_hz, self.rate_hz, self.of.cnr_db, 200e3, level=0.25, echoes=self.of.echoes)
        senders = [each for each in self._senders() if abs(each.freq_hz - centre_hz) < self.rate_hz / 2 - 100e3]
        (block,) = air.listen(senders, [ear], window, begin_s=at_s, seconds=seconds, seed=self._noise())
        return replace(block, first_sample=count)

    def _noise(self) -> int:
        """Every receiver has noise of its own."""
        return 10 * self.of.seed + int(self.ear.name)

    def _senders(self) -> list[air.Sender]:
        programmes = (self.of.reference, self.of.programme)
        return [
            air.Sender(str(k), place, hz, 330e3, made.transmitter(self.of, programme, k))
            for k, ((hz, place), programme) in enumerate(zip(STATIONS, programmes, strict=True), start=1)
        ]


def receivers(of: made.Set, *, rate_hz: float = RATE_HZ) -> tuple[Retuning, ...]:
    return tuple(
        Retuning(air.Ear(str(k), made.SENSORS[k], of.ppm[k], made.OFFSETS_S[k]), of, rate_hz) for k in range(3)
    )


def parts(receiver: Retuning, *, every_s: float = 1.5, lost: int = 0) -> tuple[PhaseSteps, ...]:
    """Reference, target, reference, of.seconds each; `lost` samples are missing before the last and nobody knows."""
    out = []
    for k, freq_hz in enumerate((REFERENCE_HZ, TARGET_HZ, REFERENCE_HZ)):
        gone_s = lost / receiver.rate_hz if k == 2 else 0.0
        block = receiver.look(
            freq_hz - BESIDE_HZ, at_s=receiver.of.begin_s + k * every_s + gone_s, seconds=receiver.of.seconds
        )
        first_s = block.first_sample / receiver.rate_hz - gone_s
        out.append(phase_window(block, (freq_hz,), first_s=first_s)[0])
    return tuple(out)


def pairs(one: tuple[PhaseSteps, ...], other: tuple[PhaseSteps, ...]) -> tuple[list[Pair], list[Pair]]:
    """(reference's, target's)"""
    return [(one[0], other[0]), (one[2], other[2])], [(one[1], other[1])]
