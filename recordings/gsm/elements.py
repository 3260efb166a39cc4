"""Information elements that several messages share, each as its octets (3GPP TS 44.018 §10.5.2, 24.008 §10.5.1)."""

from recordings.gsm.field import Field, coded, steps
from recordings.gsm.frequency_list import frequency_list
from recordings.gsm.spec import GsmBroadcast
from recordings.transmitter import FieldOutOfRange

MAX_RETRANS = (1, 2, 4, 7)
TX_INTEGER = (3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 20, 25, 32, 50)


def location_area(cell: GsmBroadcast) -> bytes:
    """24.008 §10.5.1.3: digits of the PLMN swapped in their octets, F where the MNC has two, then the LAC."""
    mcc, _, mnc = cell.plmn.partition("-")
    if not (mcc + mnc).isdecimal() or len(mcc) != 3 or len(mnc) not in (2, 3):
        raise FieldOutOfRange(field="plmn", value=cell.plmn, allowed="MCC-MNC: 460-00, 310-260")
    third = int(mnc[2]) if len(mnc) == 3 else 0xF
    digits = Field()
    for digit in (int(mcc[1]), int(mcc[0]), third, int(mcc[2]), int(mnc[1]), int(mnc[0])):
        digits.plain("plmn", digit, 4)
    return digits.plain("lac", cell.lac, 16).octets(5, "location area")


def cell_identity(cell: GsmBroadcast) -> bytes:
    return Field().plain("ci", cell.ci, 16).octets(2, "cell identity")


def control_channel(cell: GsmBroadcast) -> bytes:
    """§10.5.2.11  MTAAACCC .QQ..PPP UUUUUUUU: MSCR, ATT, AG blocks, CCCH_CONF, CBQ3, PA multiframes, T3212."""
    field = Field().plain("mscr", cell.mscr, 1).plain("att", cell.att, 1)
    field.plain("bs_ag_blks_res", cell.bs_ag_blks_res, 3).plain("ccch_conf", cell.ccch_conf, 3)
    field.plain("spare", 0, 1).plain("cbq3", cell.cbq3, 2).plain("spare", 0, 2)
    field.plain("bs_pa_mfrms", coded("bs_pa_mfrms", cell.bs_pa_mfrms, tuple(range(2, 10))), 3)
    return field.plain("t3212", cell.t3212, 8).octets(3, "control channel description")


def cell_options(cell: GsmBroadcast) -> bytes:
    """§10.5.2.3  DPXXRRRR: DN-IND, PWRC, DTX, RADIO-LINK-TIMEOUT."""
    field = Field().plain("dn_ind", cell.dn_ind, 1).plain("pwrc", cell.pwrc, 1).plain("dtx", cell.dtx, 2)
    return field.plain("radio_link_timeout", cell.radio_link_timeout, 4).octets(1, "cell options")


def cell_selection(cell: GsmBroadcast) -> bytes:
    """§10.5.2.4  HHHTTTTT ANRRRRRR: hysteresis, MS_TXPWR_MAX_CCH, ACS, NECI, RXLEV_ACCESS_MIN."""
    hysteresis = steps("cell_reselect_hysteresis_db", cell.cell_reselect_hysteresis_db, 2)
    field = Field().plain("cell_reselect_hysteresis_db", hysteresis, 3)
    field.plain("ms_txpwr_max_cch", cell.ms_txpwr_max_cch, 5).plain("acs", cell.acs, 1).plain("neci", cell.neci, 1)
    return field.plain("rxlev_access_min", cell.rxlev_access_min, 6).octets(2, "cell selection parameters")


def random_access(cell: GsmBroadcast) -> bytes:
    """§10.5.2.29  RRTTTTBE CCCCCCCC CCCCCCCC: max retrans, Tx-integer, barred, re-establishment off, classes."""
    field = Field().plain("max_retrans", coded("max_retrans", cell.max_retrans, MAX_RETRANS), 2)
    field.plain("tx_integer", coded("tx_integer", cell.tx_integer, TX_INTEGER), 4)
    field.plain("cell_barred", cell.cell_barred, 1)
    field.plain("reestablishment_allowed", not cell.reestablishment_allowed, 1)
    return field.plain("access_classes_barred", cell.access_classes_barred, 16).octets(3, "RACH control")


def ncc_permitted(cell: GsmBroadcast) -> bytes:
    return Field().plain("ncc_permitted", cell.ncc_permitted, 8).octets(1, "NCC permitted")


def cell_broadcast(cell: GsmBroadcast) -> bytes:
    """§10.5.2.5 behind its identifier  CCCCCTTT SSS0..AA AAAAAAAA: among the SDCCH."""
    kind, timeslot = (0b00110, 0) if cell.combined else (0b01010, 1)
    field = Field().plain("identifier", 0x64, 8).plain("channel", kind, 5).plain("timeslot", timeslot, 3)
    return field.plain("bsic", cell.bsic % 8, 3).plain("hopping", 0, 3).plain("arfcn", cell.arfcn, 10).octets(4, "CBCH")


def cell_channels(cell: GsmBroadcast) -> bytes:
    arfcns = (cell.arfcn,) if cell.cell_arfcns is None else cell.cell_arfcns
    return frequency_list("cell_arfcns", arfcns, form=cell.cell_list_format)


def neighbours(cell: GsmBroadcast) -> bytes:
    """§10.5.2.22: bit 6 says that the list goes on in System Information 2bis, bit 5 is BA-IND."""
    return _neighbours(cell, "neighbour_arfcns", cell.neighbour_arfcns)


def neighbours_2bis(cell: GsmBroadcast) -> bytes:
    return _neighbours(cell, "neighbour_arfcns_2bis", cell.neighbour_arfcns_2bis or ())


def _neighbours(cell: GsmBroadcast, field: str, arfcns: tuple[int, ...]) -> bytes:
    goes_on = cell.neighbour_arfcns_2bis is not None
    marks = Field().plain("spare", goes_on, 1).plain("ba_ind", cell.ba_ind, 1).plain("spare", 0, 4)
    return frequency_list(field, arfcns, form=cell.neighbour_list_format, marks=_number(marks))


def neighbours_2ter(cell: GsmBroadcast) -> bytes:
    """§10.5.2.22a: bits 7 and 6 are the multiband reporting, bit 5 is BA-IND."""
    marks = Field().plain("multiband_reporting", cell.multiband_reporting, 2).plain("ba_ind", cell.ba_ind, 1)
    arfcns = cell.neighbour_arfcns_2ter or ()
    form = cell.neighbour_list_format
    return frequency_list("neighbour_arfcns_2ter", arfcns, form=form, marks=_number(marks.plain("spare", 0, 4)))


def _number(field: Field) -> int:
    return int("".join(map(str, field.bits)), 2)
