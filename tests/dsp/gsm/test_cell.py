"""CellMemory: what is put together, what is forgotten, what is never lent to another transmitter."""

from dataclasses import replace

from dsp.gsm.cell import MOST_CELLS, CellMemory
from dsp.gsm.frame import Channel
from dsp.gsm.look import Block, GsmLook, Reception
from dsp.gsm.subscribers import SubscriberCounts
from recordings.gsm.spec import GsmBroadcast
from recordings.gsm.system_information import system_information

RATE = 1e6
SAMPLES_PER_FRAME = 1250 * RATE * 6 / 1_625_000
CELL = GsmBroadcast(arfcn=25, plmn="460-00", lac=9, ci=77, neighbour_arfcns=(30, 40), neighbour_list_format="bitmap0")

COPIED = (
    *("lac", "ci", "t3212", "radio_link_timeout", "mscr", "att", "bs_ag_blks_res", "bs_pa_mfrms", "ccch_conf"),
    *("cbq", "cell_reselect_offset_db", "temporary_offset_infinite", "penalty_time", "power_offset_db", "pwrc", "dtx"),
    *("neci", "acs", "cell_reselect_hysteresis_db", "ms_txpwr_max_cch", "rxlev_access_min", "early_classmark"),
    *("cell_barred", "access_classes_barred", "tx_integer", "max_retrans", "reestablishment_allowed", "ncc_permitted"),
)


def _block(cell: GsmBroadcast, kind: str, frame_number: int) -> Block:
    octets = system_information(cell, kind)
    return Block(frame_number, Channel.BCCH, "si" + kind, octets, "0000", 10.0)


def _look(*blocks: Block, at_frame: int = 0, late_frames: float = 0.0, freq_hz: float = 940e6) -> GsmLook:
    reception = Reception(
        bsic=5,
        measured_hz=freq_hz,
        arfcn=25,
        freq_hz=freq_hz,
        carrier_offset_hz=0.0,
        carrier_offset_sigma_hz=1.0,
        level_dbfs=-40.0,
        cnr_db=20.0,
        frame_number=at_frame,
        frame_sample=(at_frame + late_frames) * SAMPLES_PER_FRAME,
        frame_sample_sigma=0.01,
        clock_ppm=0.0,
        samples_per_frame=SAMPLES_PER_FRAME,
        seconds=1.0,
        syncs=(),
        blocks=blocks,
        failed=(),
    )
    return GsmLook(receptions=(reception,), noise_dbfs_200k=-60.0, seconds=1.0, rate_hz=RATE)


def test_two_looks_with_half_the_messages_each_give_the_whole_cell() -> None:
    memory = CellMemory()
    (first,) = memory.describe(_look(_block(CELL, "3", 2 * 51 + 2)))
    (second,) = memory.describe(_look(_block(CELL, "2", 51 + 2), at_frame=400))
    assert (first.ci, first.neighbour_arfcns) == (77, None)
    assert (second.ci, second.neighbour_arfcns) == (77, (30, 40))
    assert {si.kind for si in second.system_information} == {"2", "3"}


def test_the_place_of_each_message_in_the_cycle_is_remembered() -> None:
    memory = CellMemory()
    memory.describe(_look(_block(CELL, "3", 2 * 51 + 2)))
    (cell,) = memory.describe(_look(_block(CELL, "3", 6 * 51 + 2), at_frame=400))
    (si3,) = cell.system_information
    assert (si3.times, si3.tc_seen) == (2, (2, 6))


def test_a_cell_that_hops_to_another_area_is_forgotten_first() -> None:
    memory = CellMemory()
    memory.describe(_look(_block(CELL, "3", 104), _block(CELL, "2", 53)))
    hopped = GsmBroadcast(arfcn=25, plmn="460-00", lac=10, ci=77)
    (cell,) = memory.describe(_look(_block(hopped, "3", 512), at_frame=500))
    assert (cell.lac, cell.neighbour_arfcns) == (10, None)


def test_another_transmitter_on_the_carrier_does_not_inherit_an_identity() -> None:
    memory = CellMemory()
    memory.describe(_look(_block(CELL, "3", 104)))
    (stranger,) = memory.describe(_look(_block(CELL, "2", 53), at_frame=400, late_frames=0.3))
    assert stranger.ci is None and stranger.neighbour_arfcns == (30, 40)


def test_two_transmitters_with_one_carrier_and_bsic_are_kept_apart() -> None:
    memory = CellMemory()
    clone = GsmBroadcast(arfcn=25, plmn="460-00", lac=10, ci=78)
    one, other = _look(_block(CELL, "3", 104)), _look(_block(clone, "3", 104), late_frames=0.3)
    both = replace(one, receptions=one.receptions + other.receptions)
    assert [cell.ci for cell in memory.describe(both)] == [77, 78]
    later_one, later_other = _look(at_frame=400), _look(at_frame=400, late_frames=0.3)
    later = replace(one, receptions=later_other.receptions + later_one.receptions)
    assert [cell.ci for cell in memory.describe(later)] == [78, 77]


def test_an_empty_list_is_only_called_empty_when_nothing_is_left_to_hear() -> None:
    lonely = GsmBroadcast(arfcn=25, plmn="460-00")
    (cell,) = CellMemory().describe(_look(_block(lonely, "2", 53)))
    assert cell.neighbour_arfcns == ()
    more = GsmBroadcast(arfcn=25, plmn="460-00", neighbour_arfcns_2ter=(600,))
    (cell,) = CellMemory().describe(_look(_block(more, "2", 53), _block(more, "3", 104)))
    assert cell.neighbour_arfcns is None
    (cell,) = CellMemory().describe(_look(*(_block(more, kind, 53) for kind in ("2", "2ter", "3"))))
    assert cell.neighbour_arfcns == (600,)


def test_every_field_of_the_made_cell_is_read() -> None:
    made = GsmBroadcast(
        arfcn=25,
        plmn="310-260",
        lac=0x1234,
        ci=0xFEDC,
        cbq=True,
        cell_reselect_offset_db=126,
        temporary_offset_infinite=True,
        penalty_time=31,
        power_offset_db=4,
        neci=True,
        cell_barred=True,
        access_classes_barred=0x0401,
        tx_integer=50,
        max_retrans=7,
        t3212=255,
        radio_link_timeout=15,
        combined=True,
    )
    (cell,) = CellMemory().describe(_look(*(_block(made, kind, 53) for kind in ("1", "2", "3", "4"))))
    for name in COPIED:
        assert getattr(cell, name) == getattr(made, name), name
    assert (cell.mcc, cell.mnc, cell.temporary_offset_db, cell.rest_octets_read) == ("310", "260", None, True)
    assert (cell.gprs_announced, cell.si2ter_announced, cell.cell_arfcns) == (True, False, (25,))


def test_location_updates_are_counted_by_what_neci_makes_of_the_reference() -> None:
    counts = SubscriberCounts(assignments=5, reference_0000=2, reference_0001=1)
    for neci, expected in ((False, 3), (True, 2)):
        cell = GsmBroadcast(arfcn=25, plmn="460-00", neci=neci)
        assignments = Block(108, Channel.CCCH, "assignment", None, "0000", 10.0, counts)
        look = _look(_block(cell, "3", 104), assignments)
        (described,) = CellMemory().describe(look)
        assert described.paging is not None and described.paging.assignments_location_update == expected


def test_memory_is_bounded() -> None:
    memory = CellMemory()
    for k in range(MOST_CELLS + 50):
        memory.describe(_look(_block(CELL, "3", 104), freq_hz=800e6 + 200e3 * k))
    assert len(memory._cells) == MOST_CELLS
