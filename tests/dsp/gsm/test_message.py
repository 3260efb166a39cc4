import contextlib

import pytest

from dsp.gsm.errors import BeyondBlock, NotAPseudoLength, SlowAssociated, UnknownMessage, WrongProtocol
from dsp.gsm.message import SYSTEM_INFORMATION, message_kind


def _padded(start: str) -> bytes:
    octets = bytes.fromhex(start)
    return octets + b"\x2b" * (23 - len(octets))


@pytest.mark.parametrize(
    ("octets", "kind"),
    [
        (_padded("01"), "fill"),
        (_padded("030301"), "fill"),
        (_padded(""), "fill"),
        (_padded("1506210001f0"), "paging1"),
        (_padded("2d063f"), "assignment"),
        (_padded("49061b"), "si3"),
        (_padded("010603"), "si2ter"),
        (_padded("050607"), "si2quater"),
        (_padded("010600"), "si13"),
        (_padded("010620"), "notification"),
    ],
)
def test_blocks_are_told_apart(octets: bytes, kind: str) -> None:
    assert message_kind(octets) == kind


def test_a_dedicated_block_is_never_taken_for_si2ter() -> None:
    """`05 00 03 03 …` of a slow associated channel has the type of System Information 2ter in its third octet."""
    with pytest.raises(WrongProtocol) as refusal:
        message_kind(_padded("05000303 49061d".replace(" ", "")))
    assert refusal.value.discriminator == 0


@pytest.mark.parametrize("power", [0x01, 0x05, 0x09, 0x0D, 0x45])
@pytest.mark.parametrize("message", ["49061d", "49061e", "490605", "490606", "01" + "2b" * 18])
def test_a_phone_at_timing_advance_6_does_not_make_neighbours(power: int, message: str) -> None:
    """Its slow associated channel reads `05 06 03 …`: length, discriminator and type of System Information 2ter."""
    with pytest.raises(SlowAssociated):
        message_kind(_padded(f"{power:02x}060303" + message))


def test_a_real_si2ter_is_no_slow_associated_channel() -> None:
    assert message_kind(bytes.fromhex("01060360000000000004155010000000000aa82b2b2b2b")) == "si2ter"


@pytest.mark.parametrize("message_type", sorted(SYSTEM_INFORMATION))
def test_messages_of_the_extended_bcch_are_recognised_by_type(message_type: int) -> None:
    assert message_kind(_padded(f"0106{message_type:02x}")) == "si" + SYSTEM_INFORMATION[message_type]


def test_all_values_of_the_first_three_octets_have_a_name_or_a_refusal() -> None:
    for place in range(3):
        for value in range(256):
            octets = bytearray(_padded("49061b"))
            octets[place] = value
            with contextlib.suppress(NotAPseudoLength, WrongProtocol, UnknownMessage):
                assert message_kind(bytes(octets))


def test_what_is_no_message_is_refused_by_name() -> None:
    with pytest.raises(NotAPseudoLength):
        message_kind(_padded("030321"))
    with pytest.raises(UnknownMessage):
        message_kind(_padded("15067f"))
    with pytest.raises(WrongProtocol):
        message_kind(_padded("150521"))


@pytest.mark.parametrize("count", [0, 1, 22, 24])
def test_what_is_not_23_octets_long_is_no_block(count: int) -> None:
    with pytest.raises(BeyondBlock):
        message_kind(b"\x49\x06\x1b".ljust(count, b"\x2b")[:count])
