"""Recordings of made FM stations, and entries of a ledger, for the tests of `wavewarden fm`."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dsp.fm.values import FmStation
from dsp.iq import IqBlock
from tests.dsp.fm.made_window import CENTRE_HZ, Sent, make_window

RATE_HZ = 1.2e6
GIVEN = ("--rate", RATE_HZ, "--centre", CENTRE_HZ, "--format", "cf32_le")
LICENCES = """
[[fm]]
freq_hz = 98.3e6
name = "锦川交通广播"
pi = 0xC304
lat_deg = 30.61
lon_deg = 104.13
"""


def made_file(path: Path, sent: list[Sent], *, seconds: float, rate_hz: float = RATE_HZ, **more: Any) -> Path:
    """cf32 around 98 MHz."""
    path.write_bytes(make_window(sent, seconds=seconds, rate_hz=rate_hz, **more).samples.tobytes())
    return path


def tone_file(path: Path, *, tone_hz: float, seconds: float, offset_hz: float = 3e5) -> Path:
    """A carrier keyed by one tone with 50 kHz of deviation, in little noise."""
    t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    phase = 2 * np.pi * offset_hz * t - 50e3 / tone_hz * np.cos(2 * np.pi * tone_hz * t)
    samples = 0.3 * np.exp(1j * phase) + noise(1e-3, len(t))
    path.write_bytes(samples.astype(np.complex64).tobytes())
    return path


def noise(sigma: float, count: int) -> NDArray[np.complex64]:
    parts = np.random.default_rng(5).standard_normal(2 * count).astype(np.float32) * np.float32(sigma)
    return parts.view(np.complex64)


def station(freq_hz: float = 98.1e6, **more: Any) -> FmStation:
    said = {"freq_sigma_hz": 10.0, "level_dbfs": -30.0, "cnr_db": 30.0, "seconds": 3.0}
    return FmStation(freq_hz=freq_hz, **said | more)


def block(samples: NDArray[np.complex64], *, rate_hz: float = RATE_HZ, centre_hz: float = CENTRE_HZ) -> IqBlock:
    return IqBlock(samples.astype(np.complex64), rate_hz, centre_hz)
