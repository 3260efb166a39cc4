"""Input nobody meant to send, or somebody meant to: never an exception, never a made-up cell, refusals counted."""

import warnings
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from dsp.gsm.cell import CellMemory
from dsp.gsm.look import GsmLook
from dsp.gsm.message import SYSTEM_INFORMATION
from dsp.gsm.receive import receive_gsm
from dsp.gsm.values import GsmCell
from dsp.iq import IqBlock
from recordings.gsm.spec import GsmBroadcast
from tests.dsp.gsm.made import OnAir, window

RATE = 1e6
CELL = GsmBroadcast(
    arfcn=25, plmn="460-00", bsic=21, lac=100, ci=200, frame_number_at_start=123_456, symbol_offset=333.3
)
MULTIFRAME_S = 51 * 0.12 / 26


@pytest.fixture(autouse=True)
def _no_warning() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def _heard(samples: NDArray[np.complexfloating], *, rate_hz: float = RATE, centre_hz: float = 940e6) -> GsmLook:
    """A look, described too: that must not fail either."""
    block = IqBlock(samples=np.asarray(samples, np.complex64), rate_hz=rate_hz, centre_hz=centre_hz)
    look = receive_gsm(block)
    assert len(CellMemory().describe(look)) == len(look.receptions)
    return look


@pytest.fixture(scope="module")
def second() -> NDArray[np.complex64]:
    """A second of a cell 20 dB over noise."""
    return window([OnAir(CELL, 1e5)], rate_hz=RATE, seconds=1.0, eb_n0_db=20.0).samples


@pytest.mark.parametrize("count", [0, 1, 2, 100, 577, 4616, 50_000])
@pytest.mark.parametrize("value", [0, 1 + 1j, np.nan, np.inf, complex(0, -np.inf), 3e38, 1e-40])
def test_constant_blocks_of_any_length_are_no_cells(count: int, value: complex) -> None:
    look = _heard(np.full(count, value, np.complex64))
    assert look.receptions == ()
    bad = count if not np.isfinite(np.complex64(value)) else 0
    assert dict(look.refused).get("NotFinite", 0) == bad


@pytest.mark.parametrize("rate_hz", [0.0, -0.0, -1e6, float("nan"), float("inf"), -float("inf"), 1e-300, 1e300])
@pytest.mark.parametrize("count", [0, 1, 3000])
def test_a_rate_that_is_none_is_a_refusal_whatever_comes_with_it(rate_hz: float, count: int) -> None:
    block = IqBlock(samples=np.ones(count, np.complex64), rate_hz=rate_hz, centre_hz=940e6)
    look = receive_gsm(block)
    assert look.receptions == () and dict(look.refused)["BadRate"] == 1 and CellMemory().describe(look) == ()


@pytest.mark.parametrize("centre_hz", [0.0, -940e6, 1e15, float("nan"), float("inf")])
def test_a_centre_that_is_none_costs_the_channel_number_at_most(
    second: NDArray[np.complex64], centre_hz: float
) -> None:
    look = _heard(second[:300_000], centre_hz=centre_hz)
    assert all(each.arfcn is None for each in look.receptions)


def test_a_block_at_100_million_samples_a_second_is_survived() -> None:
    rng = np.random.default_rng(1)
    noise = rng.standard_normal(2_000_000, np.float32).view(np.complex64)
    assert _heard(noise, rate_hz=100e6).receptions == ()


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    count=st.integers(0, 60_000),
    rate_hz=st.floats(2e5, 5e6),
    exponent=st.integers(-40, 38),
    spoilt=st.lists(st.sampled_from([np.nan, np.inf, -np.inf, 0.0, 3e38, -3e38]), max_size=6),
    runs=st.booleans(),
)
def test_no_block_raises(  # noqa: PLR0917  # hypothesis gives them by name
    seed: int, count: int, rate_hz: float, exponent: int, spoilt: list[float], runs: bool
) -> None:
    rng = np.random.default_rng(seed)
    parts = rng.standard_normal(2 * count) * 10.0**exponent
    for value in spoilt:
        at = int(rng.integers(0, len(parts) + 1))
        parts[at : at + (int(rng.integers(1, 5000)) if runs else 1)] = value
    with np.errstate(over="ignore"):
        samples = parts.astype(np.float32).view(np.complex64)
    assert _heard(samples, rate_hz=rate_hz).receptions == ()


