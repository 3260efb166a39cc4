from dsp.gsm.values import SystemInformation
from tests.dsp.signatures.made import cell, gsm_names, network

SI1 = "5506190000000000000a008000000000000000b9000083"
SI2 = "59061a1045440000000421084000000000002588b90000"
SI3 = "49061b551f62f2200319c8040a156504b90000801f011b"
SI4 = "31061c62f22003196504b90000801f4b2b2b2b2b2b2b2b"


def messages(times: int = 4, **hexes: str) -> tuple[SystemInformation, ...]:
    ordinary = {"1": SI1, "2": SI2, "3": SI3, "4": SI4}
    return tuple(
        SystemInformation(kind=kind, hex=hexes.get(f"si{kind}", text), times=times, tc_seen=(0, 1, 2, 3, 4, 5, 6, 7))
        for kind, text in ordinary.items()
    )


def test_a_great_offset_attracts():
    assert gsm_names((*network(), cell(75, cell_reselect_offset_db=40)), 5)["gsm_c2_attraction"] == 10.0
    assert gsm_names((*network(), cell(75, cell_reselect_offset_db=100)), 5)["gsm_c2_attraction"] == 17.0


def test_the_same_offset_with_penalty_time_31_repels_and_is_innocent():
    assert "gsm_c2_attraction" not in gsm_names((*network(), cell(75, cell_reselect_offset_db=80, penalty_time=31)), 5)


def test_a_layer_that_attracts_as_a_whole_is_innocent():
    layer = network(cell_reselect_offset_db=36)
    assert all("gsm_c2_attraction" not in gsm_names(layer, index) for index in range(len(layer)))


def test_a_cell_without_the_offset_attracts_nobody():
    assert "gsm_c2_attraction" not in gsm_names((cell(cell_reselect_offset_db=None, penalty_time=None),), 0)


def test_location_updates_every_few_minutes_or_never_are_extreme():
    assert "gsm_t3212" in gsm_names((*network(), cell(75, t3212=1)), 5)
    assert "gsm_t3212" in gsm_names((*network(), cell(75, t3212=0)), 5)


def test_a_network_that_uses_a_short_timer_throughout_is_innocent():
    assert "gsm_t3212" not in gsm_names(network(t3212=5), 0)
    assert "gsm_t3212" not in gsm_names((*network(), cell(75, t3212=10)), 5)


def test_admitting_every_phone_is_odd_where_no_other_cell_does():
    assert "gsm_access_level" in gsm_names((*network(), cell(75, rxlev_access_min=0)), 5)
    assert "gsm_access_level" not in gsm_names((*network(), cell(75, rxlev_access_min=2)), 5)
    assert "gsm_access_level" not in gsm_names(network(rxlev_access_min=0), 0)  # a rural network


OSMO = {
    "cell_reselect_hysteresis_db": 4,
    "rxlev_access_min": 0,
    "tx_integer": 9,
    "max_retrans": 7,
    "bs_pa_mfrms": 5,
    "bs_ag_blks_res": 1,
    "t3212": 5,
    "ncc_permitted": 0xFF,
    "ccch_conf": 1,
    "gprs_announced": False,
}


def test_defaults_of_open_source_software_are_recognised_even_when_some_were_changed():
    assert gsm_names((cell(75, **OSMO),), 0)["gsm_software_bts"] == 17.0
    changed = OSMO | {"t3212": 30, "gprs_announced": True, "ncc_permitted": 0x0C}
    assert "gsm_software_bts" in gsm_names((cell(75, **changed),), 0)


def test_a_network_that_shares_a_few_defaults_is_innocent():
    shared = {"cell_reselect_hysteresis_db": 4, "bs_pa_mfrms": 5, "max_retrans": 7, "ccch_conf": 1}
    assert "gsm_software_bts" not in gsm_names((cell(75, **shared),), 0)
    assert "gsm_software_bts" not in gsm_names((cell(75, rxlev_access_min=0, t3212=5, ncc_permitted=0xFF),), 0)


def test_permitted_colours_that_are_all_or_lack_the_cells_own_are_odd():
    assert "gsm_ncc_permitted" in gsm_names((*network(), cell(75, ncc_permitted=0xFF)), 5)
    assert "gsm_ncc_permitted" in gsm_names((*network(), cell(75, bsic=5 << 3, ncc_permitted=0b1100)), 5)


def test_a_network_that_really_permits_all_colours_is_innocent():
    assert "gsm_ncc_permitted" not in gsm_names(network(ncc_permitted=0xFF), 0)
    assert "gsm_ncc_permitted" not in gsm_names((cell(ncc_permitted=None),), 0)


