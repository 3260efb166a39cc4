"""Elements of System Information 3 and 4 that tell how phones choose and use the cell. 3GPP TS 44.018 §10.5.2."""

from dataclasses import dataclass

_RESERVED_CCCH_CONF = (3, 5, 7)
_RESERVED_DTX = 3
_MOST_RESERVED_COMBINED = 2  # access grant blocks of a combined cell, which has three blocks in all


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
    bs_ag_blks_res: int | None  # None: reserved, more than a combined cell can have
    ccch_conf: int | None  # None: reserved
    bs_pa_mfrms: int  # as meant, 2–9
    t3212: int


@dataclass(frozen=True, slots=True)
class CellOptions:
    """Cell options (BCCH), §10.5.2.3."""

    pwrc: bool
    dtx: int | None  # None: reserved
    radio_link_timeout: int


def read_selection(octets: bytes) -> CellSelection:
    # hhhppppp anrrrrrr   h hysteresis, p power, a ACS, n NECI, r RXLEV
    return CellSelection(
        cell_reselect_hysteresis_db=2 * (octets[0] >> 5),
        ms_txpwr_max_cch=octets[0] & 31,
        acs=bool(octets[1] & 0x80),
        neci=bool(octets[1] & 0x40),
        rxlev_access_min=octets[1] & 63,
    )


def read_control(octets: bytes) -> ControlChannel:
    # magggccc -qq--ppp tttttttt   m MSCR, a ATT, g access grant blocks, c CCCH configuration, q CBQ3, p paging, t T3212
    configuration, reserved_blocks = octets[0] & 7, octets[0] >> 3 & 7
    too_many = configuration == 1 and reserved_blocks > _MOST_RESERVED_COMBINED
    return ControlChannel(
        mscr=bool(octets[0] & 0x80),
        att=bool(octets[0] & 0x40),
        bs_ag_blks_res=None if too_many else reserved_blocks,
        ccch_conf=None if configuration in _RESERVED_CCCH_CONF else configuration,
        bs_pa_mfrms=(octets[1] & 7) + 2,
        t3212=octets[2],
    )


def read_options(octet: int) -> CellOptions:
    # -pddtttt   p PWRC, d DTX, t radio link timeout
    dtx = octet >> 4 & 3
    return CellOptions(bool(octet & 0x40), None if dtx == _RESERVED_DTX else dtx, octet & 15)
