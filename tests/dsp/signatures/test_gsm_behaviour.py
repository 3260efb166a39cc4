import msgspec

from dsp.gsm.values import GsmCell
from dsp.signatures.history import SiteHistory
from dsp.signatures.licences import Licences
from dsp.signatures.registry import judge_gsm
from tests.dsp.signatures.made import LAW, MINUTE, SECOND, cell, clocked, network, paged, railway


def after(looks: list[tuple[GsmCell, ...]], *, every_ns: int = 10 * SECOND) -> dict[str, float]:
    """Findings about the last cell of the last look, the earlier looks remembered."""
    history, found = SiteHistory(), ()
    for number, cells in enumerate(looks):
        found = judge_gsm(cells, history, Licences(), now_ns=number * every_ns, **LAW)
        history = history.with_look(cells, now_ns=number * every_ns, findings=found)
    return {f.name: f.weight_db for f in found if f.about == len(looks[-1]) - 1}


def test_one_transmitter_with_another_location_area_has_hopped():
    looks = [(*network(), cell(75, lac=lac)) for lac in (40001, 40001, 40002)]
    assert after(looks)["gsm_lac_hop"] == 15.0
    assert after([*looks, (*network(), cell(75, lac=40003))])["gsm_lac_hop"] == 20.0


def test_a_hop_with_a_new_cell_identity_is_recognised_by_the_frame_clock():
    looks = [
        (clocked(cell(75, lac=lac, ci=ci), number * 10 * SECOND, phase_ns=4e9),)
        for number, (lac, ci) in enumerate(((40001, 10), (40002, 11)))
    ]
    assert "gsm_lac_hop" in after(looks)


def test_another_cell_on_the_same_channel_and_colour_met_by_a_moving_sensor_has_not_hopped():
    looks = [
        (clocked(cell(75, lac=lac, ci=ci), number * 10 * SECOND, phase_ns=phase),)
        for number, (lac, ci, phase) in enumerate(((21014, 8075, 4e9), (21020, 9001, 7e9)))
    ]
    assert "gsm_lac_hop" not in after(looks)


def test_an_operator_that_moves_many_cells_at_once_is_innocent():
    assert "gsm_lac_hop" not in after([network(), network(), network(lac=21099)])


def test_a_lure_tuned_on_the_air_is_a_change_and_a_network_wide_one_is_not():
    looks = [(*network(), cell(75, cell_reselect_offset_db=cro)) for cro in (4, 4, 60)]
    assert after(looks)["gsm_broadcast_change"] == 10.0
    assert "gsm_broadcast_change" not in after([network(), network(t3212=40)])
    assert "gsm_broadcast_change" not in after([(*network(), cell(75))] * 3)


def test_silence_where_the_neighbours_page_is_found_within_a_minute():
    look = (*(paged(c, blocks=40, tmsi=20) for c in network()), paged(cell(75), blocks=40, tmsi=0))
    assert "gsm_paging_silence" not in after([look])
    assert after([look] * 3)["gsm_paging_silence"] == 20.0  # 42 were due: 6e-19
    few = (*(paged(c, blocks=60, tmsi=6) for c in network()), paged(cell(75, lac=40001), blocks=60, tmsi=0))
    assert "gsm_paging_silence" not in after([few] * 2)  # 6 were due
    assert after([few] * 5)["gsm_paging_silence"] == 17.0  # 15 were due: 3e-7


def test_a_network_of_one_cell_is_held_against_the_others_with_less_weight():
    look = (*(paged(c, blocks=60, tmsi=40) for c in network()), paged(cell(75, mcc="001", mnc="01"), blocks=60, tmsi=0))
    assert after([look] * 5)["gsm_paging_silence"] == 10.0
    alone = (paged(cell(20), blocks=60, tmsi=40), paged(cell(75, mcc="001", mnc="01"), blocks=60, tmsi=0))
    assert "gsm_paging_silence" not in after([alone] * 5)
    railway_cell = paged(railway(), blocks=60, tmsi=0)
    assert "gsm_paging_silence" not in after([(*(paged(c, blocks=60, tmsi=40) for c in network()), railway_cell)] * 5)


def test_a_few_made_up_calls_do_not_make_a_cell_a_busy_one():
    look = (*(paged(c, blocks=40, tmsi=20) for c in network()), paged(cell(75), blocks=40, tmsi=2))
    assert "gsm_paging_silence" in after([look] * 4)
    half = (*(paged(c, blocks=40, tmsi=20) for c in network()), paged(cell(75), blocks=40, tmsi=10))
    assert "gsm_paging_silence" not in after([half] * 8)


def test_a_quiet_network_and_one_whose_neighbours_were_not_read_are_innocent():
    night = (*(paged(c, blocks=40, tmsi=0) for c in network()), paged(cell(75), blocks=40, tmsi=0))
    assert "gsm_paging_silence" not in after([night] * 6)
    alone = (*network(), paged(cell(75), blocks=400, tmsi=0))
    assert "gsm_paging_silence" not in after([alone] * 6)


def test_a_cell_with_a_third_of_its_neighbours_paging_is_innocent():
    look = (*(paged(c, blocks=40, tmsi=18) for c in network()), paged(cell(75), blocks=40, tmsi=6))
    found = after([look] * 5)
    assert "gsm_paging_silence" not in found
    assert found["gsm_paging_normal"] == -10.0


