import pytest

from dsp.gsm.errors import NotAPseudoLength, UnknownMessage, WrongProtocol
from dsp.gsm.message import message_kind


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
    ],
)
def test_blocks_are_told_apart(octets: bytes, kind: str) -> None:
    assert message_kind(octets) == kind


def test_a_dedicated_block_is_never_taken_for_si2ter() -> None:
    """`05 00 03 03 …` of a slow associated channel has the type of System Information 2ter in its third octet."""
    with pytest.raises(WrongProtocol) as refusal:
        message_kind(_padded("05000303 49061d".replace(" ", "")))
    assert refusal.value.discriminator == 0


def test_what_is_no_message_is_refused_by_name() -> None:
    with pytest.raises(NotAPseudoLength):
        message_kind(_padded("030321"))
    with pytest.raises(UnknownMessage):
        message_kind(_padded("15067f"))
    with pytest.raises(WrongProtocol):
        message_kind(_padded("150521"))
