"""Immediate assignments (3GPP TS 44.018 §9.1.18): an answer on the CCCH to a made-up random access."""

import numpy as np

from recordings.gsm.bursts import HYPERFRAME
from recordings.gsm.field import Field
from recordings.gsm.spec import Cause, GsmBroadcast
from recordings.gsm.system_information import message

# §9.1.8, without NECI and with it: leading bits of the request, the rest is the phone's chance
REQUESTS: dict[Cause, tuple[str, str]] = {
    "location_update": ("000", "0000"),
    "paging_answer": ("100", "0010"),
    "originating": ("111", "0001"),
    "emergency": ("101", "101"),
    "packet": ("01111", "01111"),
}
SDCCH8 = 0b01000
TCH_FULL = 0b00001
REACTION_FRAMES = 40  # about what a network takes to answer


def immediate_assignment(cell: GsmBroadcast, frame_number: int, cause: Cause, rng: np.random.Generator) -> bytes:
    """The block that starts in this frame. Hops as often as `cell.hopping_share` says."""
    hops = cause != "packet" and rng.random() < cell.hopping_share
    allocation = _mobile_allocation(cell) if hops else bytes(1)
    parts = (
        bytes([0x10 if cause == "packet" else 0x00]),
        _channel(cell, cause, rng, allocation if hops else None),
        _request_reference(_request(cell, cause, rng), (frame_number - REACTION_FRAMES) % HYPERFRAME),
        bytes([int(rng.integers(0, 5))]),  # timing advance
        allocation,
    )
    content = b"".join(parts)
    rest = _packet_uplink(rng, octets=20 - len(content)) if cause == "packet" else b""
    return message(2 + len(content), 0x3F, content, rest)


def _request(cell: GsmBroadcast, cause: Cause, rng: np.random.Generator) -> int:
    prefix = REQUESTS[cause][cell.neci]
    free = 8 - len(prefix)
    return int(prefix, 2) << free | int(rng.integers(0, 1 << free))


def _request_reference(request: int, frame_number: int) -> bytes:
    """§10.5.2.30  RRRRRRRR TTTTTHHH LLLSSSSS: request, T1 mod 32, T3 high and low, T2."""
    field = Field().plain("request", request, 8).plain("T1'", frame_number // 1326 % 32, 5)
    return field.plain("T3", frame_number % 51, 6).plain("T2", frame_number % 26, 5).octets(3, "request reference")


def _channel(cell: GsmBroadcast, cause: Cause, rng: np.random.Generator, allocation: bytes | None) -> bytes:
    """§10.5.2.5  CCCCCTTT SSSH.... : channel type, timeslot, training sequence, then hopping or a channel number."""
    kind = TCH_FULL if cause == "packet" else SDCCH8 | int(rng.integers(0, 8))
    field = Field().plain("channel", kind, 5).plain("timeslot", 1, 3).plain("bsic", cell.bsic % 8, 3)
    if allocation is None:
        return field.plain("hopping", 0, 3).plain("arfcn", cell.arfcn, 10).octets(3, "channel description")
    field.plain("hopping", 1, 1).plain("maio", int(rng.integers(0, 2)), 6).plain("hsn", 1 + cell.ci % 63, 6)
    return field.octets(3, "channel description")


def _mobile_allocation(cell: GsmBroadcast) -> bytes:
    """§10.5.2.21: its length, then a bit for each channel of the cell, all of them used."""
    count = max(1, len(cell.cell_arfcns or ()))
    octets = (count + 7) // 8
    return bytes([octets]) + ((1 << count) - 1).to_bytes(octets, "big")


def _packet_uplink(rng: np.random.Generator, *, octets: int) -> bytes:
    """§10.5.2.16: a packet uplink assignment of one timeslot in dynamic allocation."""
    field = Field().high().high().plain("packet uplink", 0, 2).plain("assignment", 1, 1)
    field.plain("TFI", int(rng.integers(0, 32)), 5).plain("polling", 0, 1).plain("allocation, USF", 0, 5)
    field.plain("power", 0, 1).plain("coding", 0, 2).plain("TLLI coding", 1, 1).plain("alpha", 0, 1)
    return field.plain("gamma", 10, 5).plain("timing advance, start", 0, 2).octets(octets, "IA rest octets")
