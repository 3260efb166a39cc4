import pytest

from dsp.signatures.history import SiteHistory
from dsp.signatures.licences import FmLicence, Licences
from hardware.radio import Window
from sensor.bands import services
from sensor.level import Levels, levels
from sensor.listen import listen
from sensor.settings import Calibration
from tests.dsp.signatures.made import LAW
from tests.sensor.made import MadeEars, block, cell, station

FM_WINDOW = Window(98e6, 1e6, 0.001)
GSM_WINDOW = Window(940e6, 1e6, 0.001)


NO_LICENCES = Licences()
NOT_CALIBRATED = Levels()


def hear(ears, window=GSM_WINDOW, *, licences=NO_LICENCES, level=NOT_CALIBRATED, **fields):
    return listen(block(window, **fields), ears, SiteHistory(), licences, levels=level, **LAW)


@pytest.mark.parametrize(
    ("centre_hz", "expected"),
    [
        (940e6, ("gsm",)),
        (1840e6, ("gsm",)),
        (98e6, ("fm",)),
        (108.5e6, ("fm",)),  # its lower half
        (433e6, ("gsm", "fm")),
        (0.0, ("gsm", "fm")),
    ],
)
def test_the_band_says_which_receivers_listen_and_an_unknown_band_gets_both(centre_hz, expected):
    assert services(centre_hz - 1e6, centre_hz + 1e6) == expected
    ears = MadeEars()
    hear(ears, Window(centre_hz, 2e6, 0.001))
    assert tuple(ears.heard) == expected


def test_levels_at_the_antenna_need_both_calibration_and_gain():
    level = Levels(gsm_dbm=-12.0, fm_dbm=None)
    heard = hear(MadeEars((cell(level_dbfs=-30.0),)), level=level, gain_db=40.0)
    assert heard.cells[0].level_dbm == -82.0
    assert heard.swept[0].floor_dbm == -60.0 + 10.0 - 40.0 - 12.0
    assert hear(MadeEars((cell(),)), level=level, gain_db=None).cells[0].level_dbm is None
    assert hear(MadeEars((cell(),))).cells[0].level_dbm is None
    assert hear(MadeEars((), (station(),)), FM_WINDOW, level=level).stations[0].level_dbm is None


def test_the_settings_calibration_goes_before_the_recordings():
    assert levels(None, -10.0) == Levels(-10.0, -10.0)
    assert levels(None) == Levels(None, None)
    assert levels(Calibration(dbm_at_full_scale=-20.0), -10.0) == Levels(-20.0, -20.0)
    assert levels(Calibration(fm_dbm_at_full_scale=-5.0), -10.0) == Levels(-10.0, -5.0)
    assert levels(Calibration(dbm_at_full_scale=-20.0, gsm_dbm_at_full_scale=-3.0)) == Levels(-3.0, -20.0)


def test_findings_are_about_what_they_say_also_when_both_services_were_heard():
    licences = Licences(fm=(FmLicence(freq_hz=90e6, name="other"),))
    ears = MadeEars((cell(), cell(arfcn=30, freq_hz=941e6)), (station(), station(freq_hz=99e6)))
    heard = hear(ears, Window(433e6, 2e6, 0.001), licences=licences)
    unlicensed = {finding.about for finding in heard.findings if finding.name == "fm_unlicensed"}
    assert unlicensed == {2, 3}
    assert all(type(heard.values[about]).__name__ == "FmStation" for about in unlicensed)


def test_the_history_grows_by_the_look_and_the_given_one_stays_as_it_was():
    before = SiteHistory()
    heard = listen(block(GSM_WINDOW), MadeEars((cell(),)), before, Licences(), **LAW)
    assert before.cells == {}
    assert len(heard.history.cells) == 1


def test_what_was_listened_to_is_claimed_without_the_ends_of_the_window():
    (swept,) = hear(MadeEars(), GSM_WINDOW, lost_samples=7, clipped_samples=10).swept
    assert (swept.service, swept.low_hz, swept.high_hz) == ("gsm", 940e6 - 0.4e6, 940e6 + 0.4e6)
    assert (swept.lost_samples, swept.clipped_share, swept.floor_dbm) == (7, 0.01, None)


def test_a_format_that_cannot_clip_has_no_clipped_share():
    assert hear(MadeEars(), clipped_samples=None).swept[0].clipped_share is None


def test_refusals_of_the_decoders_are_counted():
    assert hear(MadeEars()).refused == {"WrongProtocol": 2}
