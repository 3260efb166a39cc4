"""Any cell the maker can send is read back field by field."""

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from dsp.gsm.cell import CellMemory
from dsp.gsm.frame import Channel
from dsp.gsm.sorting import block_of
from dsp.gsm.values import GsmCell
from recordings.gsm.elements import MAX_RETRANS, TX_INTEGER
from recordings.gsm.spec import Gprs, GsmBroadcast, Si2quater
from recordings.gsm.system_information import system_information
from tests.dsp.gsm.test_cell import COPIED, _look

# without shrinking: with so many fields that takes minutes, and the failing field is named anyway
GENERATE = (Phase.explicit, Phase.generate)
DIGITS = st.text("0123456789", min_size=3, max_size=3)
LISTS = st.lists(st.integers(1, 124), min_size=1, max_size=12, unique=True).map(lambda each: tuple(sorted(each)))
GPRS = st.builds(
    Gprs,
    ra_colour=st.integers(0, 7),
    bcch_change_mark=st.integers(0, 7),
    rac=st.integers(0, 255),
    spgc_ccch_sup=st.booleans(),
    network_control_order=st.integers(0, 2),
    nmo=st.integers(0, 2),
    alpha=st.integers(0, 10),
    sgsnr=st.booleans(),
)
QUATER = st.builds(
    Si2quater,
    mp_change_mark=st.integers(0, 1),
    fdd_arfcns=st.lists(st.integers(0, 16383), max_size=5, unique=True).map(tuple),
)
CELLS = st.builds(
    GsmBroadcast,
    arfcn=st.integers(1, 124),
    band_indicator=st.sampled_from(["1800", "1900"]),
    plmn=st.builds(lambda mcc, mnc, two: f"{mcc}-{mnc[: 2 if two else 3]}", DIGITS, DIGITS, st.booleans()),
    lac=st.integers(0, 0xFFFF),
    ci=st.integers(0, 0xFFFF),
    mscr=st.integers(0, 1),
    att=st.booleans(),
    bs_ag_blks_res=st.integers(0, 2),
    combined=st.booleans(),
    bs_pa_mfrms=st.integers(2, 9),
    t3212=st.integers(0, 255),
    pwrc=st.booleans(),
    dtx=st.integers(0, 2),
    radio_link_timeout=st.integers(0, 15),
    cell_reselect_hysteresis_db=st.integers(0, 7).map(lambda code: 2 * code),
    ms_txpwr_max_cch=st.integers(0, 31),
    rxlev_access_min=st.integers(0, 63),
    neci=st.booleans(),
    cbq=st.booleans(),
    cell_reselect_offset_db=st.integers(0, 63).map(lambda code: 2 * code),
    temporary_offset_db=st.integers(0, 6).map(lambda code: 10 * code),
    temporary_offset_infinite=st.booleans(),
    penalty_time=st.integers(0, 31),
    power_offset_db=st.none() | st.integers(0, 3).map(lambda code: 2 * code),
    early_classmark=st.booleans(),
    max_retrans=st.sampled_from(MAX_RETRANS),
    tx_integer=st.sampled_from(TX_INTEGER),
    cell_barred=st.booleans(),
    reestablishment_allowed=st.booleans(),
    access_classes_barred=st.integers(0, 0xFFFF),
    cell_arfcns=LISTS,
    neighbour_arfcns=LISTS,
    neighbour_arfcns_2bis=st.none() | LISTS,
    neighbour_arfcns_2ter=st.none() | LISTS,
    cell_list_format=st.sampled_from(["auto", "bitmap0", "range1024"]),
    neighbour_list_format=st.sampled_from(["auto", "bitmap0", "range1024"]),
    ba_ind=st.integers(0, 1),
    ncc_permitted=st.integers(0, 255),
    nch_position=st.none() | st.integers(0, 27),
    cbch=st.booleans(),
    gprs=st.none() | GPRS,
    si2quater=st.none() | QUATER,
)


def _kinds(made: GsmBroadcast) -> list[str]:
    optional = {
        "2bis": made.neighbour_arfcns_2bis,
        "2ter": made.neighbour_arfcns_2ter,
        "2quater": made.si2quater,
        "13": made.gprs,
    }
    return ["1", "2", "3", "4", *(kind for kind, sent in optional.items() if sent is not None)]


def _heard(made: GsmBroadcast) -> GsmCell:
    messages = [system_information(made, kind) for kind in _kinds(made)]
    blocks = [block_of(51 * k + 2, Channel.BCCH, bytearray(m), quality=9.0) for k, m in enumerate(messages)]
    assert all(block.refusal is None for block in blocks)
    (cell,) = CellMemory().describe(_look(*blocks))
    return cell


@settings(max_examples=60, deadline=None, phases=GENERATE)
@given(CELLS)
def test_what_a_cell_sends_is_what_is_described(made: GsmBroadcast) -> None:
    cell = _heard(made)
    for name in COPIED:
        assert getattr(cell, name) == getattr(made, name), name
    assert f"{cell.mcc}-{cell.mnc}" == made.plmn
    temporary = None if made.temporary_offset_infinite else made.temporary_offset_db
    assert cell.temporary_offset_db == temporary
    assert (cell.band_indicator, cell.nch_position, cell.ba_ind) == (
        made.band_indicator,
        made.nch_position,
        made.ba_ind,
    )
    assert cell.cell_broadcast == made.cbch


@settings(max_examples=50, deadline=None, phases=GENERATE)
@given(CELLS)
def test_the_lists_a_cell_sends_are_those_described(made: GsmBroadcast) -> None:
    cell = _heard(made)
    assert cell.cell_arfcns == made.cell_arfcns
    assert cell.arfcn_in_own_list == (25 in (made.cell_arfcns or ()))  # the carrier of this look
    lists = (made.neighbour_arfcns, made.neighbour_arfcns_2bis, made.neighbour_arfcns_2ter)
    assert cell.neighbour_arfcns == tuple(sorted({arfcn for each in lists for arfcn in each or ()}))
    quater = made.si2quater
    assert cell.utran_fdd_arfcns == tuple(sorted(quater.fdd_arfcns if quater else ()))
    assert (cell.utran_tdd_arfcns, cell.eutran_neighbours) == ((), ())
    assert (cell.si2quater_heard, cell.si2quater_instances) == ((1, 1) if quater else (None, None))


@settings(max_examples=60, deadline=None, phases=GENERATE)
@given(CELLS)
def test_the_packet_service_of_a_cell_is_that_described(made: GsmBroadcast) -> None:
    cell, gprs = _heard(made), made.gprs
    assert cell.gprs_announced == (gprs is not None)
    if gprs is None:
        assert (cell.rac, cell.bcch_change_mark, cell.network_mode_of_operation) == (None, None, None)
        return
    assert (cell.rac, cell.bcch_change_mark, cell.gprs_ra_colour) == (gprs.rac, gprs.bcch_change_mark, gprs.ra_colour)
    assert (cell.network_mode_of_operation, cell.network_control_order) == (gprs.nmo + 1, gprs.network_control_order)
    assert (cell.alpha, cell.sgsn_r99, cell.spgc_ccch_sup) == (gprs.alpha / 10, gprs.sgsnr, gprs.spgc_ccch_sup)
    assert (cell.pbcch, cell.gprs_mobile_allocation) == (False, False)
