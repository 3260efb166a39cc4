import numpy as np
import pytest

from dsp.gsm.errors import BeyondBlock, BlockRefused, NotAPseudoLength, UnknownMessage, WrongProtocol
from dsp.gsm.si5 import NeighboursInCall, SystemInformation6, read_slow_associated
from recordings.gsm.spec import GsmBroadcast
from recordings.gsm.system_information import system_information

CELL = GsmBroadcast(
    arfcn=25, plmn="460-00", lac=9, ci=77, neighbour_arfcns=(30, 40), ncc_permitted=0x5A, radio_link_timeout=7, dtx=2
)
LIST = "00000000000000000000000000000005"  # channels 1 and 3


def _block(message: str, *, layer_1: str = "0506", layer_2: str = "0303") -> bytes:
    octets = bytes.fromhex(layer_1 + layer_2 + message)
    return octets + b"\x2b" * (23 - len(octets))


def test_neighbours_in_a_call_are_those_that_were_sent() -> None:
    kind, fields = read_slow_associated(system_information(CELL, "5"))
    assert (kind, fields) == ("5", NeighboursInCall((30, 40), part=False, ba_ind=0))


@pytest.mark.parametrize(("number", "kind", "part"), [("1d", "5", False), ("05", "5bis", False), ("06", "5ter", True)])
def test_each_kind_is_told_by_its_type(number: str, kind: str, part: bool) -> None:
    assert read_slow_associated(_block("4906" + number + LIST)) == (kind, NeighboursInCall((1, 3), part, 0))


def test_si6_says_who_the_cell_is() -> None:
    kind, fields = read_slow_associated(system_information(CELL, "6"))
    assert kind == "6" and isinstance(fields, SystemInformation6)
    assert (fields.ci, fields.area.mcc, fields.area.mnc, fields.area.lac) == (77, "460", "00", 9)
    assert (fields.ncc_permitted, fields.radio_link_timeout, fields.dtx) == (0x5A, 7, 2)
    assert (fields.dtm_rac, fields.band_indicator) == (None, "1800")


def test_the_third_bit_of_dtx_stands_apart() -> None:
    _, fields = read_slow_associated(_block("2d061e" + "004d" + "64f0000009" + "97" + "5a"))
    assert isinstance(fields, SystemInformation6) and (fields.dtx, fields.pwrc) == (5, False)


def test_rest_octets_of_si6_tell_the_routing_area_where_calls_and_packets_go_together() -> None:
    # L no channels, L no group calls, H dual transfer: 10100101 routing area, 011 frame size; L 1800
    bits = "00" + "0" + "10100101" + "011" + "1" + "0" * 0
    octets = int((bits + "0010101100101011")[:24].ljust(24, "0"), 2).to_bytes(3, "big")
    _, fields = read_slow_associated(_block("2d061e" + "004d" + "64f0000009" + "17" + "5a" + octets.hex()))
    assert isinstance(fields, SystemInformation6) and (fields.dtm_rac, fields.band_indicator) == (0xA5, "1800")


def test_what_is_no_message_of_that_channel_is_refused_by_name() -> None:
    with pytest.raises(NotAPseudoLength):
        read_slow_associated(_block("49061d" + LIST, layer_2="0321"))
    with pytest.raises(NotAPseudoLength):
        read_slow_associated(_block("fd061d" + LIST))
    with pytest.raises(WrongProtocol):
        read_slow_associated(_block("49051d" + LIST))
    with pytest.raises(UnknownMessage):
        read_slow_associated(_block("49061b" + LIST))
    with pytest.raises(BeyondBlock):
        read_slow_associated(_block("49061d" + LIST)[:20])
    with pytest.raises(BeyondBlock):
        read_slow_associated(b"\x05\x06\x03\x03")


def test_no_contents_can_break_the_reader() -> None:
    rng = np.random.default_rng(6)
    read = 0
    for octets in rng.integers(0, 256, (4000, 16), np.uint8):
        for number in ("1d", "05", "06", "1e"):
            try:
                read_slow_associated(_block("4906" + number + octets.tobytes().hex()))
                read += 1
            except BlockRefused as refusal:
                assert str(refusal)
    assert read > 4000
