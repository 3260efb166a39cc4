import numpy as np
import pytest

from dsp.gsm.symbol_lines import LEAST, symbol_lines
from recordings.gsm.spec import GsmBroadcast
from tests.dsp.gsm.made import OnAir, window

BUSY = GsmBroadcast(arfcn=25, plmn="460-00", busy_timeslots=(1, 2, 3, 4, 5, 6, 7))
COUNT, RATE_HZ = 480_000, 2.4e6


def on_air(eb_n0_db: float, *more: OnAir) -> float:
    block = window([OnAir(BUSY, 1e5), *more], rate_hz=RATE_HZ, seconds=0.2, eb_n0_db=eb_n0_db)
    return symbol_lines(block.samples, RATE_HZ)


@pytest.mark.parametrize("eb_n0_db", [20.0, 10.0, 4.0])
def test_a_carrier_has_its_lines_also_when_it_is_weak(eb_n0_db):
    assert on_air(eb_n0_db) > LEAST


def test_a_stronger_one_elsewhere_does_not_hide_them():
    assert on_air(15.0, OnAir(BUSY, -6e5, level_db=6.0, seed=3)) > LEAST


def noise(count: int = COUNT) -> np.ndarray:
    return np.random.default_rng(2).standard_normal((count, 2)) @ np.array([0.7, 0.7j])


def others() -> dict[str, np.ndarray]:
    t = np.arange(COUNT) / RATE_HZ
    rng = np.random.default_rng(4)
    sound = np.repeat(rng.standard_normal(COUNT // 50), 50)
    qpsk = np.repeat(rng.choice([1, -1, 1j, -1j], COUNT // 8 + 1), 8)[:COUNT]
    used = np.zeros((COUNT // 160, 160), np.complex128)
    used[:, 1:60] = rng.choice([1, -1, 1j, -1j], (len(used), 59))
    return {
        "noise": noise(),
        "tone": np.exp(2j * np.pi * 3e5 * t) + 0.1 * noise(),
        "station": np.exp(2j * np.pi * (3e5 * t + 5e4 * np.cumsum(sound) / RATE_HZ)) + 0.1 * noise(),
        "qpsk of 300 kBd": qpsk + 0.1 * noise(),
        "ofdm": np.fft.ifft(used, axis=1).ravel() * 12 + 0.1 * noise(),
        "direct current": np.full(COUNT, 1 + 1j),
        "zeros": np.zeros(COUNT, np.complex128),
    }


@pytest.mark.parametrize("name", list(others()))
def test_what_is_no_gsm_has_none(name):
    assert symbol_lines(others()[name].astype(np.complex64), RATE_HZ) < LEAST / 2


def test_too_little_and_too_narrow_has_none():
    assert symbol_lines(noise(100).astype(np.complex64), RATE_HZ) == 0.0
    assert symbol_lines(noise().astype(np.complex64), 300e3) == 0.0
