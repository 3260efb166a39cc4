from dsp.signatures.licences import KnownCell, Licences
from tests.dsp.signatures.made import cell, gsm_names, network

OPERATORS_LIST = Licences(
    cells=tuple(KnownCell(mcc="460", mnc="00", lac=21014, ci=8000 + a, arfcn=a, bsic=21) for a in (20, 30))
)


def test_a_test_network_another_country_and_an_unassigned_code_are_foreign():
    for mcc, mnc in (("001", "01"), ("262", "01"), ("460", "77")):
        assert gsm_names((cell(mcc=mcc, mnc=mnc),), 0)["gsm_foreign_network"] == 15.0


def test_a_home_network_is_not_foreign_and_without_a_plan_only_test_codes_are():
    assert "gsm_foreign_network" not in gsm_names((cell(mnc="01", arfcn=100),), 0)
    assert "gsm_foreign_network" not in gsm_names((cell(mcc="262", mnc="01"),), 0, plan=None)


def test_reserved_location_areas_and_cell_nought_are_named():
    assert "gsm_reserved_identity" in gsm_names((cell(lac=0xFFFE),), 0)
    assert "gsm_reserved_identity" in gsm_names((cell(ci=0),), 0)


def test_a_small_but_ordinary_identity_is_not_reserved():
    assert "gsm_reserved_identity" not in gsm_names((cell(lac=1, ci=1),), 0)
    assert "gsm_reserved_identity" not in gsm_names((cell(lac=None, ci=None, mcc=None, mnc=None),), 0)


def test_an_operator_on_anothers_channel_is_out_of_plan():
    assert gsm_names((cell(110),), 0)["gsm_band_plan"] == 13.0  # China Mobile's name on Unicom's channel


def test_each_operator_on_its_own_channel_is_in_plan():
    assert "gsm_band_plan" not in gsm_names((cell(94),), 0)
    assert "gsm_band_plan" not in gsm_names((cell(110, mnc="01"),), 0)
    assert "gsm_band_plan" not in gsm_names((cell(1005, mnc="20"),), 0)
    assert "gsm_band_plan" not in gsm_names((cell(110),), 0, plan=None)


def test_a_cell_missing_from_the_operators_list_is_unknown():
    assert gsm_names((cell(40),), 0, licences=OPERATORS_LIST)["gsm_unknown_cell"] == 15.0


def test_a_list_of_one_operator_says_nothing_of_another_and_no_list_nothing_of_any():
    assert "gsm_unknown_cell" not in gsm_names((cell(100, mnc="01"),), 0, licences=OPERATORS_LIST)
    assert "gsm_unknown_cell" not in gsm_names((cell(40),), 0)
    assert "gsm_unknown_cell" not in gsm_names((cell(40, lac=None, ci=None),), 0, licences=OPERATORS_LIST)


def test_a_listed_cell_is_spoken_for_and_on_a_wrong_channel_is_not():
    assert gsm_names((cell(20),), 0, licences=OPERATORS_LIST)["gsm_known_cell"] == -30.0
    moved = gsm_names((cell(33, ci=8020),), 0, licences=OPERATORS_LIST)
    assert "gsm_known_cell" not in moved
    assert moved["gsm_listed_elsewhere"] == 13.0


def test_a_list_without_channels_confirms_less_and_accuses_nobody_of_being_elsewhere():
    thin = Licences(cells=(KnownCell(mcc="460", mnc="00", lac=21014, ci=8020),))
    found = gsm_names((cell(33, ci=8020),), 0, licences=thin)
    assert found["gsm_known_cell"] == -15.0
    assert "gsm_listed_elsewhere" not in found


def test_an_ordinary_network_has_no_findings_at_all():
    cells = network()
    assert all(gsm_names(cells, index) == {} for index in range(len(cells)))
