import ctypes
import itertools
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from hardware import librtlsdr
from hardware.errors import (
    BadWindow,
    DongleBusy,
    DongleDenied,
    DongleFault,
    DongleUnsupported,
    DongleWedged,
    NoDongle,
    NoDriver,
    NoSuchSerial,
    RadioClosed,
    SamplesLost,
    SerialNeeded,
    SerialNotUnique,
    StreamEnded,
    StreamStalled,
)
from hardware.radio import Window, sweep
from hardware.rtlsdr import RtlSdr

RATE = 1.024e6
CENTRE = 100e6
TONE = 100.1e6
BUFFER = 32768  # samples


@pytest.fixture
def opened(standin, faults):
    radios = []

    def open_radio(text="serials=00000001", **options):
        faults(text)
        radio = RtlSdr(library=standin, watchdog_s=0.5, **options)
        radios.append(radio)
        return radio

    yield open_radio
    for radio in radios:
        radio.close()


def tone_hz(block) -> float:
    power = np.abs(np.fft.fft(block.samples)) ** 2
    return block.centre_hz + np.fft.fftfreq(len(power), 1 / block.rate_hz)[int(np.argmax(power))]


def test_a_look_holds_what_is_on_the_air_there_and_now(opened):
    began = time.time_ns()
    block = opened().look(CENTRE, RATE, 0.1)
    assert len(block.samples) == 102_400
    assert tone_hz(block) == pytest.approx(TONE, abs=20)
    assert np.abs(block.samples).mean() == pytest.approx(0.5, abs=0.01)
    assert (block.rate_hz, block.centre_hz, block.gain_db) == (RATE, CENTRE, 32.8)
    assert (block.lost_samples, block.clipped_samples) == (0, 0)
    assert began < block.time_utc_ns < time.time_ns()
    assert block.time_sigma_ns == 1_000_000


def test_the_time_of_a_block_is_that_of_its_first_sample(opened):
    radio = opened()
    one, two = radio.look(CENTRE, RATE, 0.1), radio.look(CENTRE, RATE, 0.1)
    apart_s = (two.first_sample - one.first_sample) / RATE
    assert (two.time_utc_ns - one.time_utc_ns) / 1e9 == pytest.approx(apart_s, abs=0.002)


