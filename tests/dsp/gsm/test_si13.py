import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsp.gsm.si13 import read_si13
from recordings.gsm.spec import Gprs, GsmBroadcast
from recordings.gsm.system_information import system_information

REAL = bytes.fromhex("010600c0005847eb4a9243406284eb2b2b2b2b2b2b2b2b")
HEAD = "010600"


def _block(bits: str) -> bytes:
    """Rest octets from bits; h and l are the opposite of the padding, and the padding; rest is padding."""
    padding = "00101011" * 20
    given_bits = bits.replace(" ", "")
    pairs = zip(given_bits, padding[: len(given_bits)], strict=True)
    plain = [p if b == "l" else "10"[int(p)] if b == "h" else b for b, p in pairs]
    text = "".join(plain) + padding[len(plain) :]
    return bytes.fromhex(HEAD) + int(text, 2).to_bytes(20, "big")


def test_a_real_cells_packet_service_field_by_field() -> None:
    si13 = read_si13(REAL)
    assert si13 is not None and si13.packet is not None
    assert (si13.bcch_change_mark, si13.si_change_field, si13.pbcch, si13.gprs_mobile_allocation) == (
        4,
        0,
        False,
        False,
    )
    packet, options = si13.packet, si13.packet.options
    assert (packet.rac, packet.spgc_ccch_sup, packet.priority_access_thr, packet.network_control_order) == (
        1,
        False,
        6,
        0,
    )
    assert (options.network_mode_of_operation, options.t3168_ms, options.t3192_ms, options.drx_timer_max_s) == (
        2,
        500,
        200,
        64,
    )
    assert (options.access_burst_11_bits, options.control_ack_type, options.bs_cv_max, options.egprs) == (
        False,
        1,
        6,
        False,
    )
    assert (packet.alpha, packet.t_avg_w, packet.t_avg_t, packet.n_avg_i) == (0.0, 12, 10, 2)
    assert (si13.sgsn_r99, si13.si_status_ind, si13.lb_ms_txpwr_max_cch) == (True, True, None)


@settings(max_examples=60, deadline=None)
@given(
    st.builds(
        Gprs,
        bcch_change_mark=st.integers(0, 7),
        si_change_field=st.integers(0, 15),
        rac=st.integers(0, 255),
        spgc_ccch_sup=st.booleans(),
        priority_access_thr=st.integers(0, 7),
        network_control_order=st.integers(0, 3),
        nmo=st.integers(0, 3),
        t3168=st.integers(0, 7),
        t3192=st.integers(0, 7),
        drx_timer_max=st.integers(0, 7),
        bs_cv_max=st.integers(0, 15),
        pan=st.none() | st.tuples(*[st.integers(0, 7)] * 3),
        options_extension=st.none() | st.text("01", min_size=1, max_size=20),
        alpha=st.integers(0, 15),
        t_avg_w=st.integers(0, 31),
        sgsnr=st.booleans(),
        si_status_ind=st.none() | st.booleans(),
    )
)
def test_what_is_sent_is_what_is_read(sent: Gprs) -> None:
    si13 = read_si13(system_information(GsmBroadcast(arfcn=25, gprs=sent), "13"))
    assert si13 is not None and si13.packet is not None
    packet, options = si13.packet, si13.packet.options
    assert (si13.bcch_change_mark, si13.si_change_field, packet.rac) == (
        sent.bcch_change_mark,
        sent.si_change_field,
        sent.rac,
    )
    assert packet.alpha == (sent.alpha / 10 if sent.alpha <= 10 else None)
    assert packet.t_avg_w == (sent.t_avg_w if sent.t_avg_w <= 25 else None)
    assert packet.network_control_order == (sent.network_control_order if sent.network_control_order < 3 else None)
    assert packet.priority_access_thr == (
        sent.priority_access_thr if sent.priority_access_thr in (0, 3, 4, 5, 6) else None
    )
    assert options.network_mode_of_operation == (sent.nmo + 1 if sent.nmo < 3 else None)
    assert (options.bs_cv_max, options.t3168_ms) == (sent.bs_cv_max, 500 * (sent.t3168 + 1))
    assert options.egprs == (None if sent.options_extension is None else sent.options_extension[0] == "1")
    assert (si13.sgsn_r99, si13.si_status_ind) == (sent.sgsnr, sent.si_status_ind)


def test_empty_rest_octets_say_nothing() -> None:
    assert read_si13(bytes.fromhex(HEAD) + b"\x2b" * 20) is None


def test_a_packet_broadcast_channel_says_the_rest_itself() -> None:
    bcch_carrier = "h 011 0000 0 1  0000 0000 111 010 00" + "l"
    named = "h 011 0000 0 1  0000 0000 111 010 01 0000011001" + "l"
    hopping = "h 011 0000 0 1  0000 0000 111 010 1 000011" + "h 1"
    for bits, sgsn_r99 in ((bcch_carrier, None), (named, None), (hopping, True)):
        si13 = read_si13(_block(bits))
        assert si13 is not None and si13.pbcch and si13.packet is None
        assert (si13.bcch_change_mark, si13.sgsn_r99) == (3, sgsn_r99)


@pytest.mark.parametrize(
    "allocation",
    [
        "01 000001 0 0 000010 101",  # a bitmap of three
        "01 000001 1 0001 1 0010 0 1 0",  # two lists of frequencies, all of them used
        "01 000001 0 1 1 000001 1 000010 0",  # two of them left out
    ],
)
def test_a_mobile_allocation_is_stepped_over_in_each_form(allocation: str) -> None:
    si13 = read_si13(_block("h 000 0000 1" + allocation + "0 10100101 0 110 00"))
    assert si13 is not None and si13.packet is not None
    assert si13.gprs_mobile_allocation and (si13.packet.rac, si13.packet.priority_access_thr) == (0xA5, 6)
