from collections import Counter

import msgspec
import numpy as np
import pytest

from recordings.gsm.assignment import immediate_assignment
from recordings.gsm.common_control import BLOCKS, MULTIFRAME_S, CommonControl
from recordings.gsm.multiframe import BLOCK_FRAMES
from recordings.gsm.paging import NOBODY, made_imsi, made_tmsi, paging_request
from recordings.gsm.spec import GsmBroadcast

SECONDS = 120.0
TYPES = {0x21: "paging1", 0x22: "paging2", 0x24: "paging3", 0x3F: "assignment"}


def identities(block: bytes) -> Counter[str]:
    """Type of each identity a paging request names, read along its own lengths (44.018 §9.1.22 to 24)."""
    if block[2] == 0x24:
        return Counter({"tmsi": 4})
    found: Counter[str] = Counter()
    at, end = (4, 1 + (block[0] >> 2)) if block[2] == 0x21 else (13, 1 + (block[0] >> 2))
    found["tmsi"] += 2 if block[2] == 0x22 else 0
    while at < end:
        if block[at] == 0x17:
            at += 1
        found[{0: "none", 1: "imsi", 4: "tmsi"}[block[at + 1] & 7]] += 1
        at += 1 + block[at]
    assert at == end, "the lengths must meet the pseudo length"
    return found


def blocks_of(cell: GsmBroadcast, *, seed: int = 1) -> list[bytes]:
    control = CommonControl(cell, seed=seed)
    frames = BLOCK_FRAMES[:3] if cell.combined else BLOCK_FRAMES
    count = round(SECONDS / MULTIFRAME_S)
    return [control.block(51 * m + frame, i) for m in range(count) for i, frame in enumerate(frames)]


def test_the_load_is_what_was_asked_for() -> None:
    cell = GsmBroadcast(paging_per_s=20.0, paging_imsi_share=0.1, assignments_per_s=1.0, bs_ag_blks_res=1)
    seen: Counter[str] = Counter()
    assigned = 0
    for block in blocks_of(cell):
        if block[2] == 0x3F:
            assigned += 1
        else:
            seen += identities(block)
    assert abs(assigned / SECONDS - 1.0) < 4 * np.sqrt(1.0 / SECONDS)
    paged = seen["imsi"] + seen["tmsi"]
    assert 0.85 * 20 < paged / SECONDS < 20 * 1.05  # what does not fit into one block is not paged
    assert 0.07 < seen["imsi"] / paged < 0.13


def test_a_silent_cell_pages_no_one_and_assigns_nothing() -> None:
    cell = GsmBroadcast(paging_per_s=0.0, assignments_per_s=0.0)
    assert set(blocks_of(cell)) == {NOBODY}


def test_fill_can_be_empty_blocks_that_are_no_radio_resource_message() -> None:
    for fill, start in (("empty_ui", "0303012b"), ("empty", "012b2b2b")):
        cell = msgspec.structs.replace(GsmBroadcast(paging_per_s=0.0, assignments_per_s=0.0), fill=fill)
        assert {block.hex()[:8] for block in blocks_of(cell)} == {start}


def test_the_reserved_blocks_never_page() -> None:
    cell = GsmBroadcast(paging_per_s=100.0, bs_ag_blks_res=2, assignments_per_s=0.1)
    said = blocks_of(cell)
    reserved = [b for i, b in enumerate(said) if i % BLOCKS < 2]
    assert all(b[2] == 0x3F or b == NOBODY for b in reserved)


def test_more_assignments_than_the_reserved_blocks_hold_spill_into_the_others() -> None:
    cell = GsmBroadcast(assignments_per_s=8.0, bs_ag_blks_res=1)
    assert abs(sum(b[2] == 0x3F for b in blocks_of(cell)) / SECONDS - 8) < 1


def test_the_same_seed_says_the_same_and_another_does_not() -> None:
    cell = GsmBroadcast(paging_per_s=30.0)
    assert blocks_of(cell) == blocks_of(cell)
    assert blocks_of(cell) != blocks_of(cell, seed=2)


def test_every_count_of_identities_has_a_request_that_names_them() -> None:
    rng = np.random.default_rng(0)
    cell = GsmBroadcast(plmn="262-01")
    for imsis, tmsis in ((0, 1), (0, 2), (0, 3), (0, 4), (1, 0), (1, 1), (1, 2), (2, 0)):
        block = paging_request([made_imsi(cell, rng) for _ in range(imsis)], [made_tmsi(rng) for _ in range(tmsis)])
        assert len(block) == 23
        found = identities(block)
        assert (found["imsi"], found["tmsi"]) == (imsis, tmsis)


def test_a_made_imsi_begins_with_the_cells_network() -> None:
    imsi = made_imsi(GsmBroadcast(plmn="262-01"), np.random.default_rng(0))
    digits = "".join(f"{octet & 15}{octet >> 4}" for octet in imsi)
    assert len(imsi) == 8 and digits[1:6] == "26201" and imsi[0] & 0xF == 9


@pytest.mark.parametrize(
    ("cause", "neci", "leading"),
    [
        ("location_update", False, "000"),
        ("location_update", True, "0000"),
        ("paging_answer", False, "100"),
        ("originating", False, "111"),
        ("emergency", True, "101"),
        ("packet", False, "01111"),
    ],
)
def test_the_request_in_an_assignment_tells_its_cause(cause, neci, leading) -> None:
    rng = np.random.default_rng(3)
    for _ in range(20):
        block = immediate_assignment(GsmBroadcast(neci=neci), 1000, cause, rng)
        assert len(block) == 23 and block[1:3] == b"\x06\x3f"
        assert f"{block[7]:08b}".startswith(leading)
        assert block[3] >> 4 == (1 if cause == "packet" else 0)


def test_a_hopping_assignment_names_no_channel_but_a_mobile_allocation() -> None:
    cell = GsmBroadcast(bsic=5, arfcn=20, cell_arfcns=(20, 30, 40), hopping_share=1.0)
    block = immediate_assignment(cell, 1000, "location_update", np.random.default_rng(0))
    assert block[5] >> 4 & 1 == 1 and block[5] >> 5 == 5
    assert block[11] == 1 and block[12] == 0b111
    assert block[0] >> 2 == 12


def test_an_assignment_on_one_channel_names_the_cells_own() -> None:
    block = immediate_assignment(GsmBroadcast(arfcn=777), 1000, "paging_answer", np.random.default_rng(0))
    assert block[5] >> 4 & 1 == 0
    assert (block[5] & 3) << 8 | block[6] == 777