def _numbers_by_place(look: GsmLook) -> dict[int, float]:
    """Frame number → where it began, of every synchronisation burst."""
    (each,) = look.receptions
    return {sync.frame_number: sync.sample for sync in each.syncs}


@pytest.mark.parametrize("gain_db", [-40.0, -20.0, 20.0, 40.0])
def test_a_jump_of_gain_costs_the_block_it_falls_into(second: NDArray[np.complex64], gain_db: float) -> None:
    gain = np.where(np.arange(len(second)) < 480_000, 1.0, 10 ** (gain_db / 20))
    (each,) = _heard(second * gain).receptions
    assert len(each.blocks) >= 40 and each.blocks_failed <= 1


@pytest.mark.parametrize("lost", [1, 37, 5000, 100_000, -100_000])
def test_a_jump_of_samples_in_the_middle_keeps_one_cell_and_every_frame_number_right(
    second: NDArray[np.complex64], lost: int
) -> None:
    """Lost samples and (negative) samples delivered twice, unannounced."""
    at = 480_000
    look = _heard(np.concatenate([second[:at], second[at + lost :]]))
    (each,) = look.receptions
    assert each.bsic == 21 and len(each.blocks) >= (28 if lost == 100_000 else 36)
    frame = 1250 * RATE / (1_625_000 / 6)
    for sync in each.syncs:
        true = sync.sample if sync.sample < at else sync.sample + lost
        again = sync.sample + lost
        sent = ((sync.frame_number - 123_456) * 1250 - 333.3) / 1250 * frame
        assert min(abs(true - sent), abs(again - sent)) < 3


@pytest.mark.parametrize("rail", [0.02, 0.002])
def test_a_cell_clipped_to_the_rails_is_read_and_a_second_one_not_invented(
    second: NDArray[np.complex64], rail: float
) -> None:
    clipped = np.clip(second.real, -rail, rail) + 1j * np.clip(second.imag, -rail, rail)
    assert [each.bsic for each in _heard(clipped).receptions] == [21]


def test_signs_alone_are_enough_for_a_lone_cell(second: NDArray[np.complex64]) -> None:
    (each,) = _heard(np.sign(second.real) + 1j * np.sign(second.imag)).receptions
    assert each.bsic == 21 and each.blocks_failed <= 1


def _cell_saying(raw: dict[str, str], *, tc: int = 0, multiframes: int = 2) -> tuple[GsmLook, GsmCell]:
    """What comes of a cell that sends these octets as they are, from the multiframe `tc` of the cycle on."""
    says = replace_kinds(raw)
    block = window(
        [OnAir(says, 3e4, start_s=0.0)], rate_hz=RATE, seconds=MULTIFRAME_S * multiframes + 0.03, eb_n0_db=25.0
    )
    look = receive_gsm(block)
    (cell,) = CellMemory().describe(look)
    return look, cell


def replace_kinds(raw: dict[str, str]) -> GsmBroadcast:
    kinds = tuple(raw)
    schedule = tuple(kinds[k % len(kinds)] for k in range(8))
    return GsmBroadcast(
        arfcn=25, plmn="460-00", bsic=21, raw=raw, schedule=schedule, frame_number_at_start=0, symbol_offset=0.0
    )


SI3 = "49061b2bd962f220013ec8070a156009b90000e81f461b"


def _with_octet(number: int, value: int) -> str:
    octets = bytearray.fromhex(SI3)
    octets[number] = value
    return octets.hex()


