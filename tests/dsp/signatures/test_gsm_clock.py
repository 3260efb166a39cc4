from dsp.gsm.values import GsmCell
from dsp.signatures.frame_clock import HYPERFRAME_NS, frame_phase_ns, wrapped_ns
from tests.dsp.signatures.made import SECOND, cell, clocked, gsm_names, network
from tests.dsp.signatures.test_gsm_behaviour import after


def offset(ppm: float, *, sigma: float = 0.02, references: int = 5) -> GsmCell:
    return cell(75, relative_offset_ppm=ppm, relative_offset_sigma_ppm=sigma, relative_references=references)


def test_a_free_running_carrier_stands_out_among_locked_ones():
    assert gsm_names((offset(0.9),), 0)["gsm_carrier_offset"] == 17.0
    assert gsm_names((offset(-0.3),), 0)["gsm_carrier_offset"] == 7.0


def test_doppler_pico_cells_and_poor_measurements_are_innocent():
    assert "gsm_carrier_offset" not in gsm_names((offset(0.1),), 0)
    assert "gsm_carrier_offset" not in gsm_names((offset(0.3, sigma=0.05),), 0)
    assert "gsm_carrier_offset" not in gsm_names((offset(0.9, sigma=0.3),), 0)
    assert "gsm_carrier_offset" not in gsm_names((offset(0.9, references=1),), 0)


def test_two_references_weigh_half_of_four():
    assert gsm_names((offset(0.9, references=2),), 0)["gsm_carrier_offset"] == 8.5


def test_a_carrier_as_true_as_the_networks_is_spoken_for():
    assert gsm_names((offset(0.02, sigma=0.01),), 0)["gsm_carrier_true"] == -5.0
    assert "gsm_carrier_true" not in gsm_names((offset(0.02, sigma=0.05),), 0)


def seen(phases: tuple[float, ...], time_ns: int) -> tuple[GsmCell, ...]:
    cells = (*network(len(phases) - 1), cell(75))
    return tuple(clocked(c, time_ns, phase_ns=phase) for c, phase in zip(cells, phases, strict=True))


def test_a_second_clock_under_a_known_name_is_found_at_once():
    looks = [seen((1e9, 2e9, 3e9), 0), seen((1e9, 2e9, 3.2e9), 10 * SECOND)]
    assert after(looks)["gsm_frame_clock"] == 20.0


def test_a_restart_after_a_pause_weighs_little():
    looks = [seen((1e9, 2e9, 3e9), 0), seen((1e9, 2e9, 3.2e9), 100 * SECOND)]
    assert after(looks, every_ns=100 * SECOND)["gsm_frame_clock"] == 5.0


def test_a_step_of_the_sensors_own_clock_moves_all_cells_and_accuses_none():
    looks = [seen((1e9, 2e9, 3e9), 0), seen((1.7e9, 2.7e9, 3.7e9), 10 * SECOND)]
    assert "gsm_frame_clock" not in after(looks)
    assert "gsm_frame_clock" not in after([seen((1e9, 2e9, 3e9), 0), seen((1e9, 2e9, 3e9), 10 * SECOND)])


def test_the_frame_phase_is_the_same_at_any_time_and_wraps_with_the_hyperframe():
    early, late = clocked(cell(), 0, phase_ns=5e9), clocked(cell(), 20_000 * SECOND, phase_ns=5e9)
    difference = wrapped_ns((frame_phase_ns(early) or 0.0) - (frame_phase_ns(late) or 0.0))
    assert abs(difference) < 10.0  # rounding to nanoseconds
    assert wrapped_ns(HYPERFRAME_NS - 5.0) == -5.0
    assert frame_phase_ns(cell()) is None
