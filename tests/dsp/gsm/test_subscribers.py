from dataclasses import astuple

import numpy as np
import pytest

from dsp.gsm.errors import BadIdentityLength, BeyondBlock, BlockRefused, ReservedCode, UnknownIdentityType
from dsp.gsm.requests import causes
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
        ("paging1", _padded("41062100" + TMSI + "17" + TMSI), SubscriberCounts(tmsi=2)),
        ("paging1", _padded("4d062100" + TMSI + "17082926070000000000"), SubscriberCounts(tmsi=1, imsi=1)),
        ("paging2", _padded("2d062200" + "1234567812345678"), SubscriberCounts(tmsi=2)),
        ("paging2", _padded("55062200" + "123456781234567817082926070000000000"), SubscriberCounts(tmsi=2, imsi=1)),
        ("paging3", _padded("4d062400" + "12345678" * 4), SubscriberCounts(tmsi=4)),
        (
            "assignment",
            _padded("2d063f00" + "4a7000" + "0500aa" + "000101"),
            SubscriberCounts(assignments=1, reference_0000=1, assignments_hopping=1),
        ),
        (
            "assignment",
            _padded("2d063f00" + "4a6000" + "1500aa" + "0000"),
            SubscriberCounts(assignments=1, reference_0001=1),
        ),
        (
            "assignment",
            _padded("2d063f10" + "4a7000" + "7800aa" + "0000"),
            SubscriberCounts(assignments=1, assignments_packet=1),
        ),
        (
            "assignment",  # downlink: its reference answers no request
            _padded("2d063f30" + "0a7000" + "0000aa" + "0000"),
            SubscriberCounts(assignments=1, assignments_packet=1),
        ),
        (
            "assignment",
            _padded("2d063f00" + "4a6000" + "a500aa" + "0000"),
            SubscriberCounts(assignments=1, emergencies=1),
        ),
        ("assignment", _padded("2d063f00" + "4a6000" + "8500aa" + "0000"), SubscriberCounts(assignments=1, answers=1)),
        ("assignment", _padded("2d063f00" + "4a6000" + "e500aa" + "0000"), SubscriberCounts(assignments=1, calls=1)),
        (
            "assignment",
            _padded("2d063f00" + "4a6000" + "6900aa" + "0000"),
            SubscriberCounts(assignments=1, reestablishments=1),
        ),
        (
            "assignment_extended",
            _padded("4d063900" + "4a60002600aa00" + "4a70000300aa00"),
            SubscriberCounts(assignments=2, reference_0000=1, answers=1, assignments_hopping=1),
        ),
        (
            "assignment_reject",  # two requests; the last one repeated to fill the block
            _padded("4d063a00" + "0500aa05" + "8000ab0a" * 3),
            SubscriberCounts(rejected=2, reject_wait_s=15),
        ),
        ("notification", _padded("010620" + "2b" * 5), SubscriberCounts()),
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


@pytest.mark.parametrize("kind", [2, 3, 6, 7])
def test_an_identity_type_that_nobody_is_paged_by_is_refused(kind: int) -> None:
    with pytest.raises(UnknownIdentityType) as refusal:
        count_and_forget("paging1", _padded("15062100" + f"010{kind}"))
    assert refusal.value.identity_type == kind


@pytest.mark.parametrize("identity", ["04f4123456", "06f41234567890", "0129", "0a29260000000000000000"])
def test_an_identity_of_impossible_length_is_refused(identity: str) -> None:
    with pytest.raises(BadIdentityLength):
        count_and_forget("paging1", _padded("31062100" + identity))


def test_rest_octets_that_look_like_a_second_identity_are_none() -> None:
    """0x17 announces one, but only before the end that the pseudo length states."""
    assert count_and_forget("paging1", _padded("25062100" + TMSI + "17" + TMSI)) == SubscriberCounts(tmsi=1)


def test_paging_of_a_multicast_group_is_no_subscriber() -> None:
    assert count_and_forget("paging1", _padded("25062100" + "06" + "050102030405")) == SubscriberCounts(groups=1)


@pytest.mark.parametrize("octet", [0x20, 0x40, 0x60, 0x80])
def test_an_assignment_of_neither_kind_is_refused(octet: int) -> None:
    with pytest.raises(ReservedCode):
        count_and_forget("assignment", _padded(f"2d063f{octet:02x}" + "4a6000" + "0500aa" + "0000"))


@pytest.mark.parametrize("channel", [0x00, 0x87, 0xFF])
def test_an_assignment_of_a_channel_that_does_not_exist_is_refused(channel: int) -> None:
    with pytest.raises(ReservedCode):
        count_and_forget("assignment", _padded(f"2d063f00{channel:02x}6000" + "0500aa" + "0000"))


def test_a_mobile_allocation_longer_than_any_is_refused() -> None:
    with pytest.raises(BeyondBlock):
        count_and_forget("assignment", _padded("2d063f00" + "4a7000" + "0500aa" + "0009"))


def test_every_reference_has_at_most_one_cause() -> None:
    """And the table of 44.018 §9.1.8 is read to the last bit: half-rate re-establishment, packet, reserved."""
    named = {reference: causes([reference]) for reference in range(256)}
    assert all(sum(astuple(counts)) <= 1 for counts in named.values())
    nameless = {reference for reference, counts in named.items() if not any(astuple(counts))}
    assert nameless == set(range(0x60, 0x68)) | set(range(0x70, 0x80))


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