@pytest.mark.parametrize(
    ("octets", "refusal"),
    [
        (_with_octet(1, 0x05), "WrongProtocol"),
        (_with_octet(1, 0x16), "WrongProtocol"),
        (_with_octet(2, 0x77), "UnknownMessage"),
        (_with_octet(0, 0x48), "NotAPseudoLength"),
        (_with_octet(0, 0xFD), "NotAPseudoLength"),
        ("55061a" + "40" + "00" * 19, "UnknownListFormat"),
        ("ff" * 23, "NotAPseudoLength"),
    ],
)
def test_garbage_with_a_good_check_is_a_named_refusal_counted_and_no_field(octets: str, refusal: str) -> None:
    look, cell = _cell_saying({"3": octets})
    (each,) = look.receptions
    refused = [block for block in each.blocks if block.refusal is not None]
    assert refused and {block.refusal for block in refused} == {refusal}
    assert dict(look.refused)[refusal] == len(refused)
    assert (cell.mcc, cell.mnc, cell.lac, cell.ci) == (None, None, None, None)
    assert cell.neighbour_arfcns is None and cell.cell_arfcns is None
    assert all(message.hex != octets for message in cell.system_information)


@pytest.mark.parametrize("kind", sorted(set(SYSTEM_INFORMATION.values())))
def test_every_message_type_full_of_ones_or_of_chance_is_survived_whole(kind: str) -> None:
    """Bits to fields: through the receiver one by one would be slow, and the blocks are the same."""
    from dsp.gsm.errors import BlockRefused
    from dsp.gsm.system_info import read_system_information

    message_type = next(code for code, name in SYSTEM_INFORMATION.items() if name == kind)
    rng = np.random.default_rng(message_type)
    for k in range(300):
        body = bytes([255] * 20) if k == 0 else bytes(20) if k == 1 else rng.bytes(20)
        octets = bytes([int(rng.integers(0, 23)) << 2 | 1, 6, message_type]) + body
        try:
            read_system_information(kind, octets)
        except BlockRefused:
            continue


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_chance_in_every_field_reaches_the_description_without_harm(seed: int) -> None:
    """Eight messages of random content, sent with good checks, heard, described and sent over the wire."""
    import msgspec

    rng = np.random.default_rng(seed)
    codes = {"1": 0x19, "2": 0x1A, "3": 0x1B, "4": 0x1C, "2bis": 2, "2ter": 3, "2quater": 7, "13": 0}
    raw = {
        kind: (bytes([int(rng.integers(0, 23)) << 2 | 1, 6, code]) + rng.bytes(20)).hex()
        for kind, code in codes.items()
    }
    look, cell = _cell_saying(raw, multiframes=8)
    (each,) = look.receptions
    told = {block.octets.hex() for block in each.blocks if block.octets is not None and block.kind.startswith("si")}
    assert told <= set(raw.values())
    assert {m.hex for m in cell.system_information} <= set(raw.values())
    assert msgspec.json.decode(msgspec.json.encode(cell), type=GsmCell) == cell
    named = sum((b.refusal is not None) + len(b.reserved) for b in each.blocks)
    assert sum(count for _, count in look.refused) == named


def test_a_cell_that_changes_its_mind_keeps_only_what_it_said_last() -> None:
    memory, seconds = CellMemory(), MULTIFRAME_S * 8 + 0.05
    first = window([OnAir(CELL)], rate_hz=RATE, seconds=seconds, eb_n0_db=20.0)
    moved = GsmBroadcast(arfcn=25, plmn="460-00", bsic=21, lac=101, ci=7, neighbour_arfcns=(3,))
    second = replace(
        window([OnAir(moved)], rate_hz=RATE, seconds=seconds / 4, eb_n0_db=20.0), first_sample=len(first.samples)
    )
    (before,) = memory.describe(receive_gsm(first))
    (after,) = memory.describe(receive_gsm(second))
    assert (before.lac, before.ci) == (100, 200)
    assert (after.lac, after.ci) in {(101, 7), (101, None), (None, None)}
