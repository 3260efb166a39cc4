from pathlib import Path

import numpy as np
import pytest
from scipy.io import wavfile

from dsp.errors import BadRate, BlockTooShort, NotFinite
from dsp.fm.multiplex import receive_multiplex
from dsp.fm.rds_fields import RdsFields
from recordings.fm.multiplex import Multiplex
from recordings.fm.spec import FmBroadcast
from tests.dsp.fm.made_window import rds


@pytest.mark.needs_recordings
def test_the_real_second_of_multiplex_names_its_station(recordings_dir: Path) -> None:
    rate_hz, counts = wavfile.read(recordings_dir / "fm" / "mpx_93.1_chicago_256k.wav")
    heard = receive_multiplex(counts, rate_hz)
    fields = RdsFields().take(heard.rds.groups)
    assert set(fields.pi) == {0x9331}
    assert fields.pi[0x9331] >= 8
    assert fields.last_name == "93XRT   "
    assert heard.rds.block_error_rate == 0
    assert heard.pilot is not None
    assert abs(heard.pilot.freq_hz - 19e3) < 2


@pytest.mark.parametrize("rate_hz", [128e3, 171e3, 192e3, 228e3, 250e3, 384e3])
def test_any_rate_from_128_khz_on_will_do(rate_hz: float) -> None:
    made = Multiplex(FmBroadcast(programme="music", rds=rds(0x9331, ps="93XRT")), seed=3)
    source = np.concatenate([made.block(number) for number in range(15)])
    bins = np.fft.rfft(source)
    size = round(len(source) * rate_hz / 456e3) // 2 * 2
    row = np.zeros(size // 2 + 1, np.complex128)
    row[: min(len(row), len(bins))] = bins[: min(len(row), len(bins))]
    heard = receive_multiplex(np.fft.irfft(row, size) * size / len(source), rate_hz, hz_per_unit=1.0)
    assert set(RdsFields().take(heard.rds.groups).pi) == {0x9331}
    assert heard.pilot is not None
    assert heard.rds.block_error_rate == 0


def test_an_unknown_scale_gives_no_deviation() -> None:
    made = Multiplex(FmBroadcast(programme="music", rds=rds(0x9331)), seed=3)
    mpx = np.concatenate([made.block(number) for number in range(10)]) / 75e3
    unknown, known = receive_multiplex(mpx, 456e3), receive_multiplex(mpx, 456e3, hz_per_unit=75e3)
    assert unknown.pilot is not None
    assert unknown.pilot.deviation_hz is None
    assert unknown.modulation.deviation_hz is None
    assert unknown.modulation.reason == "scale"
    assert unknown.rds_deviation_hz is None
    assert known.pilot is not None
    assert known.pilot.deviation_hz == pytest.approx(6750, rel=0.05)
    assert known.modulation.deviation_hz is not None


def test_what_is_no_multiplex_is_refused_or_empty() -> None:
    with pytest.raises(BadRate):
        receive_multiplex(np.zeros(50_000), 100e3)
    with pytest.raises(BlockTooShort):
        receive_multiplex(np.zeros(0), 256e3)
    with pytest.raises(NotFinite):
        receive_multiplex(np.full(50_000, np.nan), 256e3)
    for samples in (np.zeros(256_000), np.random.default_rng(1).standard_normal(256_000)):
        heard = receive_multiplex(samples, 256e3)
        assert heard.pilot is None
        assert heard.rds.groups == ()
