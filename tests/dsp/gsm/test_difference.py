"""Arrival differences of cells in one window, against those they were sent with."""

import numpy as np
import pytest
from scipy.stats import chi2

from dsp.gsm.difference import frame_lag
from dsp.gsm.frame import FRAME_SECONDS, SYMBOL_HZ
from dsp.gsm.look import Reception
from dsp.gsm.receive import receive_gsm
from recordings.gsm.spec import GsmBroadcast
from tests.dsp.gsm.made import OnAir, window

APART_HZ = (400e3, 600e3, 800e3, 1e6)


@pytest.mark.parametrize("seeds", [4, pytest.param(40, marks=pytest.mark.slow)])
def test_two_cells_lie_apart_as_sent_whatever_the_sample_clock(seeds: int) -> None:
    """One 20 dB stronger, the clock up to 50 ppm off: chi-square over seeds, two-sided 1 in 1000."""
    normal = [_error_over_sigma(seed) for seed in range(seeds)]
    low, high = (float(chi2.ppf(share, seeds)) for share in (0.0005, 0.9995))
    assert low < np.sum(np.square(normal)) < high


def _error_over_sigma(seed: int) -> float:
    rng = np.random.default_rng((seed, 31))
    offsets = rng.uniform(0, 1250, 2)
    cells = [
        GsmBroadcast(
            plmn="460-00", bsic=9 + 20 * k, ci=k + 1, symbol_offset=float(offset), frame_number_at_start=5000 * k
        )
        for k, offset in enumerate(offsets)
    ]
    apart = APART_HZ[seed % len(APART_HZ)]
    on_air = [OnAir(cells[0], -apart / 2, seed=seed), OnAir(cells[1], apart / 2, level_db=20.0, seed=seed + 1)]
    block = window(on_air, rate_hz=2e6, seconds=0.4, eb_n0_db=12.0, seed=seed, clock_ppm=float(rng.uniform(-50, 50)))
    weak, strong = sorted(receive_gsm(block).receptions, key=lambda each: each.level_dbfs)
    lag = frame_lag(weak, strong)
    assert lag is not None and 2e-9 < lag.sigma_s < 10e-9
    frames = (lag.seconds - (offsets[0] - offsets[1]) / SYMBOL_HZ) / FRAME_SECONDS
    return float((frames - round(frames)) * FRAME_SECONDS / lag.sigma_s)


def test_a_lag_is_within_half_a_frame_and_turns_its_sign_with_the_cells() -> None:
    one, other = _heard(frame_sample=1000.0), _heard(frame_sample=1000.0 + 4800.0)
    lag, back = frame_lag(one, other), frame_lag(other, one)
    assert lag is not None and back is not None
    assert lag.seconds == pytest.approx(-0.04 * FRAME_SECONDS)
    assert back.seconds == pytest.approx(0.04 * FRAME_SECONDS)
    assert lag.sigma_s == back.sigma_s == pytest.approx(0.5e-9)


def test_what_is_not_known_of_the_frame_length_adds_to_the_sigma() -> None:
    one = _heard(frame_sample=1000.0, samples_per_frame_sigma=1e-4)
    far = _heard(frame_sample=1000.0 + 5000.0 * 100, samples_per_frame_sigma=1e-4)
    lag = frame_lag(one, far)
    assert lag is not None
    assert lag.sigma_s == pytest.approx(np.sqrt(2) * 50 * 1e-4 / 5000 * FRAME_SECONDS, rel=0.01)


def test_no_sigma_no_lag() -> None:
    assert frame_lag(_heard(frame_sample=0.0), _heard(frame_sample=7.0, frame_sample_sigma=None)) is None


def _heard(
    *,
    frame_sample: float,
    frame_sample_sigma: float | None = 0.5e-9 / np.sqrt(2) / FRAME_SECONDS * 5000,
    samples_per_frame_sigma: float | None = None,
) -> Reception:
    return Reception(
        bsic=1,
        measured_hz=940e6,
        arfcn=25,
        freq_hz=940e6,
        carrier_offset_hz=0.0,
        carrier_offset_sigma_hz=1.0,
        level_dbfs=-40.0,
        cnr_db=20.0,
        frame_number=0,
        frame_sample=frame_sample,
        frame_sample_sigma=frame_sample_sigma,
        clock_ppm=0.0,
        samples_per_frame=5000.0,
        samples_per_frame_sigma=samples_per_frame_sigma,
        seconds=1.0,
        syncs=(),
        blocks=(),
        failed=(),
    )
