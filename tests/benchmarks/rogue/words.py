"""What a cell says, as the receiver's own decoder reads it from the octets: all of it, or what was heard so far."""

import dataclasses
from typing import Any

from dsp.gsm.arfcn import downlink_hz
from dsp.gsm.description import describe_cell
from dsp.gsm.look import GsmLook, Reception
from dsp.gsm.subscribers import SubscriberCounts
from dsp.gsm.values import GsmCell, SystemInformation
from recordings.gsm.schedule import CYCLE, bcch_kind
from recordings.gsm.spec import GsmBroadcast
from recordings.gsm.system_information import system_information

EMPTY = GsmLook(receptions=(), noise_dbfs_200k=-60.0, seconds=2.0, rate_hz=2.4e6)
TURNS = 4  # what shares a place of the schedule comes within so many cycles

Heard = tuple[tuple[str, int], ...]  # (kind, how often it was read)


class Words:
    """The broadcast of one cell, encoded once; remembers what it looks like with each set of messages heard."""

    def __init__(self, broadcast: GsmBroadcast) -> None:
        self.broadcast = broadcast
        self.schedule = tuple(
            tuple(bcch_kind(broadcast, cycle * CYCLE + tc) for tc in range(CYCLE)) for cycle in range(TURNS)
        )
        self._octets: dict[str, str] = {}
        self._seen: dict[Heard, GsmCell] = {}

    def as_heard(self, heard: Heard) -> GsmCell:
        """The cell with these messages; of its reception nothing but the channel."""
        if heard not in self._seen:
            messages = tuple(
                SystemInformation(kind=kind, hex=self._hex(kind), times=times, tc_seen=self._positions(kind))
                for kind, times in heard
            )
            self._seen[heard] = describe_cell(EMPTY, _reception(self.broadcast), messages)
        return self._seen[heard]

    def _hex(self, kind: str) -> str:
        if kind not in self._octets:
            self._octets[kind] = system_information(self.broadcast, kind).hex()
        return self._octets[kind]

    def _positions(self, kind: str) -> tuple[int, ...]:
        return tuple(sorted({tc for cycle in self.schedule for tc, sent in enumerate(cycle) if sent == kind}))


def _reception(cell: GsmBroadcast) -> Reception:
    """A reception in which nothing was measured."""
    freq_hz = downlink_hz(cell.arfcn)[0]
    known: dict[str, Any] = {
        "bsic": cell.bsic,
        "measured_hz": freq_hz,
        "arfcn": cell.arfcn,
        "freq_hz": freq_hz,
        "syncs": (),
        "blocks": (),
        "failed": (),
        "frame_sample_sigma": None,
        "subscribers": SubscriberCounts(),
    }
    needed = [field.name for field in dataclasses.fields(Reception) if field.default is dataclasses.MISSING]
    return Reception(**{name: known.get(name, 0) for name in needed})
