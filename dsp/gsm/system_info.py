"""System Information messages, field by field. 3GPP TS 44.018 §9.1.31–36; the clause of each element stands with it."""

from collections.abc import Callable
from dataclasses import dataclass

from dsp.gsm.errors import BeyondBlock
from dsp.gsm.frequency_list import cell_channels, neighbour_channels_2
from dsp.gsm.rest_octets import RestOctets3, RestOctets4, read_rest_3, read_rest_4

_MAX_RETRANS = (1, 2, 4, 7)
_TX_INTEGER = (3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 20, 25, 32, 50)
_CBCH_CHANNEL, _CBCH_HOPPING = 0x64, 0x72


@dataclass(frozen=True, slots=True)
class RandomAccess:
    """RACH control parameters, §10.5.2.29."""

    max_retrans: int  # as meant
    tx_integer: int  # as meant
    cell_barred: bool
    reestablishment_allowed: bool
    access_classes_barred: int  # bit n is class n; bit 10 bars emergency calls


@dataclass(frozen=True, slots=True)
class LocationArea:
    """3GPP TS 24.008 §10.5.1.3. mcc and mnc are None when their digits are no decimal digits."""

    mcc: str | None
    mnc: str | None
    lac: int


@dataclass(frozen=True, slots=True)
class CellSelection:
    """Cell selection parameters, §10.5.2.4."""

    cell_reselect_hysteresis_db: int
    ms_txpwr_max_cch: int
    acs: bool
    neci: bool
    rxlev_access_min: int


@dataclass(frozen=True, slots=True)
class ControlChannel:
    """Control channel description, §10.5.2.11."""

    mscr: bool
    att: bool
    bs_ag_blks_res: int
    ccch_conf: int
    bs_pa_mfrms: int  # as meant, 2–9
    t3212: int


@dataclass(frozen=True, slots=True)
class CellOptions:
    """Cell options (BCCH), §10.5.2.3."""

    pwrc: bool
    dtx: int
    radio_link_timeout: int


