"""A real cell of 2009, 0.16 s of it, block by block: whole, in parts, and as other receivers would have had it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from dsp.gsm.frame import SYMBOL_HZ
from dsp.gsm.look import GsmLook, Reception
from dsp.gsm.receive import receive_gsm
from dsp.iq import IqBlock

pytestmark = pytest.mark.needs_recordings
Samples = NDArray[np.complex64]
_BLOCK_SYMBOLS, _BURST_SYMBOLS = 3 * 1250 + 148, 148


@pytest.fixture(scope="module")
def truth(recordings_dir: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((recordings_dir / "gsm" / "cell_272-02_500ks.truth.json").read_text())
    return told


@pytest.fixture(scope="module")
def samples(recordings_dir: Path, truth: dict[str, Any]) -> Samples:
    return np.fromfile(recordings_dir / "gsm" / truth["capture"], np.complex64)


def _look(samples: NDArray[np.complexfloating], rate_hz: float) -> GsmLook:
    return receive_gsm(IqBlock(samples=np.asarray(samples, np.complex64), rate_hz=rate_hz, centre_hz=0.0))


def _told(reception: Reception) -> list[tuple[int, str, str]]:
    """Frame number, kind, and the octets, or their digest where no octet is kept."""
    return [(b.frame_number, b.kind, b.digest4 if b.octets is None else b.octets.hex()) for b in reception.blocks]


def _sent(truth: dict[str, Any]) -> list[tuple[int, str, str]]:
    return [(b["fn"], b["kind"].lower(), b.get("hex", b.get("sha256_4"))) for b in truth["blocks"]]


def _shifted(samples: Samples, by_hz: float) -> Samples:
    return np.asarray(samples * np.exp(2j * np.pi * by_hz / 5e5 * np.arange(len(samples))), np.complex64)


def _by_another_clock(samples: Samples, ppm: float) -> Samples:
    """Taken by a sample clock that much faster, by adding up sines."""
    spectrum = np.fft.fftshift(np.fft.fft(samples))
    size = len(samples)
    fine = 8 * size
    padded = np.zeros(fine, np.complex128)
    padded[fine // 2 - size // 2 : fine // 2 - size // 2 + size] = spectrum
    dense = np.fft.ifft(np.fft.ifftshift(padded)) * 8
    at = np.arange(size - 10) / (1 + 1e-6 * ppm) * 8
    heard = np.interp(at, np.arange(fine), dense.real) + 1j * np.interp(at, np.arange(fine), dense.imag)
    return np.asarray(heard, np.complex64)


def _eight_bits(samples: Samples, peak: float = 0.9) -> Samples:
    scaled = samples * (peak * 127 / np.abs(samples.view(np.float32)).max())
    return np.asarray((np.round(scaled.real) + 1j * np.round(scaled.imag)) / 127.5, np.complex64)


SPOILT: dict[str, Callable[[Samples], Samples]] = {
    "as it is": lambda x: x,
    "80 kHz higher": lambda x: _shifted(x, 80e3),
    "80 kHz lower": lambda x: _shifted(x, -80e3),
    "100 ppm faster": lambda x: _by_another_clock(x, 100.0),
    "100 ppm slower": lambda x: _by_another_clock(x, -100.0),
    "eight bits": _eight_bits,
    "five bits of eight": lambda x: _eight_bits(x, 0.12),
    "all of it": lambda x: _eight_bits(_by_another_clock(_shifted(x, -80e3), 100.0)),
}


@pytest.mark.parametrize("name", SPOILT)
def test_every_synchronisation_burst_and_every_block_is_read_right(
    samples: Samples, truth: dict[str, Any], name: str
) -> None:
    (reception,) = _look(SPOILT[name](samples), truth["rate_hz"]).receptions
    assert reception.bsic == truth["bsic"]
    assert [sync.frame_number for sync in reception.syncs] == [each["fn"] for each in truth["sch"]]
    assert _told(reception) == _sent(truth) and reception.blocks_failed == 0


@pytest.mark.parametrize("name", ["as it is", "all of it"])
@pytest.mark.parametrize(("first", "last"), [(0.0, 0.5), (0.25, 0.75), (0.5, 1.0), (0.0, 0.7), (0.3, 1.0)])
def test_a_part_gives_whatever_lies_whole_in_it(
    samples: Samples, truth: dict[str, Any], name: str, first: float, last: float
) -> None:
    """Half of it, 0.08 s, still holds a frequency burst or two: what lies before them is read too."""
    whole = SPOILT[name](samples)
    (all_of_it,) = _look(whole, truth["rate_hz"]).receptions
    begin, end = round(first * len(whole)), round(last * len(whole))
    symbol = truth["rate_hz"] / SYMBOL_HZ

    def inside(number: int, symbols: int) -> bool:
        at = all_of_it.sample_of(number)
        return begin <= at and at + symbols * symbol <= end

    look = _look(whole[begin:end], truth["rate_hz"])
    expected = [each for each in _sent(truth) if inside(each[0], _BLOCK_SYMBOLS)]
    syncs = [each["fn"] for each in truth["sch"] if inside(each["fn"], _BURST_SYMBOLS)]
    (reception,) = look.receptions
    assert _told(reception) == expected and len(expected) >= 2
    assert [sync.frame_number for sync in reception.syncs] == syncs
