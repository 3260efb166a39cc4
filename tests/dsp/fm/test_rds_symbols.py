import numpy as np
import pytest
from numpy.typing import NDArray

from dsp.fm.mpx import transform
from dsp.fm.pilot import find_pilot
from dsp.fm.rds import decode_bits
from dsp.fm.rds_symbols import PEAK_OVER_RMS, RdsSymbols, demodulate
from recordings.fm.multiplex import BLOCK, Multiplex
from recordings.fm.rds_wave import REACH, subcarrier
from recordings.fm.spec import FmBroadcast
from tests.dsp.fm.made_window import rds

RATE_HZ = 456e3


def _multiplex(seconds: float, *, stereo: bool = True, deviation_hz: float = 2000.0) -> NDArray[np.float32]:
    broadcast = FmBroadcast(programme="music", stereo=stereo, rds=rds(0x9331, deviation_hz=deviation_hz))
    made = Multiplex(broadcast, seed=4)
    blocks = [made.block(number) for number in range(int(np.ceil(seconds * RATE_HZ / BLOCK)))]
    return np.concatenate(blocks)[: int(seconds * RATE_HZ)]


def _drooped(mpx_hz: NDArray[np.float32]) -> NDArray[np.float32]:
    """What a phase-step discriminator makes of it."""
    freq_hz = np.fft.rfftfreq(len(mpx_hz), 1 / RATE_HZ)
    return np.fft.irfft(np.fft.rfft(mpx_hz) * np.sinc(freq_hz / RATE_HZ), len(mpx_hz)).astype(np.float32)


def _symbols(mpx_hz: NDArray[np.float32], rate_hz: float = RATE_HZ) -> RdsSymbols:
    spectrum = transform(_drooped(mpx_hz), rate_hz)
    symbols = demodulate(spectrum, find_pilot(spectrum))
    assert symbols is not None
    return symbols


@pytest.mark.parametrize("stereo", [True, False])
def test_every_block_is_read_with_a_pilot_and_without(stereo: bool) -> None:
    reading = decode_bits(_symbols(_multiplex(2.0, stereo=stereo)).bits)
    assert reading.block_error_rate == 0
    assert reading.blocks_good >= 2.0 * 1187.5 / 26 - 2


@pytest.mark.parametrize("error_ppm", [-150, -20, 80, 150])
def test_our_clock_may_be_wrong_by_150_ppm(error_ppm: float) -> None:
    symbols = _symbols(_multiplex(2.0), RATE_HZ * (1 + error_ppm * 1e-6))
    assert symbols.offset_hz == pytest.approx(57e3 * error_ppm * 1e-6, abs=0.05)
    assert decode_bits(symbols.bits).block_error_rate == 0


def test_a_subcarrier_not_locked_to_the_pilot_is_followed() -> None:
    mpx_hz = _multiplex(2.0, stereo=False)
    at_s = np.arange(len(mpx_hz)) / RATE_HZ
    free = np.interp(at_s * (1 + 90e-6), at_s, mpx_hz)  # 5 Hz off at 57 kHz
    pilot = 6750 * np.sin(2 * np.pi * 19e3 * at_s)
    symbols = _symbols((free + pilot).astype(np.float32))
    assert symbols.offset_hz == pytest.approx(57e3 * 90e-6, abs=0.1)
    assert decode_bits(symbols.bits).block_error_rate == 0


@pytest.mark.parametrize("deviation_hz", [1000.0, 2000.0, 5000.0])
def test_the_peak_deviation_is_the_one_sent(deviation_hz: float) -> None:
    assert _symbols(_multiplex(2.0, deviation_hz=deviation_hz)).peak_hz == pytest.approx(deviation_hz, rel=0.05)


def test_peak_over_rms_is_that_of_random_data() -> None:
    bits = np.random.default_rng(1).integers(0, 2, 4000).astype(np.uint8)
    wave = subcarrier(bits, in_quadrature=True)[REACH:]
    assert float(np.abs(wave).max()) / float(np.sqrt(np.mean(wave**2))) == pytest.approx(PEAK_OVER_RMS, rel=0.03)


# Coherent BPSK with differential decoding: 27 symbols right for a block. Es/N0 in the RDS band as the filter sees it.
@pytest.mark.parametrize("es_n0_db", [4.0, 6.0, 8.0])
def test_blocks_come_as_often_as_coherent_theory_allows(es_n0_db: float) -> None:
    from scipy.special import erfc

    seconds = 12.0
    mpx_hz = _multiplex(seconds, stereo=False)
    clean = _symbols(mpx_hz)
    density = clean.rms_hz**2 / 1187.5 / 10 ** (es_n0_db / 10)  # Hz² of deviation in 1 Hz
    noise = np.random.default_rng(2).standard_normal(len(mpx_hz)) * np.sqrt(density * RATE_HZ / 2)
    symbols = _symbols((mpx_hz + noise).astype(np.float32))
    assert symbols.snr_db == pytest.approx(es_n0_db, abs=0.7)
    wrong = 0.5 * erfc(np.sqrt(10 ** (es_n0_db / 10)))
    expected = (1 - wrong) ** 27
    share = decode_bits(symbols.bits).blocks_good / (seconds * 1187.5 / 26)
    # 548 blocks: 2 % of spread, and a few at either end
    assert share == pytest.approx(expected, abs=0.07)


def test_too_short_a_look_has_no_symbols() -> None:
    assert demodulate(transform(np.zeros(int(0.021 * RATE_HZ), np.float32), RATE_HZ), None) is None