def test_barring_emergency_calls_alone_is_odd_and_with_the_neighbours_a_disaster():
    assert gsm_names((*network(), cell(75, access_classes_barred=0x0400)), 5)["gsm_emergency_barred"] == 17.0
    assert "gsm_emergency_barred" not in gsm_names(network(access_classes_barred=0x0400), 0)
    assert "gsm_emergency_barred" not in gsm_names((cell(access_classes_barred=0x8000),), 0)


def test_flags_of_small_software_are_odd_and_unread_ones_are_not():
    assert "gsm_bare_core" in gsm_names((cell(mscr=0),), 0)
    assert "gsm_bare_core" in gsm_names((cell(att=False),), 0)
    assert "gsm_bare_core" not in gsm_names((cell(mscr=None, att=None),), 0)


def test_no_packet_service_is_odd_in_a_network_that_has_it():
    assert gsm_names((*network(), cell(75, gprs_announced=False)), 5)["gsm_no_gprs"] == 10.0
    assert gsm_names((cell(75, gprs_announced=False),), 0)["gsm_no_gprs"] == 6.0  # nothing to compare with


def test_railway_cells_and_networks_without_packets_are_innocent():
    assert "gsm_no_gprs" not in gsm_names((cell(1005, mnc="20", gprs_announced=False),), 0)
    assert "gsm_no_gprs" not in gsm_names(network(gprs_announced=False), 0)
    assert "gsm_no_gprs" not in gsm_names((cell(gprs_announced=None),), 0)


def test_messages_that_contradict_each_other_are_found():
    other_area = SI4.replace("0319", "031a", 1)
    other_access = SI2[:-6] + "b90400"
    assert "gsm_si_inconsistent" in gsm_names((cell(system_information=messages(si4=other_area)),), 0)
    assert "gsm_si_inconsistent" in gsm_names((cell(system_information=messages(si2=other_access)),), 0)


def test_messages_of_a_real_cell_agree_and_the_acs_bit_of_si4_may_differ():
    assert "gsm_si_inconsistent" not in gsm_names((cell(system_information=messages()),), 0)
    acs = SI4[:18] + "84" + SI4[20:]
    assert acs != SI4
    assert "gsm_si_inconsistent" not in gsm_names((cell(system_information=messages(si4=acs)),), 0)


def test_a_cell_in_the_middle_of_an_update_is_innocent():
    other_area = SI4.replace("0319", "031a", 1)
    once = messages(times=1, si4=other_area)
    assert "gsm_si_inconsistent" not in gsm_names((cell(system_information=once),), 0)


def test_reselection_in_the_rest_octets_must_agree_too_and_nonsense_there_is_no_accusation():
    attracts = SI4[:26] + "a01f4b2b2b2b2b2b2b2b"  # an offset of 32 steps that SI 3 does not have
    found = gsm_names((cell(system_information=messages(si4=attracts)),), 0)
    assert found["gsm_si_inconsistent"] == 15.0
    beyond = SI4[:26] + "001f4b2b2b2b2b2b2b2b"  # its elements reach beyond the block
    assert "gsm_si_inconsistent" not in gsm_names((cell(system_information=messages(si4=beyond)),), 0)


def test_a_message_that_never_comes_at_its_place_is_odd_and_one_that_fills_a_free_place_is_not():
    def heard(kind: str, places: tuple[int, ...], times: int = 6) -> tuple[SystemInformation, ...]:
        others = tuple(si for si in messages(times=20) if si.kind != kind)
        text = {"1": SI1, "2": SI2, "3": SI3, "4": SI4}[kind]
        return (*others, SystemInformation(kind=kind, hex=text, times=times, tc_seen=places))

    kept = {"gprs_announced": False, "si2quater_announced": False}
    for kind, places, guilty in (("2", (3,), True), ("3", (1, 7), True), ("2", (1,), False), ("2", (4,), False)):
        found = gsm_names((cell(system_information=heard(kind, places), **kept),), 0)
        assert ("gsm_si_schedule" in found) == guilty, (kind, places)
    once = heard("2", (3,), times=1)
    assert "gsm_si_schedule" not in gsm_names((cell(system_information=once, **kept),), 0)


def test_an_announced_message_that_never_comes_is_missed():
    heard = messages(times=20)
    assert "gsm_si_schedule" in gsm_names((cell(system_information=heard, gprs_announced=True),), 0)


def test_a_short_look_or_an_unannounced_message_is_innocent():
    assert "gsm_si_schedule" not in gsm_names((cell(system_information=messages(times=2)),), 0)
    silent = {"gprs_announced": False, "si2quater_announced": False, "si2ter_announced": False}
    assert "gsm_si_schedule" not in gsm_names((cell(system_information=messages(times=20), **silent),), 0)
