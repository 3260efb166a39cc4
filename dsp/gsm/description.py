"""A GsmCell out of a reception and the System Information known of the cell, message by message."""

from msgspec.structs import replace

from dsp.gsm.access import RandomAccess
from dsp.gsm.errors import BlockRefused
from dsp.gsm.identity import LocationArea
from dsp.gsm.look import GsmLook, Reception
from dsp.gsm.rest_octets import SelectionParameters
from dsp.gsm.system_info import (
    CellSelection,
    Neighbours,
    SystemInformation1,
    SystemInformation3,
    SystemInformation4,
    SystemInformationFields,
    read_system_information,
)
from dsp.gsm.values import GsmCell, PagingCounts, SystemInformation

_INFINITE_TEMPORARY_OFFSET = 7  # 3GPP TS 44.018 §10.5.2.34
_NEIGHBOUR_KINDS = ("2", "2bis", "2ter")


def describe_cell(look: GsmLook, each: Reception, messages: tuple[SystemInformation, ...]) -> GsmCell:
    """The cell of one reception with everything its System Information says; later messages of the list below rule."""
    fields = {message.kind: _fields(message) for message in messages}
    cell = _as_received(look, each, messages)
    for kind in ("2", "1", "4", "3"):
        cell = _with(cell, fields.get(kind))
    cell = replace(cell, neighbour_arfcns=_neighbours(fields, ter_announced=cell.si2ter_announced))
    return replace(cell, paging=_paging(each, neci=cell.neci))


def _fields(message: SystemInformation) -> SystemInformationFields | None:
    try:
        return read_system_information(message.kind, bytes.fromhex(message.hex))
    except BlockRefused:
        return None


def _as_received(look: GsmLook, each: Reception, messages: tuple[SystemInformation, ...]) -> GsmCell:
    since_first_ns = (each.frame_sample - look.first_sample) / look.rate_hz * 1e9
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
        seconds=each.seconds,
        sch_read=len(each.syncs),
        blocks_read=len(each.blocks),
        blocks_failed=each.blocks_failed,
        system_information=tuple(sorted(messages, key=lambda message: message.kind)),
    )


def _with(cell: GsmCell, fields: SystemInformationFields | None) -> GsmCell:
    match fields:
        case SystemInformation1():
            return replace(_with_access(cell, fields.access), cell_arfcns=fields.cell_arfcns)
        case Neighbours(access=RandomAccess() as access):
            return replace(_with_access(cell, access), ncc_permitted=fields.ncc_permitted)
        case SystemInformation4():
            return _with_si4(cell, fields)
        case SystemInformation3():
            return _with_si3(cell, fields)
    return cell


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
    if si4.rest is None:
        return common
    gprs = si4.rest.gprs_ra_colour
    common = replace(common, gprs_announced=gprs is not None, gprs_ra_colour=gprs)
    return _with_c2(common, si4.rest.selection, si4.rest.power_offset)


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
    cell = replace(cell, power_offset_db=None if power_offset is None else 2 * power_offset)
    if selection is None:
        return replace(cell, rest_octets_read=False)
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


def _neighbours(
    fields: dict[str, SystemInformationFields | None], *, ter_announced: bool | None
) -> tuple[int, ...] | None:
    """All neighbours named so far. None when System Information 2 was not heard, and when it names none while
    another message that may name some was not heard."""
    heard = {kind: found for kind in _NEIGHBOUR_KINDS if isinstance(found := fields.get(kind), Neighbours)}
    if "2" not in heard:
        return None
    every = tuple(sorted({arfcn for found in heard.values() for arfcn in found.arfcns}))
    more_to_come = (heard["2"].part and len(heard) == 1) or (bool(ter_announced) and "2ter" not in heard)
    return None if not every and more_to_come else every


def _paging(each: Reception, *, neci: bool | None) -> PagingCounts:
    """The reference of a location update is 0000xxxx, and 0001xxxx too where NECI is 0: 3GPP TS 44.018 §9.1.8."""
    counts = each.subscribers
    location_updates = counts.reference_0000 + (counts.reference_0001 if neci is False else 0)
    return PagingCounts(
        blocks_read=each.ccch_blocks_read,
        imsi=counts.imsi,
        tmsi=counts.tmsi,
        no_identity=counts.no_identity,
        assignments=counts.assignments,
        assignments_location_update=location_updates,
        assignments_hopping=counts.assignments_hopping,
    )
