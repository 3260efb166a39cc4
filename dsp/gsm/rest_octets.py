"""Rest octets of System Information 1, 3 and 4 (and of 7, 8, 16, 17, which carry parts of those of 4).

3GPP TS 44.018 §10.5.2.32 (SI1), §10.5.2.34 (SI3), §10.5.2.35 (SI4), §10.5.2.36–37 (SI7, SI8), §10.5.2.37e (SI16).
"""

from dataclasses import dataclass

from dsp.gsm.rest_bits import RestBits

_NCH_POSITIONS = 28  # 28–31 are reserved: table 10.5.2.32.1


@dataclass(frozen=True, slots=True)
class RestOctets1:
    nch_position: int | None  # as coded, 0–27: how many CCCH blocks from which; None: no NCH, or a reserved code
    band_indicator: str  # what 512–810 mean: "1800" or "1900"


@dataclass(frozen=True, slots=True)
class SelectionParameters:
    """As coded. 3GPP TS 45.008 §6.4 tells what the phone makes of them."""

    cbq: bool
    cell_reselect_offset: int  # 2 dB steps
    temporary_offset: int  # 10 dB steps, 7 is infinity
    penalty_time: int  # 31 turns the sign of the reselect offset


@dataclass(frozen=True, slots=True)
class RestOctets3:
    """The two positions tell where a message comes: on the BCCH or, where True, on the extended BCCH."""

    selection: SelectionParameters | None
    power_offset: int | None  # 2 dB steps
    si2ter: bool
    early_classmark: bool
    scheduling: int | None  # in which TC System Information 9 comes
    gprs_ra_colour: int | None  # None: no GPRS indicator
    si13_extended: bool | None
    early_classmark_3g_restricted: bool
    si2quater: bool
    si2quater_extended: bool | None = None


@dataclass(frozen=True, slots=True)
class LocalServiceAreas:
    """LSA parameters and identities, SoLSA: 3GPP TS 43.073."""

    priority_threshold: int | None = None  # as coded
    offset: int | None = None  # as coded
    identities: tuple[int, ...] = ()  # LSA_ID of 24 bits
    short_identities: tuple[int, ...] = ()  # of 10 bits


@dataclass(frozen=True, slots=True)
class MoreRestOctets4:
    """<SI4 Rest Octets_S>."""

    ci: int | None
    cbq3: int | None  # as coded; 3 is reserved and reads as None
    areas: LocalServiceAreas | None


@dataclass(frozen=True, slots=True)
class RestOctets4:
    selection: SelectionParameters | None
    power_offset: int | None
    gprs_ra_colour: int | None
    si13_extended: bool | None = None
    more: MoreRestOctets4 | None = None
    more_elsewhere: bool = False  # the break indicator: System Information 7 and 8 carry <SI4 Rest Octets_S>


def read_rest_1(octets: bytes) -> RestOctets1:
    bits = RestBits(octets)
    position = bits.field(5) if bits.high() else None
    band = "1900" if bits.high() else "1800"
    return RestOctets1(position if position is None or position < _NCH_POSITIONS else None, band)


def read_rest_3(octets: bytes) -> RestOctets3:
    bits = RestBits(octets)
    selection, power_offset = _selection(bits), _power_offset(bits)
    si2ter, early = bits.high(), bits.high()
    scheduling = bits.field(3) if bits.high() else None
    colour, si13_extended = _gprs_indicator(bits)
    restricted, si2quater = bits.high(), bits.high()
    position = bits.one() if si2quater and bits.left else None  # with all else present there is no bit left for it
    # what follows (Iu indicator, SI21 indicator) is conditional on what the message does not say: not read
    indicators = (restricted, si2quater, position)
    return RestOctets3(selection, power_offset, si2ter, early, scheduling, colour, si13_extended, *indicators)


def read_rest_4(octets: bytes) -> RestOctets4:
    """<SI4 Rest Octets>: its first part, then either the second or where that is."""
    bits = RestBits(octets)
    selection, power_offset = _selection(bits), _power_offset(bits)
    colour, si13_extended = _gprs_indicator(bits)
    if bits.high():
        return RestOctets4(selection, power_offset, colour, si13_extended, _more(bits))
    return RestOctets4(selection, power_offset, colour, si13_extended, more_elsewhere=bits.high())


def read_both_parts_4(octets: bytes) -> RestOctets4:
    """<SI4 Rest Octets_O> <SI4 Rest Octets_S>: System Information 7 and 8 where ACS is 1."""
    bits = RestBits(octets)
    selection, power_offset = _selection(bits), _power_offset(bits)
    return RestOctets4(selection, power_offset, *_gprs_indicator(bits), _more(bits))


def read_second_part_4(octets: bytes) -> MoreRestOctets4:
    """<SI4 Rest Octets_S>: System Information 7 and 8 where ACS is 0."""
    return _more(RestBits(octets))


def read_rest_16(octets: bytes) -> LocalServiceAreas | None:
    """System Information 16 and 17: LSA parameters, with the identities inside."""
    bits = RestBits(octets)
    if not bits.high():
        return None
    parameters = _area_parameters(bits)
    return LocalServiceAreas(*parameters, *_area_identities(bits))


def _selection(bits: RestBits) -> SelectionParameters | None:
    if not bits.high():
        return None
    return SelectionParameters(bits.one(), bits.field(6), bits.field(3), bits.field(5))


def _power_offset(bits: RestBits) -> int | None:
    return bits.field(2) if bits.high() else None


def _gprs_indicator(bits: RestBits) -> tuple[int | None, bool | None]:
    """RA COLOUR, and whether System Information 13 comes on the extended BCCH."""
    return (bits.field(3), bits.one()) if bits.high() else (None, None)


def _more(bits: RestBits) -> MoreRestOctets4:
    parameters = _area_parameters(bits) if bits.high() else None
    ci = bits.field(16) if bits.high() else None
    identities = _area_identities(bits) if bits.high() else None
    cbq3 = bits.field(2) if bits.high() else None
    areas = None
    if parameters is not None or identities is not None:
        threshold, offset = parameters or (None, None)
        areas = LocalServiceAreas(threshold, offset, *(identities or ((), ())))
    return MoreRestOctets4(ci=ci, cbq3=None if cbq3 == 3 else cbq3, areas=areas)


def _area_parameters(bits: RestBits) -> tuple[int, int]:
    threshold, offset = bits.field(3), bits.field(3)
    if bits.one():
        bits.skip(24)  # MCC and MNC the identities belong to
    return threshold, offset


def _area_identities(bits: RestBits) -> tuple[tuple[int, ...], tuple[int, ...]]:
    long: list[int] = []
    short: list[int] = []
    more = True
    while more:
        is_short = bits.one()
        (short if is_short else long).append(bits.field(10 if is_short else 24))
        more = bits.one()
    return tuple(long), tuple(short)
