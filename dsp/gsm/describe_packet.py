"""What System Information 13 says of the packet service, into a GsmCell."""

from msgspec.structs import replace

from dsp.gsm.si13 import PacketOnCcch, SystemInformation13
from dsp.gsm.values import GsmCell


def with_packet_service(cell: GsmCell, si13: SystemInformation13) -> GsmCell:
    cell = replace(
        cell,
        bcch_change_mark=si13.bcch_change_mark,
        si_change_field=si13.si_change_field,
        pbcch=si13.pbcch,
        gprs_mobile_allocation=si13.gprs_mobile_allocation,
        sgsn_r99=si13.sgsn_r99,
    )
    return cell if si13.packet is None else _on_ccch(cell, si13.packet)


def _on_ccch(cell: GsmCell, packet: PacketOnCcch) -> GsmCell:
    options = packet.options
    return replace(
        cell,
        rac=packet.rac,
        spgc_ccch_sup=packet.spgc_ccch_sup,
        network_mode_of_operation=options.network_mode_of_operation,
        network_control_order=packet.network_control_order,
        priority_access_thr=packet.priority_access_thr,
        t3168_ms=options.t3168_ms,
        t3192_ms=options.t3192_ms,
        drx_timer_max_s=options.drx_timer_max_s,
        alpha=packet.alpha,
        egprs=options.egprs,
    )
