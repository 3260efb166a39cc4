import json
import random
from pathlib import Path

import pytest

from recordings.gsm.frequency_list import frequency_list
from recordings.transmitter import FieldOutOfRange, ListDoesNotFit


def bits_of(octets: bytes) -> str:
    return "".join(f"{octet:08b}" for octet in octets)


def decoded(octets: bytes) -> set[int]:
    """The formulas of 44.018 §10.5.2.13, read off its text."""
    b = bits_of(octets)
    if b[0] == "0":
        return {124 - (i - 4) for i in range(4, 128) if b[i] == "1"}
    if b[4] == "0":
        return ({0} if b[5] == "1" else set()) | set(_tree(b[6:], 1024))
    origin, kind = int(b[7:17], 2), b[4:7]
    if kind == "111":
        return {origin} | {(origin + i) % 1024 for i in range(1, 112) if b[16 + i] == "1"}
    length = {"110": 128, "101": 256, "100": 512}[kind]
    return {origin} | {(origin + w) % 1024 for w in _tree(b[17:], length)}


def _tree(b: str, length: int) -> list[int]:
    w, index = [0], 1
    while True:
        width = length.bit_length() - index.bit_length()
        if len(b) < width or int(b[:width], 2) == 0:
            break
        w.append(int(b[:width], 2))
        b, index = b[width:], index + 1
    found = []
    for k in range(1, len(w)):
        at, n = k, w[k]
        j = 1 << (k.bit_length() - 1)
        while at > 1:
            if 2 * at < 3 * j:  # a left child
                at -= j // 2
                n = (n + w[at] - length // j - 1) % (2 * length // j - 1) + 1
            else:
                at -= j
                n = (n + w[at] - 1) % (2 * length // j - 1) + 1
            j //= 2
        found.append(n)
    return found


@pytest.mark.parametrize(
    ("form", "length", "most"), [("range128", 128, 29), ("range256", 256, 22), ("range512", 512, 18)]
)
def test_range_formats_name_what_they_were_given(form, length, most) -> None:
    rng = random.Random(1)
    for _ in range(200):
        start = rng.randrange(1024)
        wanted = {(start + x) % 1024 for x in rng.sample(range(length), rng.randint(1, most))}
        assert decoded(frequency_list("x", tuple(wanted), form=form)) == wanted


def test_the_1024_range_names_what_it_was_given() -> None:
    rng = random.Random(2)
    for _ in range(200):
        wanted = set(rng.sample(range(1, 1024), rng.randint(1, 16))) | ({0} if rng.random() < 0.5 else set())
        assert decoded(frequency_list("x", tuple(wanted), form="range1024")) == wanted


def test_bitmaps_name_what_they_were_given() -> None:
    rng = random.Random(3)
    for _ in range(100):
        start = rng.randrange(1024)
        wide = {(start + x) % 1024 for x in rng.sample(range(112), rng.randint(1, 60))}
        assert decoded(frequency_list("x", tuple(wide), form="variable")) == wide
        low = set(rng.sample(range(1, 125), rng.randint(0, 60)))
        assert decoded(frequency_list("x", tuple(low), form="bitmap0")) == low


def test_the_format_is_chosen_by_what_fits() -> None:
    assert frequency_list("x", (1, 124))[0] >> 6 == 0  # bitmap 0
    assert frequency_list("x", (0, 1000))[0] & 0x8E == 0x8E  # variable bitmap around the end
    assert decoded(frequency_list("x", (3, 90, 700))) == {3, 90, 700}
    assert frequency_list("x", ()) == bytes(16)


def test_the_messages_own_bits_stand_beside_the_format() -> None:
    assert frequency_list("x", (1,), marks=0x30)[0] == 0x30
    assert frequency_list("x", (725,), form="variable", marks=0x10).hex().startswith("9f6a8")


def test_a_list_that_does_not_fit_is_refused_with_its_count() -> None:
    with pytest.raises(ListDoesNotFit) as refused:
        frequency_list("neighbour_arfcns", tuple(range(0, 1024, 16)))
    assert refused.value.count == 64
    with pytest.raises(ListDoesNotFit):
        frequency_list("x", (512, 700), form="variable")
    with pytest.raises(FieldOutOfRange):
        frequency_list("x", (1024,))


FORMS = {"0": "bitmap0", "111": "variable", "110": "range128", "101": "range256", "100": "range512"}


@pytest.mark.needs_recordings
def test_lists_of_real_cells_come_out_the_same_octets(recordings_dir: Path) -> None:
    """All of them: also where a tree could be filled in several ways, networks fill it as annex J does."""
    cells = json.loads((recordings_dir / "cells" / "cells_2012.json").read_text())
    lists = [bytes.fromhex(cell[kind])[3:19] for cell in cells for kind in ("si1", "si2", "si2b") if cell[kind]]
    assert len(lists) > 150
    for octets in lists:
        b = bits_of(octets)
        form = FORMS["0"] if b[0] == "0" else FORMS[b[4:7]] if b[4] == "1" else "range1024"
        made = frequency_list("x", tuple(decoded(octets)), form=form, marks=octets[0] & 0x30)
        assert made == octets
