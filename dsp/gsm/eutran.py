"""Priorities and E-UTRAN neighbours, what Rel-8 added to System Information 2quater. 3GPP TS 44.018 §10.5.2.33b.

Priorities: 0 is the lowest, 7 the highest; a phone leaves GSM for a layer of higher priority (3GPP TS 45.008 §6.6.6).
Physical cell identities (PCID groups, 44.060 §12.57) are stepped over.
"""

from dataclasses import dataclass

from dsp.gsm.rest_bits import RestBits


@dataclass(frozen=True, slots=True)
class EutranCarrier:
    earfcn: int
    priority: int | None  # None: not given here
    threshold_high: int  # as coded, 2 dB steps


@dataclass(frozen=True, slots=True)
class Priorities:
    """Priority and E-UTRAN Parameters Description struct."""

    geran_priority: int | None = None
    utran_priorities: tuple[int, ...] = ()  # each once for its group of carriers
    eutran: tuple[EutranCarrier, ...] = ()


def read_priorities(bits: RestBits) -> Priorities:
    """Raises BeyondBlock."""
    geran = bits.optional(_serving_cell)
    utran = bits.optional(_utran) or ()
    return Priorities(geran, utran, bits.optional(_eutran) or ())


def _serving_cell(bits: RestBits) -> int:
    priority = bits.field(3)
    bits.skip(4 + 4 + 2 + 2)  # search and GSM thresholds, hysteresis, time
    return priority


def _utran(bits: RestBits) -> tuple[int, ...]:
    bits.skip(2)  # UTRAN_Start, UTRAN_Stop
    default = bits.optional_field(3 + 5 + 5)
    groups = bits.repeated(_utran_group)
    given = () if default is None else (default >> 10,)
    return given + tuple(priority for priority in groups if priority is not None)


def _utran_group(bits: RestBits) -> int | None:
    bits.repeated_field(5)  # UTRAN_FREQUENCY_INDEX
    priority = bits.optional_field(3)
    bits.skip(5)  # THRESH_UTRAN_high
    bits.optional_field(5)
    bits.optional_field(5)
    return priority


def _eutran(bits: RestBits) -> tuple[EutranCarrier, ...]:
    bits.skip(3)  # E-UTRAN_CCN_ACTIVE, E-UTRAN_Start, E-UTRAN_Stop
    bits.optional(_measurement)
    bits.optional(_packet_measurement)
    groups = bits.repeated(_eutran_group)
    bits.repeated(_not_allowed)
    bits.repeated(_tracking_area)
    return tuple(carrier for group in groups for carrier in group)


def _measurement(bits: RestBits) -> None:
    bits.skip(4 + 1 + 2)
    three_bits = bits.one()
    for _ in ("FDD", "TDD"):
        bits.optional(lambda rest: _reporting(rest, 6 if three_bits else 3))
    if three_bits:
        bits.skip(1)  # REPORTING_GRANULARITY


def _packet_measurement(bits: RestBits) -> None:
    bits.skip(4 + 1 + 2)
    for _ in ("FDD", "TDD"):
        bits.optional(lambda rest: _reporting(rest, 3))


def _reporting(bits: RestBits, width: int) -> None:
    bits.skip(width)
    bits.optional_field(6)
    bits.optional_field(3)


def _eutran_group(bits: RestBits) -> tuple[EutranCarrier, ...]:
    """Carriers that share a priority and its thresholds."""
    earfcns = bits.repeated(_earfcn)
    priority = bits.optional_field(3)
    high = bits.field(5)
    bits.optional_field(5)
    bits.optional_field(5)
    return tuple(EutranCarrier(earfcn, priority, high) for earfcn in earfcns)


def _earfcn(bits: RestBits) -> int:
    earfcn = bits.field(16)
    bits.optional_field(3)  # measurement bandwidth
    return earfcn


def _not_allowed(bits: RestBits) -> None:
    _pcid_group(bits)
    bits.repeated_field(3)  # E-UTRAN_FREQUENCY_INDEX


def _tracking_area(bits: RestBits) -> None:
    bits.repeated(_pcid_group)
    bits.repeated_field(3)


def _pcid_group(bits: RestBits) -> None:
    bits.repeated_field(9)
    bits.optional_field(6)
    bits.repeated(_pattern)


def _pattern(bits: RestBits) -> None:
    """Its length less one, its bits, its sense."""
    bits.skip(bits.field(3) + 1 + 1)
