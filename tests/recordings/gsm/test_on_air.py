"""The made bursts against a real base station's: sign of the frequency, bit order, coding, interleaving, slots."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.signal import fftconvolve, resample_poly

from recordings.gsm.bursts import DUMMY, FRAME_SYMBOLS, SLOT_START, normal_bursts, sch_bursts
from recordings.gsm.coding import code_blocks
from recordings.gsm.gmsk import AFTER, BEFORE, SAMPLES_PER_SYMBOL, modulate

pytestmark = pytest.mark.needs_recordings
ALIKE = 0.8  # correlation; the capture's own noise and band edge leave 0.89 to 0.92, chance 0.1
FRAME = FRAME_SYMBOLS * SAMPLES_PER_SYMBOL


@pytest.fixture(scope="module")
def truth(recordings_dir: Path) -> dict:
    return json.loads((recordings_dir / "gsm" / "cell_272-02_500ks.truth.json").read_text())


@pytest.fixture(scope="module")
def heard(recordings_dir: Path, truth: dict) -> np.ndarray:
    """The capture at 4 samples a symbol, its carrier in the middle."""
    samples = np.fromfile(recordings_dir / "gsm" / truth["capture"], "<c8")
    turn = np.exp(-2j * np.pi * truth["carrier_offset_hz"] / truth["rate_hz"] * np.arange(len(samples)))
    return resample_poly(samples * turn, 13, 6)  # 500 kS/s to 4 · 1625/6 kS/s


def likeness(heard: np.ndarray, burst: np.ndarray) -> np.ndarray:
    """Normalised correlation of one burst with every place of the capture."""
    margins = np.ones(BEFORE, np.uint8), np.ones(AFTER, np.uint8)
    made = modulate(np.concatenate([margins[0], burst, margins[1]]), 0)
    match = np.abs(fftconvolve(heard, made[::-1].conj(), "valid"))
    power = np.convolve(np.abs(heard) ** 2, np.ones(len(made)), "valid")
    return match / np.sqrt(power * len(made))


@pytest.fixture(scope="module")
def first_frame(heard: np.ndarray, truth: dict) -> tuple[int, int]:
    """(frame number, sample) of the first SCH burst."""
    number = truth["sch"][0]["fn"]
    return number, int(likeness(heard, sch_bursts(truth["bsic"], np.array([number]))[0]).argmax())


def near(like: np.ndarray, sample: int) -> float:
    return float(like[max(0, sample - 4) : sample + 5].max())


def test_each_synchronisation_burst_is_found_at_its_frame(heard, truth, first_frame) -> None:
    number, sample = first_frame
    for sch in truth["sch"]:
        like = likeness(heard, sch_bursts(sch["bsic"], np.array([sch["fn"]]))[0])
        assert like.max() > ALIKE
        assert abs(int(like.argmax()) - (sample + (sch["fn"] - number) * FRAME)) <= 4


def test_a_synchronisation_burst_of_another_frame_is_not_found(heard, truth) -> None:
    like = likeness(heard, sch_bursts(truth["bsic"], np.array([truth["sch"][0]["fn"] + 51 * 26 * 7]))[0])
    assert like.max() < ALIKE


def test_a_mirrored_spectrum_does_not_match(heard, truth) -> None:
    burst = sch_bursts(truth["bsic"], np.array([truth["sch"][0]["fn"]]))[0]
    assert likeness(heard.conj(), burst).max() < 0.5


def test_every_burst_of_a_decoded_block_stands_in_its_frame(heard, truth, first_frame) -> None:
    number, sample = first_frame
    known = [block for block in truth["blocks"] if "hex" in block]
    assert len(known) == 3
    for block in known:
        octets = np.frombuffer(bytes.fromhex(block["hex"]), np.uint8)[None]
        for i, burst in enumerate(normal_bursts(code_blocks(octets), truth["bsic"] % 8)[0]):
            at = sample + (block["fn"] + i - number) * FRAME
            assert near(likeness(heard, burst), at) > ALIKE


def test_dummy_bursts_fill_the_other_slots(heard, first_frame) -> None:
    _, sample = first_frame
    like = likeness(heard, DUMMY)
    for tn in (1, 2, 3):
        at = [sample + SLOT_START[tn] * SAMPLES_PER_SYMBOL + frame * FRAME for frame in range(30)]
        assert min(near(like, place) for place in at) > ALIKE
