"""A GsmCell out of a reception and the System Information known of the cell, message by message."""

from msgspec.structs import replace

from dsp.gsm.access import RandomAccess
from dsp.gsm.describe_neighbours import with_neighbours
from dsp.gsm.describe_packet import with_packet_service
from dsp.gsm.describe_paging import paging_counts
from dsp.gsm.elements import CellSelection
from dsp.gsm.errors import BlockRefused
from dsp.gsm.identity import LocationArea
from dsp.gsm.look import GsmLook, Reception
from dsp.gsm.rest_octets import RestOctets4, SelectionParameters
from dsp.gsm.si4 import SystemInformation4, SystemInformation7
from dsp.gsm.si9 import SystemInformation9
from dsp.gsm.si13 import SystemInformation13
from dsp.gsm.system_info import (
    Neighbours,
    SystemInformation1,
    SystemInformation3,
    SystemInformationFields,
    read_system_information,
)
from dsp.gsm.values import GsmCell, SystemInformation

_INFINITE_TEMPORARY_OFFSET = 7  # 3GPP TS 44.018 §10.5.2.34


def describe_cell(look: GsmLook, each: Reception, messages: tuple[SystemInformation, ...]) -> GsmCell:
    """The cell of one reception with everything its System Information says; later messages of the list below rule.

    messages : of one cell; of those sent in parts, the part heard latest last.
    """
    parts = [(message.kind, fields) for message in messages if (fields := _fields(message)) is not None]
    by_kind = dict(parts)
    cell = _as_received(look, each, messages)
    for kind in ("9", "2bis", "2", "1", "4", "3", "13"):
        cell = _with(cell, by_kind.get(kind))
    if cell.acs:
        for kind in ("8", "7"):
            cell = _with_si7(cell, by_kind.get(kind))
    cell = with_neighbours(cell, parts)
    return replace(cell, paging=paging_counts(each, neci=cell.neci))


def _fields(message: SystemInformation) -> SystemInformationFields | None:
    try:
        return read_system_information(message.kind, bytes.fromhex(message.hex))
    except BlockRefused:
        return None


def _as_received(look: GsmLook, each: Reception, messages: tuple[SystemInformation, ...]) -> GsmCell:
    sample_ns = 1e9 / look.rate_hz
    since_first_ns = (each.frame_sample - look.first_sample) * sample_ns
    sigma, length_sigma = each.frame_sample_sigma, each.samples_per_frame_sigma
    return GsmCell(
        freq_hz=each.freq_hz,
        arfcn=each.arfcn,
        level_dbfs=each.level_dbfs,
        cnr_db=each.cnr_db,
        carrier_offset_hz=each.carrier_offset_hz,
        carrier_offset_sigma_hz=each.carrier_offset_sigma_hz,
        relative_offset_ppm=each.relative_offset_ppm,
        relative_offset_sigma_ppm=each.relative_offset_sigma_ppm,
        relative_references=each.relative_references,
        bsic=each.bsic,
        frame_number=each.frame_number,
        frame_sample=each.frame_sample,
        frame_sample_sigma=each.frame_sample_sigma,
        frame_time_utc_ns=None if look.time_utc_ns is None else look.time_utc_ns + round(since_first_ns),
        frame_sigma_ns=None if sigma is None else sigma * sample_ns,
        clock_ppm=each.clock_ppm,
        clock_sigma_ppm=None if length_sigma is None else length_sigma / each.samples_per_frame * 1e6,
        delay_spread_ns=each.delay_spread * sample_ns,
        seconds=each.seconds,
        sch_read=len(each.syncs),
        blocks_read=len(each.blocks),
        blocks_failed=each.blocks_failed,
        system_information=tuple(sorted(messages, key=lambda message: message.kind)),
    )


def _with(cell: GsmCell, fields: SystemInformationFields | None) -> GsmCell:
    match fields:
        case SystemInformation1():
            return _with_si1(cell, fields)
        case Neighbours(access=RandomAccess() as access) | SystemInformation9(access=access):
            return _with_access(cell, access)
        case SystemInformation4():
            return _with_si4(cell, fields)
        case SystemInformation3():
            return _with_si3(cell, fields)
        case SystemInformation13():
            return with_packet_service(cell, fields)
    return cell


