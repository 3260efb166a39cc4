"""Which fields of a message hold a code that the standard reserves: they read as None and are counted by name."""

from dataclasses import fields, is_dataclass
from typing import Any

from dsp.gsm.elements import CellOptions, ControlChannel
from dsp.gsm.identity import LocationArea
from dsp.gsm.si13 import CellOptionsPacket, PacketOnCcch

_ALWAYS_SENT: dict[type, tuple[str, ...]] = {  # None can only be a reserved code
    LocationArea: ("mcc", "mnc"),
    ControlChannel: ("bs_ag_blks_res", "ccch_conf"),
    CellOptions: ("dtx",),
    CellOptionsPacket: ("network_mode_of_operation",),
    PacketOnCcch: ("priority_access_thr", "network_control_order", "alpha", "t_avg_w", "t_avg_t"),
}


def reserved_fields(message: Any) -> tuple[str, ...]:
    """Names of such fields, in a message as read_system_information gives it; () for what is no such message."""
    if not is_dataclass(message):
        return ()
    own = tuple(name for name in _ALWAYS_SENT.get(type(message), ()) if getattr(message, name) is None)
    inside = (reserved_fields(getattr(message, each.name)) for each in fields(message))
    return own + tuple(name for names in inside for name in names)