def test_silence_that_ended_is_forgotten_after_twenty_minutes():
    silent = (*(paged(c, blocks=40, tmsi=20) for c in network()), paged(cell(75), blocks=40, tmsi=0))
    speaking = (*(paged(c, blocks=40, tmsi=20) for c in network()), paged(cell(75), blocks=40, tmsi=15))
    assert "gsm_paging_silence" not in after([silent] * 3 + [speaking])
    assert "gsm_paging_silence" in after([speaking] * 2 + [silent] * 30, every_ns=MINUTE)


def test_assignments_that_are_all_location_updates_without_paging_are_a_catch():
    catching = (paged(cell(75), blocks=100, tmsi=0, assignments=12, assignments_location_update=12),)
    assert after([catching] * 2)["gsm_location_updates"] == 15.0


def test_a_busy_border_of_location_areas_pages_and_is_innocent():
    border = (paged(cell(75), blocks=100, tmsi=30, assignments=12, assignments_location_update=12),)
    assert "gsm_location_updates" not in after([border] * 2)
    mixed = (paged(cell(75), blocks=100, tmsi=0, assignments=12, assignments_location_update=6),)
    assert "gsm_location_updates" not in after([mixed] * 2)


def test_a_known_cell_far_louder_than_for_days_has_jumped():
    usual = [(cell(20, level_dbm=-90.0 + number % 3),) for number in range(60)]
    loud = (cell(20, level_dbm=-60.0),)
    assert after([*usual, loud], every_ns=60 * MINUTE)["gsm_power_jump"] == 20.0
    louder = (cell(20, level_dbm=-75.0),)
    assert after([*usual, louder], every_ns=60 * MINUTE)["gsm_power_jump"] == 8.0
    assert "gsm_power_jump" not in after([*usual, (cell(20, level_dbm=-84.0),)], every_ns=60 * MINUTE)
    both = [(cell(30, bsic=22, level_dbm=-85.0 + number % 3), *look) for number, look in enumerate(usual)]
    alone = (cell(30, bsic=22, level_dbm=-84.0), *loud)
    assert after([*both, alone], every_ns=60 * MINUTE)["gsm_power_jump"] == 20.0
    amplifier = (cell(30, bsic=22, level_dbm=-55.0), *loud)  # all are louder: it is the sensor
    assert "gsm_power_jump" not in after([*both, amplifier], every_ns=60 * MINUTE)
    assert "gsm_power_jump" not in after([*usual, loud], every_ns=MINUTE)  # an hour is no baseline
    renamed = (cell(20, level_dbm=-60.0, ci=4711),)  # another cell took over channel and colour
    assert "gsm_power_jump" not in after([*usual, renamed], every_ns=60 * MINUTE)


def test_what_is_doubted_is_no_reference_for_others():
    suspects = tuple(
        cell(
            70 + i,
            bsic=i,
            lac=40000 + i,
            neighbour_arfcns=(),
            ncc_permitted=0xFF,
            t3212=1,
            cell_reselect_offset_db=100,
            rxlev_access_min=0,
        )
        for i in range(4)
    )
    cells = (*network(), *suspects)
    findings = judge_gsm(cells, SiteHistory(), Licences(), now_ns=0, **LAW)
    history = SiteHistory().with_look(cells, now_ns=0, findings=findings)
    assert sorted(r.arfcn for r in history.cells.values() if r.doubted) == [70, 71, 72, 73]


def test_the_history_stays_bounded_however_much_is_heard_and_keeps_the_latest(monkeypatch):
    monkeypatch.setattr("dsp.signatures.history.MOST_CELLS", 100)
    history = SiteHistory()
    for number in range(400):
        history = history.with_look((cell(number % 124 + 1, bsic=number % 64),), now_ns=number)
    assert [r.last_ns for r in history.cells.values()] == list(range(300, 400))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(history), type=SiteHistory) == history


def swept_in_turn(changed: tuple[int, ...], *, lac: int = 21099) -> list[dict[str, float]]:
    """Nine cells of a network, three to a window, re-parented between two sweeps where their index is in `changed`."""
    cells = [cell(10 * (i + 1), bsic=16 + i) for i in range(9)]
    history, sums = SiteHistory(), []
    for sweep in range(3):
        for window in range(3):
            now_ns = (sweep * 45 + window * 10) * SECOND
            look = tuple(
                msgspec.structs.replace(cells[i], lac=lac) if sweep and i in changed else cells[i]
                for i in range(3 * window, 3 * window + 3)
            )
            found = judge_gsm(look, history, Licences(), now_ns=now_ns, **LAW)
            history = history.with_look(look, now_ns=now_ns, findings=found)
            sums.append({f"{f.name} {f.about}": f.weight_db for f in found})
    return sums


def test_cells_that_are_re_parented_together_are_innocent_from_the_first_one_a_sweep_meets():
    assert not [name for look in swept_in_turn(tuple(range(9))) for name in look if name.startswith("gsm_lac_hop")]


def test_one_cell_that_hops_among_eight_that_stay_is_found_in_the_look_it_does():
    looks = swept_in_turn((4,))
    assert [number for number, look in enumerate(looks) if "gsm_lac_hop 1" in look] == [4, 7]
