import contextlib

import numpy as np
import pytest

from dsp.gsm.errors import BeyondBlock, UnknownListFormat
from dsp.gsm.frequency_list import cell_channels, neighbour_channels_2
from recordings.gsm.frequency_list import frequency_list


@pytest.mark.parametrize(
    ("form", "span", "most"),
    [
        ("bitmap0", 124, 60),
        ("variable", 112, 100),
        ("range128", 128, 29),
        ("range256", 256, 22),
        ("range512", 512, 18),
        ("range1024", 1024, 16),
    ],
)
def test_every_format_gives_back_the_list_it_was_made_from(form: str, span: int, most: int) -> None:
    rng = np.random.default_rng(span)
    for _ in range(200):
        origin = 1 if form == "bitmap0" else int(rng.integers(1024))
        inside = (origin + rng.choice(span, size=int(rng.integers(1, most)), replace=False)) % 1024
        arfcns = tuple(sorted({int(each) for each in inside} | ({origin} if form == "variable" else set())))
        octets = frequency_list("cell_arfcns", arfcns, form=form)
        assert cell_channels(octets) == arfcns, form


@pytest.mark.parametrize(
    ("octets", "arfcns"),
    [
        ("8f6a8000000000000000000000000000", (725,)),  # 2012 captures: a variable bitmap of one
        ("8f6d1810800000000000000000000000", (730, 733, 734, 741, 746)),
        ("00000000000000000000000000000000", ()),
        ("00080000000000000000000000000001", (1, 116)),
    ],
)
def test_lists_heard_on_the_air_are_read(octets: str, arfcns: tuple[int, ...]) -> None:
    assert cell_channels(bytes.fromhex(octets)) == arfcns


def test_a_neighbour_description_2_has_one_format_bit() -> None:
    assert neighbour_channels_2(bytes.fromhex("60000000000004155010000000000aa8")) == (
        4,
        6,
        8,
        10,
        12,
        53,
        61,
        63,
        65,
        67,
        69,
        75,
    )
    assert neighbour_channels_2(bytes.fromhex("cf6c8000000000000000000000000000")) == (729,)


@pytest.mark.parametrize("first", [0x40, 0xC0, 0x7F, 0xFF])
def test_a_format_that_is_not_defined_is_refused(first: int) -> None:
    with pytest.raises(UnknownListFormat):
        cell_channels(bytes([first]) + bytes(15))


def test_a_list_that_ends_early_is_refused() -> None:
    with pytest.raises(BeyondBlock):
        cell_channels(bytes(15))
    with pytest.raises(BeyondBlock):
        neighbour_channels_2(b"")


def test_no_list_can_break_the_reader() -> None:
    rng = np.random.default_rng(9)
    for octets in rng.integers(0, 256, (5000, 16), np.uint8):
        for read in (cell_channels, neighbour_channels_2):
            with contextlib.suppress(UnknownListFormat):
                assert all(0 <= arfcn < 1024 for arfcn in read(octets.tobytes()))
