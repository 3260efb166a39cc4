"""Rest octets (3GPP TS 44.018 §10.5.2.32 to §10.5.2.37b): L and H are relative to the padding, fields are plain."""

from recordings.gsm.field import Field, steps
from recordings.gsm.spec import Gprs, GsmBroadcast, Si2quater
from recordings.transmitter import FieldOutOfRange

TEMPORARY_INFINITE = 7


def si1(cell: GsmBroadcast) -> bytes:
    field = _optional(Field(), cell.nch_position is not None)
    if cell.nch_position is not None:
        field.plain("nch_position", cell.nch_position, 5)
    return field.either(cell.band_indicator == "1900").octets(1, "SI1 rest octets")


def si3(cell: GsmBroadcast) -> bytes:
    field = _selection(Field(), cell)
    field.either(cell.neighbour_arfcns_2ter is not None).either(cell.early_classmark)
    field.low()  # scheduling: where the System Information comes is as the standard says
    _gprs_indicator(field, cell).either(cell.early_classmark_3g)
    _optional(field, cell.si2quater is not None)
    if cell.si2quater is not None:
        field.plain("extended_bcch", cell.si2quater.extended_bcch, 1)
    return field.octets(4, "SI3 rest octets")


def si4(cell: GsmBroadcast, octets: int) -> bytes:
    return _gprs_indicator(_selection(Field(), cell), cell).octets(octets, "SI4 rest octets")


def si13(gprs: Gprs) -> bytes:
    field = Field().high().plain("bcch_change_mark", gprs.bcch_change_mark, 3)
    field.plain("si_change_field", gprs.si_change_field, 4).plain("mobile allocation", 0, 1).plain("PBCCH", 0, 1)
    field.plain("rac", gprs.rac, 8).plain("spgc_ccch_sup", gprs.spgc_ccch_sup, 1)
    field.plain("priority_access_thr", gprs.priority_access_thr, 3)
    field.plain("network_control_order", gprs.network_control_order, 2)
    _power_control(_gprs_options(field, gprs), gprs)
    field.high().plain("sgsnr", gprs.sgsnr, 1)
    _optional(field, gprs.si_status_ind is not None)
    if gprs.si_status_ind is not None:
        field.plain("si_status_ind", gprs.si_status_ind, 1)
    return field.octets(20, "SI13 rest octets")


def si2quater(cell: GsmBroadcast, quater: Si2quater) -> bytes:
    field = Field().plain("ba_ind", cell.ba_ind, 1).plain("3G_BA_IND", 0, 1)
    field.plain("mp_change_mark", quater.mp_change_mark, 1).plain("index and count", 0, 8)
    field.plain("measurement, real time difference, BSIC, priority, GPRS, NC parameters", 0, 6)
    _extension(field, "extension", quater.extension, 8)
    _utran(field, quater.fdd_arfcns)
    field.plain("3G and GPRS 3G measurement parameters", 0, 2)
    return field.octets(20, "SI2quater rest octets")


def _selection(field: Field, cell: GsmBroadcast) -> Field:
    """Optional selection parameters (C2) and power offset."""
    _optional(field, cell.cell_reselect_offset_db is not None)
    if cell.cell_reselect_offset_db is not None:
        field.plain("cbq", cell.cbq, 1)
        field.plain("cell_reselect_offset_db", steps("cell_reselect_offset_db", cell.cell_reselect_offset_db, 2), 6)
        field.plain("temporary_offset_db", _temporary(cell), 3).plain("penalty_time", cell.penalty_time, 5)
    _optional(field, cell.power_offset_db is not None)
    if cell.power_offset_db is not None:
        field.plain("power_offset_db", steps("power_offset_db", cell.power_offset_db, 2), 2)
    return field


def _temporary(cell: GsmBroadcast) -> int:
    if cell.temporary_offset_infinite:
        return TEMPORARY_INFINITE
    code = steps("temporary_offset_db", cell.temporary_offset_db, 10)
    if code == TEMPORARY_INFINITE:
        raise FieldOutOfRange(
            field="temporary_offset_db", value=cell.temporary_offset_db, allowed="0, 10, 20, 30, 40, 50, 60"
        )
    return code


def _gprs_indicator(field: Field, cell: GsmBroadcast) -> Field:
    _optional(field, cell.gprs is not None)
    if cell.gprs is not None:
        field.plain("ra_colour", cell.gprs.ra_colour, 3).plain("SI13 position", 0, 1)
    return field


def _gprs_options(field: Field, gprs: Gprs) -> Field:
    """GPRS cell options, 3GPP TS 44.060 §12.24."""
    field.plain("nmo", gprs.nmo, 2).plain("t3168", gprs.t3168, 3).plain("t3192", gprs.t3192, 3)
    field.plain("drx_timer_max", gprs.drx_timer_max, 3).plain("access_burst_type", gprs.access_burst_type, 1)
    field.plain("control_ack_type", gprs.control_ack_type, 1).plain("bs_cv_max", gprs.bs_cv_max, 4)
    field.plain("pan", gprs.pan is not None, 1)
    for value in gprs.pan or ():
        field.plain("pan", value, 3)
    _extension(field, "options_extension", gprs.options_extension, 6)
    return field


def _power_control(field: Field, gprs: Gprs) -> Field:
    """GPRS power control parameters, 3GPP TS 44.060 §12.13."""
    field.plain("alpha", gprs.alpha, 4).plain("t_avg_w", gprs.t_avg_w, 5).plain("t_avg_t", gprs.t_avg_t, 5)
    return field.plain("pc_meas_chan", gprs.pc_meas_chan, 1).plain("n_avg_i", gprs.n_avg_i, 4)


def _utran(field: Field, fdd_arfcns: tuple[int, ...]) -> Field:
    """3G neighbour cells: FDD carriers with no scrambling code named."""
    if not fdd_arfcns:
        return field.plain("3G neighbours", 0, 1)
    field.plain("3G neighbours", 1, 1).plain("start indices", 0, 2).plain("FDD", 1, 1).plain("bandwidth", 0, 1)
    for uarfcn in fdd_arfcns:
        field.plain("repeated", 1, 1).plain("spare", 0, 1).plain("fdd_arfcns", uarfcn, 14)
        field.plain("FDD indication 0", 0, 1).plain("cells", 0, 5)
    return field.plain("repeated", 0, 1).plain("TDD", 0, 1)


def _extension(field: Field, name: str, text: str | None, width: int) -> Field:
    """A presence bit, the length less one, the bits themselves."""
    field.plain(name, bool(text), 1)
    return field.plain(name, len(text) - 1, width).raw(name, text) if text else field


def _optional(field: Field, is_there: bool) -> Field:
    return field.either(is_there)
