import json
from pathlib import Path

import numpy as np
import pytest

from dsp.gsm.cell import CellMemory
from dsp.gsm.receive import receive_gsm
from dsp.iq import IqBlock


def _real_capture(recordings_dir: Path) -> tuple[IqBlock, dict]:
    truth = json.loads((recordings_dir / "gsm" / "cell_272-02_500ks.truth.json").read_text())
    samples = np.fromfile(recordings_dir / "gsm" / truth["capture"], np.complex64)
    return IqBlock(samples=samples, rate_hz=truth["rate_hz"], centre_hz=0.0), truth


@pytest.mark.needs_recordings
def test_a_real_capture_gives_every_block_the_first_ones_too(recordings_dir: Path) -> None:
    block, truth = _real_capture(recordings_dir)
    (reception,) = receive_gsm(block).receptions
    assert reception.bsic == truth["bsic"]
    assert [sync.frame_number for sync in reception.syncs] == [each["fn"] for each in truth["sch"]]
    assert [each.frame_number for each in reception.blocks] == [each["fn"] for each in truth["blocks"]]
    assert reception.blocks_failed == 0
    for heard, sent in zip(reception.blocks, truth["blocks"], strict=True):
        assert heard.kind == sent["kind"].lower()
        if "hex" in sent:
            assert heard.octets is not None and heard.octets.hex() == sent["hex"]
        else:
            assert heard.octets is None and heard.digest4 == sent["sha256_4"]


@pytest.mark.needs_recordings
def test_a_real_capture_gives_its_cell(recordings_dir: Path) -> None:
    block, truth = _real_capture(recordings_dir)
    (cell,) = CellMemory().describe(receive_gsm(block))
    assert (cell.mcc, cell.mnc, cell.lac, cell.ci, cell.bsic) == ("272", "02", 15016, 15149, 56)
    assert cell.arfcn is None  # the recording does not say where it was made
    assert abs(cell.freq_hz - truth["carrier_offset_hz"]) < 1000
