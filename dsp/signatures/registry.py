"""Every signature of what one sensor heard, in the order an analyst reads them; and the two calls that run them."""

from collections.abc import Callable, Sequence

import msgspec

from dsp.fm.values import FmStation
from dsp.gsm.values import GsmCell
from dsp.signatures import (
    fm_another_carrier,
    fm_aviation,
    fm_contact_number,
    fm_dead_air,
    fm_default_pi,
    fm_disturbed,
    fm_frequency_error,
    fm_from_afar,
    fm_ghost,
    fm_in_aviation_band,
    fm_licence_lapsed,
    fm_louder,
    fm_may_be_afar,
    fm_moved,
    fm_other_modulation,
    fm_over_deviation,
    fm_pi_alternates,
    fm_pi_mismatch,
    fm_same_transmitter,
    fm_schedule,
    fm_signal_missing,
    fm_unlicensed,
    gsm_access_level,
    gsm_band_plan,
    gsm_bare_core,
    gsm_broadcast_change,
    gsm_c2_attraction,
    gsm_carrier_drift,
    gsm_carrier_offset,
    gsm_carrier_true,
    gsm_cell_barred,
    gsm_clock_continuous,
    gsm_clone_here,
    gsm_copied_broadcast,
    gsm_emergency_barred,
    gsm_few_neighbours,
    gsm_foreign_network,
    gsm_frame_clock,
    gsm_hysteresis,
    gsm_impure_neighbours,
    gsm_imsi_paging,
    gsm_jam_then_gsm,
    gsm_known_cell,
    gsm_lac_hop,
    gsm_listed_elsewhere,
    gsm_location_updates,
    gsm_lonely_lac,
    gsm_ncc_permitted,
    gsm_neighbours_unheard,
    gsm_new_here,
    gsm_no_gprs,
    gsm_no_incoming_edge,
    gsm_noise_rise,
    gsm_non_hopping,
    gsm_own_list,
    gsm_paging_hour,
    gsm_paging_normal,
    gsm_paging_silence,
    gsm_power_jump,
    gsm_power_limit,
    gsm_reserved_identity,
    gsm_seen_unchanged,
    gsm_short_life,
    gsm_si_inconsistent,
    gsm_si_schedule,
    gsm_software_bts,
    gsm_t3212,
    gsm_too_loud,
    gsm_unknown_cell,
)
from dsp.signatures.band_plan import BandPlan
from dsp.signatures.finding import Finding
from dsp.signatures.history import SiteHistory
from dsp.signatures.licences import Licences
from dsp.signatures.noise_memory import Noise
from dsp.signatures.scene import FmScene, GsmScene
from dsp.signatures.trust import without_misplaced_trust
from dsp.signatures.weights import Weights

GSM: tuple[Callable[[GsmCell, GsmScene], Finding | None], ...] = (
    gsm_foreign_network.judge,
    gsm_reserved_identity.judge,
    gsm_band_plan.judge,
    gsm_unknown_cell.judge,
    gsm_new_here.judge,
    gsm_short_life.judge,
    gsm_listed_elsewhere.judge,
    gsm_known_cell.judge,
    gsm_seen_unchanged.judge,
    gsm_c2_attraction.judge,
    gsm_t3212.judge,
    gsm_access_level.judge,
    gsm_hysteresis.judge,
    gsm_power_limit.judge,
    gsm_software_bts.judge,
    gsm_ncc_permitted.judge,
    gsm_emergency_barred.judge,
    gsm_bare_core.judge,
    gsm_cell_barred.judge,
    gsm_no_gprs.judge,
    gsm_copied_broadcast.judge,
    gsm_si_inconsistent.judge,
    gsm_own_list.judge,
    gsm_si_schedule.judge,
    gsm_few_neighbours.judge,
    gsm_neighbours_unheard.judge,
    gsm_impure_neighbours.judge,
    gsm_no_incoming_edge.judge,
    gsm_lonely_lac.judge,
    gsm_lac_hop.judge,
    gsm_broadcast_change.judge,
    gsm_paging_silence.judge,
    gsm_paging_normal.judge,
    gsm_paging_hour.judge,
    gsm_location_updates.judge,
    gsm_imsi_paging.judge,
    gsm_jam_then_gsm.judge,
    gsm_non_hopping.judge,
    gsm_carrier_offset.judge,
    gsm_carrier_true.judge,
    gsm_carrier_drift.judge,
    gsm_clone_here.judge,
    gsm_frame_clock.judge,
    gsm_clock_continuous.judge,
    gsm_too_loud.judge,
    gsm_power_jump.judge,
)
GSM_LOOKS: tuple[Callable[[Noise | None, GsmScene], Finding | None], ...] = (gsm_noise_rise.judge_look,)  # of no cell
FM: tuple[Callable[[FmStation, FmScene], Finding | None], ...] = (
    fm_unlicensed.judge,
    fm_licence_lapsed.judge,
    fm_ghost.judge,
    fm_moved.judge,
    fm_pi_mismatch.judge,
    fm_default_pi.judge,
    fm_pi_alternates.judge,
    fm_signal_missing.judge,
    fm_another_carrier.judge,
    fm_louder.judge,
    fm_other_modulation.judge,
    fm_disturbed.judge,
    fm_same_transmitter.judge,
    fm_from_afar.judge,
    fm_may_be_afar.judge,
    fm_contact_number.judge,
    fm_schedule.judge,
    fm_frequency_error.judge,
    fm_over_deviation.judge,
    fm_dead_air.judge,
    fm_in_aviation_band.judge,
    fm_aviation.judge,
)


def judge_gsm(
    cells: Sequence[GsmCell],
    history: SiteHistory,
    licences: Licences,
    *,
    now_ns: int,
    weights: Weights,
    plan: BandPlan | None,
    noise: Noise | None = None,
) -> tuple[Finding, ...]:
    """What is remarkable about the cells of one look, and its noise. `about` is the index into `cells`; None: the look.

    `history` is that of before the look; give the findings to its `with_look` so that suspects are no baseline.
    `now_ns` only has to rise: a sensor without a clock may count from its start.
    """
    after = history.with_look(cells, now_ns=now_ns, noise=noise)
    scene = GsmScene(tuple(cells), history, after, licences, plan, weights, now_ns)
    found = ((index, judge(cell, scene)) for index, cell in enumerate(scene.cells) for judge in GSM)
    about_cells = tuple(msgspec.structs.replace(f, about=index) for index, f in found if f is not None)
    about_look = tuple(said for judge in GSM_LOOKS if (said := judge(noise, scene)) is not None)
    return (*without_misplaced_trust(about_cells), *about_look)


def judge_fm(
    stations: Sequence[FmStation], history: SiteHistory, licences: Licences, *, now_ns: int
) -> tuple[Finding, ...]:
    """The same for the stations of one look."""
    after = history.with_look(stations, now_ns=now_ns)
    scene = FmScene(tuple(stations), history, after, licences, now_ns)
    found = ((index, judge(station, scene)) for index, station in enumerate(scene.stations) for judge in FM)
    return tuple(msgspec.structs.replace(f, about=index) for index, f in found if f is not None)
