"""The second look at what is new on a free channel: asked for once, of a live receiver, and its answer kept."""

from dsp.fm.values import FmStation
from dsp.iq import IqBlock
from dsp.signatures.history import SiteHistory
from dsp.signatures.licences import FmLicence, Licences
from dsp.signatures.registry import judge_fm
from hardware.radio import Window
from sensor.again import MOVE_HZ, SECONDS
from sensor.survey import Survey
from tests.dsp.signatures.made import WEIGHTS
from tests.sensor.made import MadeClock, MadeEars, MadeOutbox, MadeRadio, RecordedRadio, block, station

WINDOW = Window(98.05e6, 1e6, 0.001)
LISTED = Licences(fm=(FmLicence(freq_hz=97.7e6, name="Listed"),))
GHOST_HZ = 98.3e6


class FmWindow:
    def next(self) -> Window:
        return WINDOW


class EarsThatLookAgain(MadeEars):
    def __init__(self, *stations: FmStation, moved_hz: tuple[float, ...]) -> None:
        super().__init__(stations=stations)
        self.moved_hz = moved_hz

    def moved(self, block: IqBlock) -> tuple[float, ...]:
        assert block.centre_hz == WINDOW.centre_hz
        return self.moved_hz


def survey(*stations: FmStation, moved_hz: tuple[float, ...] = ()) -> Survey:
    return Survey(
        outbox=MadeOutbox(),
        clock=MadeClock(),
        new_memories=lambda: EarsThatLookAgain(*stations, moved_hz=moved_hz),
        where=lambda radio: None,
        weights=WEIGHTS,
        band_plan=None,
        licences=LISTED,
    )


def blocks(count: int) -> list[IqBlock]:
    return [block(WINDOW) for _ in range(count)]


def test_what_is_new_and_unlicensed_is_looked_at_again_once_with_the_centre_moved():
    of, radio = survey(station(freq_hz=GHOST_HZ)), MadeRadio(blocks(4))
    of.turn(radio, FmWindow())
    of.turn(radio, FmWindow())
    assert radio.looked == [WINDOW, Window(WINDOW.centre_hz + MOVE_HZ, WINDOW.rate_hz, SECONDS), WINDOW]
    assert len(of.outbox.promised) == 2  # the second look is no report of its own


def test_what_is_licensed_and_a_recording_are_not_looked_at_again():
    of, radio = survey(station(freq_hz=97.7e6)), MadeRadio(blocks(2))
    of.turn(radio, FmWindow())
    assert radio.looked == [WINDOW]
    of, recorded = survey(station(freq_hz=GHOST_HZ)), RecordedRadio(blocks(2))
    of.turn(recorded, FmWindow())
    assert recorded.looked == [WINDOW]


def test_what_moved_is_spoken_for_from_the_next_look_on_and_its_neighbour_is_not():
    of = survey(station(freq_hz=GHOST_HZ), station(freq_hz=98.0e6), moved_hz=(GHOST_HZ,))
    radio = MadeRadio(blocks(3))
    of.turn(radio, FmWindow())
    of.turn(radio, FmWindow())
    _, report = of.outbox.promised
    spoken = {report.heard[f.about].freq_hz for f in report.findings if f.name == "fm_moved"}
    assert spoken == {GHOST_HZ}
    weights = [f.weight_db for f in report.findings if f.about == 0]
    assert report.heard[0].freq_hz == GHOST_HZ
    assert sum(weights) <= 0.0


def test_what_a_second_look_said_is_forgotten_after_six_hours():
    heard = (station(freq_hz=GHOST_HZ),)
    history = SiteHistory().with_look(heard, now_ns=10**9).moved((GHOST_HZ,), now_ns=10**9)
    for hours, spoken in ((5, True), (7, False)):
        found = judge_fm(heard, history, LISTED, now_ns=hours * 3600 * 10**9)
        assert any(f.name == "fm_moved" for f in found) == spoken
