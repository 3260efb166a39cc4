import numpy as np
import pytest

from dsp.gsm.errors import BeyondBlock, BlockRefused, UnknownIdentityType
from dsp.gsm.subscribers import SubscriberCounts, count_and_forget, total


def _padded(start: str) -> bytearray:
    octets = bytes.fromhex(start)
    return bytearray(octets + b"\x2b" * (23 - len(octets)))


IMSI = "0829260700000000"  # length, then a made identity of type 1: first digit and type share an octet
TMSI = "05f412345678"


@pytest.mark.parametrize(
    ("kind", "octets", "counts"),
    [
        ("paging1", _padded("31062100" + "08" + "2926070000000000"), SubscriberCounts(imsi=1)),
        ("paging1", _padded("15062100" + "01f0"), SubscriberCounts(no_identity=1)),
        ("paging1", _padded("35062100" + TMSI + "17" + TMSI), SubscriberCounts(tmsi=2)),
        ("paging1", _padded("35062100" + TMSI + "17082926070000000000"), SubscriberCounts(tmsi=1, imsi=1)),
        ("paging2", _padded("2d062200" + "1234567812345678"), SubscriberCounts(tmsi=2)),
        ("paging2", _padded("55062200" + "123456781234567817082926070000000000"), SubscriberCounts(tmsi=2, imsi=1)),
        ("paging3", _padded("4d062400" + "12345678" * 4), SubscriberCounts(tmsi=4)),
        (
            "assignment",
            _padded("2d063f00" + "4a7000" + "0500aa"),
            SubscriberCounts(assignments=1, reference_0000=1, assignments_hopping=1),
        ),
        ("assignment", _padded("2d063f00" + "4a6000" + "1500aa"), SubscriberCounts(assignments=1, reference_0001=1)),
        ("assignment", _padded("2d063f10" + "4a7000" + "7800aa"), SubscriberCounts(assignments=1)),
        (
            "assignment_extended",
            _padded("4d063900" + "4a60002600aa00" + "4a70000300aa00"),
            SubscriberCounts(assignments=2, reference_0000=1, assignments_hopping=1),
        ),
        ("assignment_reject", _padded("4d063a00"), SubscriberCounts()),
    ],
)
def test_identities_and_assignments_are_counted_by_kind(kind: str, octets: bytearray, counts: SubscriberCounts) -> None:
    assert count_and_forget(kind, bytearray(octets)) == counts


def test_nothing_of_an_identity_is_left_behind() -> None:
    octets = _padded("31062100" + "082926070000000000")
    count_and_forget("paging1", octets)
    assert not any(octets)


def test_nothing_is_left_behind_of_a_block_that_is_refused_either() -> None:
    octets = _padded("31062100" + "40" + "29260700")
    with pytest.raises(BeyondBlock):
        count_and_forget("paging1", octets)
    assert not any(octets)


def test_an_identity_type_that_is_not_defined_is_refused() -> None:
    with pytest.raises(UnknownIdentityType):
        count_and_forget("paging1", _padded("15062100" + "0107"))


def test_no_contents_can_break_the_counters() -> None:
    rng = np.random.default_rng(8)
    kinds = ("paging1", "paging2", "paging3", "assignment", "assignment_extended", "assignment_reject")
    for octets in rng.integers(0, 256, (3000, 23), np.uint8):
        for kind in kinds:
            try:
                count_and_forget(kind, bytearray(octets.tobytes()))
            except BlockRefused as refusal:
                assert str(refusal)


def test_counts_add_up() -> None:
    assert total([SubscriberCounts(imsi=1), SubscriberCounts(imsi=2, tmsi=3)]) == SubscriberCounts(imsi=3, tmsi=3)