def _with_si1(cell: GsmCell, si1: SystemInformation1) -> GsmCell:
    return replace(
        _with_access(cell, si1.access),
        cell_arfcns=si1.cell_arfcns,
        arfcn_in_own_list=None if cell.arfcn is None else cell.arfcn in si1.cell_arfcns,
        band_indicator=si1.rest.band_indicator,
        nch_position=si1.rest.nch_position,
    )


def _with_si3(cell: GsmCell, si3: SystemInformation3) -> GsmCell:
    common = _with_access(_with_selection(_with_area(cell, si3.area), si3.selection), si3.access)
    common = _with_c2(common, si3.rest.selection, si3.rest.power_offset)
    return replace(
        common,
        ci=si3.ci,
        mscr=int(si3.control.mscr),
        att=si3.control.att,
        bs_ag_blks_res=si3.control.bs_ag_blks_res,
        ccch_conf=si3.control.ccch_conf,
        bs_pa_mfrms=si3.control.bs_pa_mfrms,
        t3212=si3.control.t3212,
        pwrc=si3.options.pwrc,
        dtx=si3.options.dtx,
        radio_link_timeout=si3.options.radio_link_timeout,
        si2ter_announced=si3.rest.si2ter,
        si2quater_announced=si3.rest.si2quater,
        early_classmark=si3.rest.early_classmark,
        gprs_announced=si3.rest.gprs_ra_colour is not None,
        gprs_ra_colour=si3.rest.gprs_ra_colour,
    )


def _with_si4(cell: GsmCell, si4: SystemInformation4) -> GsmCell:
    common = _with_access(_with_selection(_with_area(cell, si4.area), si4.selection), si4.access)
    common = replace(common, cell_broadcast=si4.cell_broadcast)
    return common if si4.rest is None else _with_rest_4(common, si4.rest)


def _with_si7(cell: GsmCell, fields: SystemInformationFields | None) -> GsmCell:
    """With ACS set, this message has what System Information 4 would say behind its parameters."""
    if not isinstance(fields, SystemInformation7) or fields.with_acs is None:
        return cell
    return _with_rest_4(cell, fields.with_acs)


def _with_rest_4(cell: GsmCell, rest: RestOctets4) -> GsmCell:
    gprs = rest.gprs_ra_colour
    cell = replace(cell, gprs_announced=gprs is not None, gprs_ra_colour=gprs)
    if rest.more is not None and rest.more.ci is not None and cell.ci is None:
        cell = replace(cell, ci=rest.more.ci)
    return _with_c2(cell, rest.selection, rest.power_offset)


def _with_area(cell: GsmCell, area: LocationArea) -> GsmCell:
    return replace(cell, mcc=area.mcc, mnc=area.mnc, lac=area.lac)


def _with_access(cell: GsmCell, access: RandomAccess) -> GsmCell:
    return replace(
        cell,
        max_retrans=access.max_retrans,
        tx_integer=access.tx_integer,
        cell_barred=access.cell_barred,
        reestablishment_allowed=access.reestablishment_allowed,
        access_classes_barred=access.access_classes_barred,
    )


def _with_selection(cell: GsmCell, selection: CellSelection) -> GsmCell:
    return replace(
        cell,
        cell_reselect_hysteresis_db=selection.cell_reselect_hysteresis_db,
        ms_txpwr_max_cch=selection.ms_txpwr_max_cch,
        rxlev_access_min=selection.rxlev_access_min,
        acs=selection.acs,
        neci=selection.neci,
    )


def _with_c2(cell: GsmCell, selection: SelectionParameters | None, power_offset: int | None) -> GsmCell:
    """What one message leaves out, another may have said."""
    if power_offset is not None:
        cell = replace(cell, power_offset_db=2 * power_offset)
    if selection is None:
        return replace(cell, rest_octets_read=bool(cell.rest_octets_read))
    infinite = selection.temporary_offset == _INFINITE_TEMPORARY_OFFSET
    return replace(
        cell,
        rest_octets_read=True,
        cbq=selection.cbq,
        cell_reselect_offset_db=2 * selection.cell_reselect_offset,
        temporary_offset_db=None if infinite else 10 * selection.temporary_offset,
        temporary_offset_infinite=infinite,
        penalty_time=selection.penalty_time,
    )
