"""What a block with a good check holds: its kind, what may be kept of it, and why it is not believed if it is not."""

import hashlib
from functools import lru_cache

from dsp.gsm.errors import BlockRefused
from dsp.gsm.frame import Channel
from dsp.gsm.look import Block
from dsp.gsm.message import ABOUT_SUBSCRIBERS, message_kind
from dsp.gsm.reserved import reserved_fields
from dsp.gsm.subscribers import SubscriberCounts, count_and_forget
from dsp.gsm.system_info import read_system_information


def block_of(
    frame_number: int, channel: Channel, octets: bytearray, *, quality: float, timeslot: int = 0, repeats: int = 1
) -> Block:
    """Of a paging or assignment the octets are counted and overwritten."""
    digest4 = hashlib.sha256(octets).hexdigest()[:4]
    kept: bytes | None = None
    counts: SubscriberCounts | None = None
    refused_as: str | None = None
    reserved: tuple[str, ...] = ()
    try:
        kind = message_kind(bytes(octets))
        if kind in ABOUT_SUBSCRIBERS:
            counts = count_and_forget(kind, octets)
        else:
            kept = bytes(octets)
            reserved = reserved_fields(read_system_information(kind.removeprefix("si"), kept))
    except BlockRefused as refusal:
        kind, refused_as = "refused", type(refusal).__name__
    return Block(frame_number, channel, kind, kept, digest4, quality, counts, refused_as, timeslot, repeats, reserved)


@lru_cache(maxsize=1024)  # a cell repeats the same few messages all the time
def _refusal(kind: str, octets: bytes) -> str | None:
    try:
        read_system_information(kind.removeprefix("si"), octets)
    except BlockRefused as refusal:
        return type(refusal).__name__
    return None
