import numpy as np
import pytest

from dsp.fm.look import FmReception
from dsp.fm.receive import receive_fm
from recordings.fm.multiplex import BLOCK, Multiplex
from recordings.fm.spec import FmBroadcast, ProgrammeKind
from tests.dsp.fm.made_window import Sent, make_window, rds

SECONDS = 1.5
KINDS = {
    "speech": FmBroadcast(programme="speech", rds=rds(), loudness_db=9),
    "music": FmBroadcast(programme="music", loudness_db=12),
    "tone": FmBroadcast(programme="tone"),
    "over": FmBroadcast(programme="music", stereo=False, peak_deviation_hz=110e3, loudness_db=12),
    "pilot only": FmBroadcast(programme="silence", rds=rds()),
}


def _truth_hz(broadcast: FmBroadcast) -> float:
    made = Multiplex(broadcast, seed=1)
    mpx_hz = np.concatenate([made.block(number) for number in range(int(SECONDS * 456e3) // BLOCK + 1)])
    return float(np.quantile(np.abs(mpx_hz[: int(SECONDS * 456e3)]), 0.999))


def _heard(*sent: Sent) -> list[FmReception]:
    return list(receive_fm(make_window(sent, seconds=SECONDS, rate_hz=1.2e6)).stations)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("cnr_db", [25, 40])
def test_deviation_is_within_2_khz_at_25_db_and_more(kind: str, cnr_db: float) -> None:
    (station,) = _heard(Sent(100e3, cnr_db, KINDS[kind]))
    deviation_hz = station.multiplex.modulation.deviation_hz
    assert deviation_hz is not None
    assert abs(deviation_hz - _truth_hz(KINDS[kind])) < 2e3


@pytest.mark.parametrize("cnr_db", [8, 12, 15, 18, 20, 22])
def test_it_is_never_wrong_by_5_khz_when_it_is_stated(cnr_db: float) -> None:
    for station in _heard(Sent(-300e3, cnr_db, KINDS["music"]), Sent(300e3, cnr_db, KINDS["pilot only"])):
        modulation = station.multiplex.modulation
        truth_hz = _truth_hz(KINDS["music" if station.carrier.freq_hz < 98e6 else "pilot only"])
        if modulation.deviation_hz is None:
            assert modulation.reason == "weak"
        else:
            assert abs(modulation.deviation_hz - truth_hz) < 5e3


def test_a_second_carrier_on_the_channel_is_why_it_is_not_stated() -> None:
    (station, *_) = _heard(Sent(0.0, 40, KINDS["speech"]), Sent(3e3, 32, KINDS["music"], 5))
    assert station.multiplex.modulation.deviation_hz is None
    assert station.multiplex.modulation.reason == "reflections"


def test_a_look_of_a_fifth_of_a_second_is_too_short() -> None:
    look = receive_fm(make_window([Sent(100e3, 35, KINDS["speech"])], seconds=0.2, rate_hz=1.2e6))
    assert [station.multiplex.modulation.reason for station in look.stations] == ["short"]


def test_modulation_power_of_a_tone_is_its_own() -> None:
    (station,) = _heard(Sent(100e3, 30, FmBroadcast(programme="tone", stereo=False, peak_deviation_hz=19e3)))
    assert station.multiplex.modulation.power_dbr == pytest.approx(0.0, abs=0.3)


@pytest.mark.parametrize(("kind", "cnr_db"), [("speech", 25), ("speech", 12), ("music", 25), ("silence", 10)])
def test_the_carrier_is_found_within_what_its_sigma_says(kind: ProgrammeKind, cnr_db: float) -> None:
    errors, sigmas = [], []
    for seed in range(6):
        what = FmBroadcast(programme=kind, rds=rds())
        block = make_window(
            [Sent(150e3, cnr_db, what, seed)], seconds=2.0, rate_hz=600e3, seed=seed, first_s=7.0 * seed
        )
        (station,) = receive_fm(block).stations
        errors.append(station.freq_hz - 98.15e6)
        sigmas.append(station.freq_sigma_hz)
    assert np.median(np.abs(errors)) < 20
    assert np.sqrt(np.mean(np.square(errors) / (np.square(sigmas) + 1))) < 2  # six draws: known to 30 %
