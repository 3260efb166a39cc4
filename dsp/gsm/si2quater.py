"""System Information 2quater: neighbours of other radio systems and how they are measured.

3GPP TS 44.018 §9.1.34a, §10.5.2.33b. Sent in up to 16 instances; put_together joins those that belong together.
What only tells how a phone measures and reports is stepped over; closed subscriber groups and what Rel-9 to Rel-11
added behind the E-UTRAN neighbours is left unread.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from dsp.gsm.errors import ReservedCode
from dsp.gsm.eutran import EutranCarrier, Priorities, read_priorities
from dsp.gsm.rest_bits import RestBits
from dsp.gsm.utran import UtranNeighbours, read_neighbours


@dataclass(frozen=True, slots=True)
class SystemInformation2quater:
    """One instance."""

    ba_ind: int
    ba_ind_3g: int
    mp_change_mark: int
    index: int  # 0 … last
    last: int  # SI2quater_COUNT: index of the last instance
    bsics: tuple[int, ...] = ()  # of neighbours in the order of the BA list, where given
    network_control_order: int | None = None
    qsearch_i: int | None = None  # as coded: 7 searches other systems always, 15 never
    utran: UtranNeighbours = field(default_factory=UtranNeighbours)
    priorities: Priorities = field(default_factory=Priorities)

    @property
    def set_of(self) -> tuple[int, int, int]:
        """What instances that belong together have in common."""
        return self.last, self.ba_ind_3g, self.mp_change_mark


@dataclass(frozen=True, slots=True)
class OtherSystems:
    """What the instances heard so far say together."""

    heard: int  # instances
    announced: int
    utran_fdd: tuple[int, ...]
    utran_tdd: tuple[int, ...]
    eutran: tuple[EutranCarrier, ...]
    geran_priority: int | None

    @property
    def whole(self) -> bool:
        return self.heard == self.announced


def read_si2quater(octets: bytes) -> SystemInformation2quater:
    """Raises ReservedCode where a code must be known to read on, BeyondBlock."""
    bits = RestBits(octets[3:23])
    head = (bits.field(1), bits.field(1), bits.field(1), bits.field(4), bits.field(4))
    if head[3] > head[4]:
        raise ReservedCode(field="SI2quater_INDEX beyond SI2quater_COUNT", value=head[3])
    bits.optional_field(1 + 2)  # REPORT_TYPE, SERVING_BAND_REPORTING
    bits.optional(_time_differences)
    bsics = bits.optional(_bsics) or ()
    bits.optional(_reporting_priority)
    bits.optional(_packet_measurement)
    order = bits.optional(_network_control)
    bits.optional(lambda rest: rest.skip(rest.field(8) + 1))  # extension of stated length
    utran = bits.optional(read_neighbours) or UtranNeighbours()
    search = bits.optional(_measurement_3g)
    bits.optional(_packet_measurement_3g)
    return SystemInformation2quater(*head, bsics, order, search, utran, _additions(bits))


def put_together(instances: Sequence[SystemInformation2quater]) -> OtherSystems | None:
    """All instances of the set that the last one belongs to; None of none. Latest heard last."""
    if not instances:
        return None
    latest = instances[-1]
    same = {each.index: each for each in instances if each.set_of == latest.set_of}
    parts = [same[index] for index in sorted(same)]
    priorities = [each.priorities.geran_priority for each in parts]
    return OtherSystems(
        heard=len(parts),
        announced=latest.last + 1,
        utran_fdd=_once([uarfcn for each in parts for uarfcn in each.utran.fdd]),
        utran_tdd=_once([uarfcn for each in parts for uarfcn in each.utran.tdd]),
        eutran=tuple(dict.fromkeys(carrier for each in parts for carrier in each.priorities.eutran)),
        geran_priority=next((priority for priority in priorities if priority is not None), None),
    )


def _once(numbers: list[int]) -> tuple[int, ...]:
    return tuple(sorted(set(numbers)))


def _time_differences(bits: RestBits) -> None:
    """Of 6 bits, then of 12: per frequency a list ended by 1, the lists again ended by 1."""
    for width in (6, 12):
        if bits.one():
            bits.optional_field(5)  # BA_Index_Start_RTD
            _differences(bits, width)
            while not bits.one():
                _differences(bits, width)


def _differences(bits: RestBits, width: int) -> None:
    while not bits.one():
        bits.skip(width)


def _bsics(bits: RestBits) -> tuple[int, ...]:
    bits.optional_field(5)  # BA_Index_Start_BSIC
    found = [bits.field(6)]
    for _ in range(bits.field(7)):
        bits.skip(1)  # Frequency_Scrolling
        found.append(bits.field(6))
    return tuple(found)


def _reporting_priority(bits: RestBits) -> None:
    bits.skip(bits.field(7))


def _packet_measurement(bits: RestBits) -> None:
    bits.skip(3)
    bits.optional_field(2)
    bits.optional_field(2)
    bits.skip(2)  # SCALE_ORD
    for _ in ("900", "1800", "400", "1900", "850"):
        bits.optional_field(3 + 3)


def _network_control(bits: RestBits) -> int | None:
    order = bits.field(2)
    bits.optional_field(3 + 3 + 3)
    return order if order < 3 else None  # 3 is reserved: 44.060 §11.2.4


def _measurement_3g(bits: RestBits) -> int:
    search = bits.field(4)
    bits.skip(1)
    bits.optional_field(4 + 1 + 2 + 3)
    bits.optional_field(4 + 2)
    return search


def _packet_measurement_3g(bits: RestBits) -> None:
    bits.skip(4 + 1)
    bits.optional_field(1 + 2)
    bits.optional_field(3 + 3)
    bits.optional_field(2)
    bits.optional_field(3 + 3)


def _additions(bits: RestBits) -> Priorities:
    """Rel-5, 6, 7 and 8, each behind an H within the one before; L: the cell sends no more."""
    if not bits.high():
        return Priorities()
    bits.optional_field(3 + 4)
    bits.optional(lambda rest: rest.optional_field(6))
    if not bits.high():
        return Priorities()
    bits.skip(1)  # 3G_CCN_ACTIVE
    if not bits.high():
        return Priorities()
    bits.optional_field(3 + 3)  # 700
    bits.optional_field(3 + 3)  # 810
    if not bits.high():
        return Priorities()
    return bits.optional(read_priorities) or Priorities()
