"""What counts as a path, and what only looks like one."""

import pytest

from dsp.gsm.arfcn import downlink_hz
from dsp.gsm.cell import CellMemory
from dsp.gsm.frame import SYMBOL_HZ
from dsp.gsm.receive import receive_gsm
from tests import air
from tests.fusion.differences_made import ARFCNS, EARS, Watch


@pytest.mark.parametrize("begin_s", [6.0, 10.0])
def test_a_channel_that_the_windows_edge_cuts_shows_no_paths(begin_s: float) -> None:
    """A cell 437 kHz from the middle of 1 MHz: what is folded in stands in every burst, as an echo would.

    In one look of ten it was taken for paths of 763 ns, and the arrival thought 381 ns too early.
    """
    watch = Watch(seed=2)
    senders = [watch._sender(number) for number in range(3)]
    middle_hz = downlink_hz(ARFCNS[0])[0] + 37e3
    window = air.Window(middle_hz, 1e6, watch.eb_n0_db, SYMBOL_HZ, level=0.15)
    (block,) = air.listen(senders, [EARS[0]], window, begin_s=begin_s, seconds=1.0, seed=watch.seed)
    cells = CellMemory().describe(receive_gsm(block))
    assert {cell.arfcn for cell in cells} == set(ARFCNS)
    assert [cell.delay_spread_ns for cell in cells] == [0.0, 0.0, 0.0]
    assert all((cell.frame_sigma_ns or 1e9) < 12.0 for cell in cells)