@dataclass(frozen=True, slots=True)
class SystemInformation1:
    cell_arfcns: tuple[int, ...]
    access: RandomAccess


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Of System Information 2, 2bis or 2ter. `part`: the list goes on in another message (EXT-IND)."""

    arfcns: tuple[int, ...]
    part: bool
    ba_ind: int
    ncc_permitted: int | None = None
    access: RandomAccess | None = None


@dataclass(frozen=True, slots=True)
class SystemInformation3:
    ci: int
    area: LocationArea
    control: ControlChannel
    options: CellOptions
    selection: CellSelection
    access: RandomAccess
    rest: RestOctets3


@dataclass(frozen=True, slots=True)
class SystemInformation4:
    area: LocationArea
    selection: CellSelection
    access: RandomAccess
    rest: RestOctets4 | None  # None: with ACS set other messages rule


def read_si1(octets: bytes) -> SystemInformation1:
    """§9.1.31."""
    return SystemInformation1(cell_channels(octets[3:19]), _access(octets[19:22]))


def read_si2(octets: bytes) -> Neighbours:
    """§9.1.32; neighbour cell description §10.5.2.22, NCC permitted §10.5.2.27."""
    arfcns = cell_channels(octets[3:19])
    return Neighbours(arfcns, bool(octets[3] & 0x20), octets[3] >> 4 & 1, octets[19], _access(octets[20:23]))


def read_si2bis(octets: bytes) -> Neighbours:
    """§9.1.33."""
    arfcns = cell_channels(octets[3:19])
    return Neighbours(arfcns, bool(octets[3] & 0x20), octets[3] >> 4 & 1, access=_access(octets[19:22]))


def read_si2ter(octets: bytes) -> Neighbours:
    """§9.1.34; neighbour cell description 2, §10.5.2.22a."""
    return Neighbours(neighbour_channels_2(octets[3:19]), part=True, ba_ind=octets[3] >> 4 & 1)


def read_si3(octets: bytes) -> SystemInformation3:
    """§9.1.35."""
    return SystemInformation3(
        ci=int.from_bytes(octets[3:5], "big"),
        area=read_area(octets[5:10]),
        control=_control(octets[10:13]),
        options=_options(octets[13]),
        selection=_selection(octets[14:16]),
        access=_access(octets[16:19]),
        rest=read_rest_3(octets[19:23]),
    )


def read_si4(octets: bytes) -> SystemInformation4:
    """§9.1.36: a cell broadcast channel, when there is one, stands before the rest octets."""
    at = 13
    if octets[at] == _CBCH_CHANNEL:
        at += 4
    if at < len(octets) and octets[at] == _CBCH_HOPPING:
        at += 2 + (octets[at + 1] if at + 1 < len(octets) else 0)
    if at > len(octets):
        raise BeyondBlock(need=at, have=len(octets))
    selection = _selection(octets[8:10])
    rest = None if selection.acs else read_rest_4(octets[at:])
    return SystemInformation4(read_area(octets[3:8]), selection, _access(octets[10:13]), rest)


def read_area(octets: bytes) -> LocationArea:
    # octets  MCC2 MCC1 | MNC3 MCC3 | MNC2 MNC1 | LAC LAC; MNC3 = 1111: two digits
    digits = [octets[0] & 15, octets[0] >> 4, octets[1] & 15, octets[2] & 15, octets[2] >> 4, octets[1] >> 4]
    mcc, mnc = digits[:3], digits[3:]
    if mnc[2] == 15:
        mnc = mnc[:2]
    return LocationArea(_decimal(mcc), _decimal(mnc), int.from_bytes(octets[3:5], "big"))


def _decimal(digits: list[int]) -> str | None:
    return "".join(map(str, digits)) if max(digits) <= 9 else None


def _access(octets: bytes) -> RandomAccess:
    # rriiiibe  aaaaaaaa aaaaaaaa   r retransmissions, i TX-integer, b barred, e re-establishment not allowed
    first = octets[0]
    return RandomAccess(
        max_retrans=_MAX_RETRANS[first >> 6],
        tx_integer=_TX_INTEGER[first >> 2 & 15],
        cell_barred=bool(first & 2),
        reestablishment_allowed=not first & 1,
        access_classes_barred=int.from_bytes(octets[1:3], "big"),
    )


def _selection(octets: bytes) -> CellSelection:
    # hhhppppp anrrrrrr   h hysteresis, p power, a ACS, n NECI, r RXLEV
    return CellSelection(
        cell_reselect_hysteresis_db=2 * (octets[0] >> 5),
        ms_txpwr_max_cch=octets[0] & 31,
        acs=bool(octets[1] & 0x80),
        neci=bool(octets[1] & 0x40),
        rxlev_access_min=octets[1] & 63,
    )


def _control(octets: bytes) -> ControlChannel:
    # magggccc ----- ppp tttttttt   m MSCR, a ATT, g access grant blocks, c CCCH configuration, p paging, t T3212
    return ControlChannel(
        mscr=bool(octets[0] & 0x80),
        att=bool(octets[0] & 0x40),
        bs_ag_blks_res=octets[0] >> 3 & 7,
        ccch_conf=octets[0] & 7,
        bs_pa_mfrms=(octets[1] & 7) + 2,
        t3212=octets[2],
    )


def _options(octet: int) -> CellOptions:
    # -pddtttt   p PWRC, d DTX, t radio link timeout
    return CellOptions(bool(octet & 0x40), octet >> 4 & 3, octet & 15)


SystemInformationFields = SystemInformation1 | Neighbours | SystemInformation3 | SystemInformation4
_READERS: dict[str, Callable[[bytes], SystemInformationFields]] = {
    "1": read_si1,
    "2": read_si2,
    "2bis": read_si2bis,
    "2ter": read_si2ter,
    "3": read_si3,
    "4": read_si4,
}


def read_system_information(kind: str, octets: bytes) -> SystemInformationFields | None:
    """Fields of one message; None for those of which only the presence counts. Raises BlockRefused."""
    reader = _READERS.get(kind)
    return reader(octets) if reader else None
