from dsp.gsm.values import SystemInformation
from tests.dsp.signatures.made import cell, gsm_names, network


def test_a_cell_that_names_no_neighbour_or_only_itself_is_alone():
    assert gsm_names((cell(75, neighbour_arfcns=()),), 0)["gsm_few_neighbours"] == 12.0
    assert "gsm_few_neighbours" in gsm_names((cell(75, neighbour_arfcns=(75, 20)),), 0)


def test_unread_lists_railways_and_short_lists_are_innocent():
    assert "gsm_few_neighbours" not in gsm_names((cell(neighbour_arfcns=None),), 0)
    assert "gsm_few_neighbours" not in gsm_names((cell(1005, mnc="20", neighbour_arfcns=()),), 0)
    assert "gsm_few_neighbours" not in gsm_names((cell(75, neighbour_arfcns=(20, 30)),), 0)


def test_a_list_that_goes_on_in_a_message_not_yet_read_is_innocent():
    si2 = (SystemInformation(kind="2", hex="00" * 23, times=3),)
    waiting = cell(75, neighbour_arfcns=(20,), si2ter_announced=True, system_information=si2)
    assert "gsm_few_neighbours" not in gsm_names((waiting,), 0)


def test_an_invented_neighbour_list_of_a_loud_cell_is_unheard():
    assert "gsm_neighbours_unheard" in gsm_names((*network(), cell(75, neighbour_arfcns=(81, 83, 85))), 5)


def test_a_weak_cell_or_a_sparse_sensor_excuses_unheard_neighbours():
    far = cell(75, neighbour_arfcns=(81, 83, 85), level_dbm=-98.0, cnr_db=15.0)
    assert "gsm_neighbours_unheard" not in gsm_names((*network(), far), 5)
    assert "gsm_neighbours_unheard" not in gsm_names((*network(2), cell(75, neighbour_arfcns=(81, 83, 85))), 2)


def test_a_loud_cell_in_nobodys_list_has_no_incoming_edge():
    assert gsm_names((*network(), cell(75)), 5)["gsm_no_incoming_edge"] == 13.0


def test_a_weak_cell_weighs_little_a_named_cell_and_a_small_network_are_innocent():
    assert gsm_names((*network(), cell(75, level_dbm=-90.0)), 5)["gsm_no_incoming_edge"] == 3.0
    assert "gsm_no_incoming_edge" not in gsm_names(network(), 0)
    assert "gsm_no_incoming_edge" not in gsm_names((*network(3), cell(75)), 3)


def test_an_uncalibrated_sensor_tells_loudness_by_carrier_to_noise():
    loud, weak = cell(75, level_dbm=None, cnr_db=45.0), cell(75, level_dbm=None, cnr_db=20.0)
    assert gsm_names((*network(), loud), 5)["gsm_no_incoming_edge"] == 13.0
    assert gsm_names((*network(), weak), 5)["gsm_no_incoming_edge"] == 3.0


def test_a_loud_cell_with_a_location_area_of_its_own_is_lonely():
    assert gsm_names((*network(), cell(75, lac=40001)), 5)["gsm_lonely_lac"] == 10.0


def test_a_border_of_areas_and_a_far_cell_are_innocent():
    border = tuple(cell(10 * i, bsic=16 + i, lac=21000 + i) for i in range(1, 6))
    assert "gsm_lonely_lac" not in gsm_names(border, 0)
    assert "gsm_lonely_lac" not in gsm_names((*network(), cell(75, lac=40001, level_dbm=-95.0)), 5)
