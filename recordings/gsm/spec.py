"""Everything one GSM cell broadcasts. Names are those of `dsp.gsm.values.GsmCell` where the field is the same."""

from typing import Literal

import msgspec

from recordings.transmitter import FieldOutOfRange

ListFormat = Literal["auto", "bitmap0", "variable", "range128", "range256", "range512", "range1024"]
Cause = Literal["location_update", "paging_answer", "originating", "emergency", "packet"]
Fill = Literal["paging", "empty_ui", "empty"]


class Gprs(msgspec.Struct, frozen=True, kw_only=True):
    """System Information 13 (3GPP TS 44.018 §10.5.2.37b) and the indicators that announce it."""

    ra_colour: int = 0
    bcch_change_mark: int = 0
    si_change_field: int = 0
    rac: int = 1
    spgc_ccch_sup: bool = False
    priority_access_thr: int = 6
    network_control_order: int = 0
    nmo: int = 1  # as coded: 0 is mode I
    t3168: int = 0  # as coded
    t3192: int = 7  # as coded
    drx_timer_max: int = 7
    access_burst_type: int = 0
    control_ack_type: int = 1
    bs_cv_max: int = 6
    pan: tuple[int, int, int] | None = None  # PAN_DEC, PAN_INC, PAN_MAX
    options_extension: str | None = None  # bits of the cell options' extension, as text
    alpha: int = 0
    t_avg_w: int = 12
    t_avg_t: int = 10
    pc_meas_chan: int = 0
    n_avg_i: int = 2
    sgsnr: bool = True
    si_status_ind: bool | None = None  # None: the part is not sent


class Si2quater(msgspec.Struct, frozen=True, kw_only=True):
    """A System Information 2quater of one instance (3GPP TS 44.018 §10.5.2.33b)."""

    mp_change_mark: int = 0
    extension: str | None = None  # bits of the measurement extension, as text
    fdd_arfcns: tuple[int, ...] = ()  # UTRAN carriers named without cells
    extended_bcch: bool = False  # sent in the first CCCH block instead of the BCCH


class GsmBroadcast(msgspec.Struct, frozen=True, kw_only=True):
    # the carrier and its clock
    arfcn: int = 1
    band_indicator: Literal["1800", "1900"] = "1800"
    bsic: int = 0
    frame_number_at_start: int = 0
    symbol_offset: float = 0.0  # symbols of that frame already sent at sample 0
    # identity
    plmn: str = "460-00"  # "MCC-MNC"
    lac: int = 1
    ci: int = 1
    # control channel description
    mscr: int = 1
    att: bool = True
    bs_ag_blks_res: int = 1
    combined: bool = False  # CCCH with SDCCH/4 on timeslot 0
    ccch_channels: int = 1  # timeslots with a CCCH, 1 to 4: the first of 0, 2, 4, 6 (3GPP TS 45.002 §7 table 5)
    bs_pa_mfrms: int = 5  # as meant: 2 to 9
    cbq3: int = 0
    t3212: int = 10  # deci-hours
    # cell options
    dn_ind: bool = False
    pwrc: bool = False
    dtx: int = 1
    radio_link_timeout: int = 5  # as coded
    # cell selection
    cell_reselect_hysteresis_db: int = 6
    ms_txpwr_max_cch: int = 5
    rxlev_access_min: int = 8
    acs: bool = False
    neci: bool = False
    # C2 parameters: sent when cell_reselect_offset_db is given
    cbq: bool = False
    cell_reselect_offset_db: int | None = None
    temporary_offset_db: int = 0
    temporary_offset_infinite: bool = False
    penalty_time: int = 0  # as coded; 31 turns the offset's sign
    power_offset_db: int | None = None
    # System Information 3 indicators
    early_classmark: bool = True
    early_classmark_3g: bool = False
    # random access
    max_retrans: int = 4  # as meant: 1, 2, 4, 7
    tx_integer: int = 32  # as meant
    cell_barred: bool = False
    reestablishment_allowed: bool = False
    access_classes_barred: int = 0  # 16 bits, bit 10 is emergency calls
    # frequencies
    cell_arfcns: tuple[int, ...] | None = None  # None: only the carrier's own
    neighbour_arfcns: tuple[int, ...] = ()  # System Information 2
    neighbour_arfcns_2bis: tuple[int, ...] | None = None  # None: no System Information 2bis
    neighbour_arfcns_2ter: tuple[int, ...] | None = None  # None: no System Information 2ter
    multiband_reporting: int = 0
    ba_ind: int = 0
    cell_list_format: ListFormat = "auto"
    neighbour_list_format: ListFormat = "auto"
    ncc_permitted: int = 0xFF
    si2ter_pseudo_length: int = 18  # §9.1.34: 18 or another; phase 1 phones skip it when 0
    # what is sent at all
    si1: bool = True
    nch_position: int | None = None  # in System Information 1
    cbch: bool = False  # System Information 4 tells where the cell broadcast is, before its rest octets
    gprs: Gprs | None = Gprs()
    si13: bool = True  # with gprs: False announces a System Information 13 that never comes
    si2quater: Si2quater | None = None
    schedule: tuple[str, ...] | None = None  # eight names by TC, instead of the standard's
    raw: dict[str, str] = {}  # "3" → 46 hexadecimal digits, sent instead of the fields
    # load of the common control channel
    paging_per_s: float = 4.0
    paging_imsi_share: float = 0.05
    assignments_per_s: float = 0.5
    assignment_causes: tuple[Cause, ...] = ("location_update", "paging_answer", "paging_answer", "originating")
    hopping_share: float = 0.0  # of the assignments
    fill: Fill = "paging"  # what a CCCH block with nothing to say carries
    busy_timeslots: tuple[int, ...] = ()  # carry traffic-like bursts instead of dummy bursts

    @property
    def freq_hz(self) -> float:
        return downlink_hz(self.arfcn, self.band_indicator)

    @property
    def ccch_conf(self) -> int:
        """3GPP TS 44.018 §10.5.2.11."""
        return 1 if self.combined else 2 * (self.ccch_channels - 1)

    @property
    def ccch_timeslots(self) -> tuple[int, ...]:
        return (0, 2, 4, 6)[: self.ccch_channels]


# 3GPP TS 45.005 §2
def downlink_hz(arfcn: int, band_indicator: Literal["1800", "1900"] = "1800") -> float:
    """Downlink carrier of a channel number of GSM 900 (with R-GSM), DCS 1800 or PCS 1900."""
    if 0 <= arfcn <= 124:
        return 935e6 + 0.2e6 * arfcn
    if 955 <= arfcn <= 1023:
        return 935e6 + 0.2e6 * (arfcn - 1024)
    if band_indicator == "1900" and 512 <= arfcn <= 810:
        return 1930.2e6 + 0.2e6 * (arfcn - 512)
    if band_indicator == "1800" and 512 <= arfcn <= 885:
        return 1805.2e6 + 0.2e6 * (arfcn - 512)
    raise FieldOutOfRange(field="arfcn", value=arfcn, allowed="0 … 124, 955 … 1023, 512 … 885 (1800), 512 … 810 (1900)")