def test_after_tuning_nothing_of_the_old_frequency_is_left(opened):
    radio = opened("serials=1;tone=100100000")
    for centre in (100e6, 100.2e6, 100.05e6, 99.8e6):
        block = radio.look(centre, RATE, 0.05)
        parts = block.samples[: len(block.samples) // 4 * 4].reshape(4, -1)
        for part in parts:
            power = np.abs(np.fft.fft(part)) ** 2
            offset = np.fft.fftfreq(len(part), 1 / RATE)[int(np.argmax(power))]
            assert centre + offset == pytest.approx(TONE, abs=200)


def test_everything_that_could_change_levels_is_fixed_when_it_is_opened(opened, calls):
    radio = opened(gain_db=30.0, if_gain_step=11)
    assert radio.look(CENTRE, RATE, 0.02).gain_db == 29.7  # the nearest step there is
    made = calls()
    for call in ("agc(0)", "manual(1)", "gain(297)", "if(10011)"):
        assert call in made
    assert not any(call.startswith(("ppm", "bias")) for call in made)  # the value it has already is an error


def test_a_correction_and_a_fed_antenna_are_set_when_asked(opened, calls):
    opened(ppm=-37, bias_tee=True)
    assert {"ppm(-37)", "bias(1)"} <= set(calls())


def test_a_library_without_the_forks_functions_works_without_them(old_standin, faults):
    faults("serials=1")
    radio = RtlSdr(library=old_standin)
    try:
        assert tone_hz(radio.look(CENTRE, RATE, 0.02)) == pytest.approx(TONE, abs=100)
    finally:
        radio.close()


def test_a_lost_transfer_never_lies_inside_a_block_and_is_counted(opened):
    radio = opened("serials=1;drop=6:3")
    block = radio.look(CENTRE, RATE, 0.4)
    assert block.lost_samples == pytest.approx(3 * BUFFER, abs=2000)
    phase = np.unwrap(np.angle(block.samples * np.exp(-2j * np.pi * 1e5 / RATE * np.arange(len(block.samples)))))
    assert np.abs(phase - phase[0]).max() < 0.3  # the carrier runs through without a jump
    later = radio.look(CENTRE, RATE, 0.05)
    assert later.lost_samples == 0


def test_a_stall_that_is_made_up_for_is_no_loss(opened):
    block = opened("serials=1;late=6:300").look(CENTRE, RATE, 0.4)
    assert block.lost_samples == 0


def test_a_stream_is_gapless_and_counts_on(opened):
    blocks = list(itertools.islice(opened().stream(CENTRE, RATE, block_seconds=0.06), 4))
    counts = [(block.first_sample, len(block.samples)) for block in blocks]
    assert all(first + length == following for (first, length), (following, _) in itertools.pairwise(counts))
    whole = np.concatenate([block.samples for block in blocks])
    phase = np.unwrap(np.angle(whole * np.exp(-2j * np.pi * 1e5 / RATE * np.arange(len(whole)))))
    assert np.abs(phase - phase[0]).max() < 0.3


def test_a_sweep_is_one_look_after_another_in_one_stream(opened, calls):
    windows = [Window(centre, RATE, 0.02) for centre in (99.9e6, 100e6, 100.2e6)]
    blocks = list(sweep(opened(), windows))
    assert [block.centre_hz for block in blocks] == [window.centre_hz for window in windows]
    assert calls().count("rate(1024000)") == 1


def test_another_rate_is_another_stream(opened):
    radio = opened()
    assert radio.look(CENTRE, RATE, 0.02).rate_hz == RATE
    block = radio.look(CENTRE, 2.048e6, 0.02)
    assert (block.rate_hz, len(block.samples)) == (2.048e6, 40_960)
    assert tone_hz(block) == pytest.approx(TONE, abs=100)


def test_clipping_is_counted(opened):
    block = opened("serials=1;clip=1").look(CENTRE, RATE, 0.02)
    assert block.clipped_samples / len(block.samples) > 0.9


def test_a_stream_that_stalls_is_started_again_within_the_look(opened):
    block = opened("serials=1;stall=5").look(CENTRE, RATE, 0.3)
    assert len(block.samples) == 307_200


def test_a_dongle_that_stays_silent_is_given_up_with_a_sentence(opened):
    with pytest.raises(StreamStalled, match=r"delivered nothing for 0\.5 s"):
        opened("serials=1;stall_always=2").look(CENTRE, RATE, 0.3)


def test_unplugging_is_told_and_the_radio_can_still_be_closed(opened):
    radio = opened("serials=1;unplug=3")
    with pytest.raises(StreamEnded, match="unplugged"):
        radio.look(CENTRE, RATE, 0.5)
    radio.close()
    radio.close()
    with pytest.raises(RadioClosed):
        radio.look(CENTRE, RATE, 0.5)


def test_samples_lost_all_the_time_are_an_error_and_not_a_block(opened, monkeypatch):
    radio = opened("serials=1;drop=3:2")
    monkeypatch.setattr("hardware.dwell.MOST_RESTARTS", 0)
    with pytest.raises(SamplesLost, match="never delivered"):
        radio.look(CENTRE, RATE, 0.3)


def test_a_library_that_hangs_is_left_alone_and_said(opened, standin, faults):
    radio = opened("serials=1;hang=1;stall_always=2")
    with pytest.raises(DongleWedged, match="started again"):
        radio.look(CENTRE, RATE, 0.3)
    faults("serials=1")  # lets the stand-in's thread end
    time.sleep(0.2)


def test_a_failure_to_tune_is_told_and_the_radio_can_still_be_closed(opened):
    radio = opened()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STANDIN", "serials=1;tune=-1")
        with pytest.raises(DongleFault, match="failed to tune"):
            radio.look(CENTRE, RATE, 0.1)
    assert len(radio.look(CENTRE, RATE, 0.02).samples) == 20_480


@pytest.mark.parametrize(
    ("text", "options", "refusal"),
    [
        ("", {}, NoDongle),
        ("serials=A", {"serial": "B"}, NoSuchSerial),
        ("serials=A,B", {}, SerialNeeded),
        ("serials=A,A", {"serial": "A"}, SerialNotUnique),
        ("serials=A,A", {}, SerialNotUnique),
        ("serials=A;open=-6", {}, DongleBusy),
        ("serials=A;open=-3", {}, DongleDenied),
        ("serials=A;strings=-3", {}, DongleDenied),
        ("serials=A;open=-1", {}, DongleFault),
    ],
)
def test_each_reason_why_a_dongle_cannot_be_opened_has_its_own_sentence(opened, text, options, refusal):
    with pytest.raises(refusal):
        opened(text, **options)


def test_the_dongle_is_the_one_with_the_serial_whatever_its_place(opened, calls):
    radio = opened("serials=A,B,C", serial="C")
    assert radio.name == "RTL-SDR C"
    assert "open(2)" in calls()


def test_a_v4_dongle_is_refused_by_a_driver_that_does_not_know_it(old_standin, opened, faults):
    faults("serials=A;maker=RTLSDRBlog;product=Blog V4")
    with pytest.raises(DongleUnsupported, match="Blog V4"):
        RtlSdr(library=old_standin)
    opened("serials=A;maker=RTLSDRBlog;product=Blog V4")


@pytest.mark.parametrize(
    "window", [(CENTRE, 500e3, 1.0), (CENTRE, 3.3e6, 1.0), (1e6, RATE, 1.0), (2e9, RATE, 1.0), (CENTRE, RATE, 0.0)]
)
def test_what_the_library_would_refuse_is_refused_before_it_is_asked(opened, calls, window):
    radio = opened()
    before = calls()
    with pytest.raises(BadWindow):
        radio.look(*window)
    assert calls() == before


def test_no_thread_is_left_when_a_radio_is_closed(opened):
    radio = opened()
    radio.look(CENTRE, RATE, 0.02)
    radio.close()
    assert not any(thread.name.startswith("RTL-SDR") for thread in threading.enumerate())


def test_the_driver_is_not_loaded_before_a_dongle_is_wanted():
    code = "import sys, hardware.rtlsdr; sys.exit('pyrtlsdrlib' in sys.modules or 'rtlsdr' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_driver_that_cannot_be_loaded_is_one_sentence_that_says_what_to_install(tmp_path, monkeypatch):
    broken = tmp_path / "librtlsdr.so"
    broken.write_text("not a library")
    for path in (str(broken), str(tmp_path / "missing.so")):
        with pytest.raises(NoDriver, match="make dongle"):
            RtlSdr(library=path)
    monkeypatch.setitem(sys.modules, "pyrtlsdrlib", None)
    monkeypatch.setattr("ctypes.util.find_library", lambda name: None)
    with pytest.raises(NoDriver, match="not installed"):
        RtlSdr()


def test_a_library_that_lacks_a_function_is_no_driver():
    with pytest.raises(NoDriver, match="has no rtlsdr_get_device_count"):
        librtlsdr.Librtlsdr(ctypes.CDLL(None))
    with pytest.raises(NoDriver):
        librtlsdr.load("libc.so.6")
