"""The channels a cell says it uses, from the System Information 1 of a look. 3GPP TS 44.018 §9.1.31, §10.5.2.1b.

Its own carrier is among them, unless the network lists only the channels it hops over: of five networks surveyed one
does, in 32 of its 34 cells. A channel beside the true one is never among them (0 of 112 cells), so a list can tell two
placings apart. A transmitter that copied another cell's messages is mostly not in its own list.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from dsp.gsm.errors import BlockRefused
from dsp.gsm.look import Reception
from dsp.gsm.system_info import read_si1


@dataclass(frozen=True, slots=True)
class Listed:
    measured_hz: float
    arfcns: tuple[int, ...]


def listed_channels(receptions: Iterable[Reception]) -> list[Listed]:
    """Of each reception in which the list was heard, the latest."""
    heard = [(each.measured_hz, _list(each)) for each in receptions]
    return [Listed(measured_hz, arfcns) for measured_hz, arfcns in heard if arfcns]


def _list(each: Reception) -> tuple[int, ...]:
    messages = [block.octets for block in each.blocks if block.kind == "si1" and block.octets is not None]
    try:
        return read_si1(messages[-1]).cell_arfcns if messages else ()
    except BlockRefused:
        return ()
