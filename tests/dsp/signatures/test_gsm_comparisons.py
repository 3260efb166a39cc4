"""Signatures that hold a cell against its own network, each guilty once and innocent where it looks alike."""

import msgspec
import pytest

from dsp.gsm.values import GsmCell
from tests.dsp.signatures.made import cell, gsm_names, network, paged, railway


def beside(own: GsmCell, *others: GsmCell) -> dict[str, float]:
    """What is found about `own` in a look with the others."""
    return gsm_names((*(others or network()), own), len(others) if others else 5)


def test_a_hysteresis_below_all_others_is_odd_and_that_of_a_border_is_not():
    assert beside(cell(75, cell_reselect_hysteresis_db=4))["gsm_hysteresis"] == 5.0
    assert "gsm_hysteresis" in beside(cell(75, cell_reselect_hysteresis_db=14))
    assert "gsm_hysteresis" not in beside(cell(75, cell_reselect_hysteresis_db=10))  # a border
    assert "gsm_hysteresis" not in beside(cell(75, cell_reselect_hysteresis_db=4), *network(3))  # too few
    mixed = (*network(4), cell(60, bsic=30, cell_reselect_hysteresis_db=4))
    assert "gsm_hysteresis" not in beside(cell(75, cell_reselect_hysteresis_db=4), *mixed)


def test_another_power_limit_is_odd_within_a_band_only():
    assert beside(cell(75, ms_txpwr_max_cch=0))["gsm_power_limit"] == 4.0
    dcs = cell(586, freq_hz=1820e6, ms_txpwr_max_cch=0)
    assert "gsm_power_limit" not in beside(dcs)
    assert "gsm_power_limit" not in beside(cell(75, ms_txpwr_max_cch=5))


def test_a_cell_off_its_own_list_is_odd_where_its_network_lists_its_carriers():
    off = cell(75, arfcn_in_own_list=False, cell_arfcns=(20, 30))
    assert beside(off, *network(4, arfcn_in_own_list=True))["gsm_own_list"] == 10.0
    assert "gsm_own_list" not in beside(off, *network(4, arfcn_in_own_list=False))  # it lists what it hops over
    mixed = (*network(4, arfcn_in_own_list=True), cell(60, bsic=30, arfcn_in_own_list=False))
    assert "gsm_own_list" not in beside(off, *mixed)
    assert "gsm_own_list" not in beside(off, *network(4))  # nobody's list was read


def test_a_barred_cell_hardly_weighs():
    assert beside(cell(75, cell_barred=True))["gsm_cell_barred"] == 2.0
    assert "gsm_cell_barred" not in beside(cell(75, cell_barred=False))


OTHERS = tuple(cell(arfcn, mnc="01", bsic=30) for arfcn in (110, 115))


def test_neighbours_of_another_network_are_odd():
    names_them = cell(75, neighbour_arfcns=(110, 115))
    assert beside(names_them, *OTHERS)["gsm_impure_neighbours"] == 8.0
    assert "gsm_impure_neighbours" not in beside(names_them, *OTHERS[:1])  # one channel may be used by both
    with_own = cell(75, neighbour_arfcns=(110, 115, 10, 20, 30))
    assert "gsm_impure_neighbours" not in beside(with_own, *OTHERS, *network(3))
    same_operator = tuple(cell(arfcn, mnc="02", bsic=30) for arfcn in (30, 40))
    assert "gsm_impure_neighbours" not in beside(cell(75, neighbour_arfcns=(30, 40)), *same_operator)
    assert "gsm_impure_neighbours" not in beside(railway(neighbour_arfcns=(110, 115)), *OTHERS)


def calling(arfcn: int, *, imsi: int, tmsi: int, bsic: int = 30) -> GsmCell:
    return paged(cell(arfcn, bsic=bsic), blocks=200, tmsi=tmsi, imsi=imsi)


def test_calling_by_permanent_identity_is_odd_where_the_network_does_not():
    usual = (calling(10, imsi=5, tmsi=62), calling(20, imsi=3, tmsi=80))
    assert beside(calling(75, imsi=30, tmsi=2, bsic=7), *usual)["gsm_imsi_paging"] == 5.0
    assert "gsm_imsi_paging" not in beside(calling(75, imsi=5, tmsi=62, bsic=7), *usual)  # a real cell's share
    assert "gsm_imsi_paging" not in beside(calling(75, imsi=9, tmsi=0, bsic=7), *usual)  # too few
    restarted = (calling(10, imsi=60, tmsi=2), calling(20, imsi=50, tmsi=9))
    assert "gsm_imsi_paging" not in beside(calling(75, imsi=30, tmsi=2, bsic=7), *restarted)


def assigning(arfcn: int, *, assignments: int, hopping: int, bsic: int = 30) -> GsmCell:
    of = cell(arfcn, bsic=bsic)
    return paged(of, blocks=200, tmsi=40, assignments=assignments, assignments_hopping=hopping)


def test_assignments_that_do_not_hop_are_odd_where_the_network_hops():
    hops = (assigning(10, assignments=10, hopping=10), assigning(20, assignments=8, hopping=8))
    assert beside(assigning(75, assignments=6, hopping=0, bsic=7), *hops)["gsm_non_hopping"] == 7.0
    assert "gsm_non_hopping" not in beside(assigning(75, assignments=2, hopping=0, bsic=7), *hops)
    assert "gsm_non_hopping" not in beside(assigning(75, assignments=6, hopping=1, bsic=7), *hops)
    mixed = (hops[0], assigning(20, assignments=8, hopping=2))
    assert "gsm_non_hopping" not in beside(assigning(75, assignments=6, hopping=0, bsic=7), *mixed)


def test_what_is_louder_than_base_stations_are_weighs_little_and_asks_for_a_calibrated_sensor():
    assert beside(cell(75, level_dbm=-35.0))["gsm_too_loud"] == 3.0
    assert "gsm_too_loud" not in beside(cell(75, level_dbm=-50.0))
    assert "gsm_too_loud" not in beside(cell(75, level_dbm=None, cnr_db=80.0))


@pytest.mark.parametrize(("lac", "ci", "weight"), [(1, 6969, 6.0), (1000, 10, 6.0), (0xFFFE, 5, 12.0), (300, 0, 12.0)])
def test_reserved_and_default_identities_weigh_differently(lac: int, ci: int, weight: float):
    assert gsm_names((cell(lac=lac, ci=ci),), 0)["gsm_reserved_identity"] == weight


def test_a_low_cell_identity_alone_is_nobodys_default():
    assert "gsm_reserved_identity" not in gsm_names((cell(lac=21014, ci=10),), 0)


def test_counts_of_a_window_that_passed_are_still_in_the_sum():
    from dsp.signatures.paging_sum import PAGING_WINDOW_NS, add_paging

    counts = calling(20, imsi=4, tmsi=1).paging
    first = add_paging(None, counts, 0)
    second = add_paging(
        first, msgspec.structs.replace(counts, assignments=3, assignments_hopping=2), PAGING_WINDOW_NS + 1
    )
    assert second is not None
    assert (second.all_imsi, second.all_paged, second.all_hopping) == (8, 10, 2)
