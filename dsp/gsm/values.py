"""What one GSM cell broadcast and how it was heard: the facts a sensor reports.

Field names and meanings: 3GPP TS 44.018 (System Information), 45.008 (C1, C2), 24.008 (LAI, CI).
Unknown is None: the message that carries the field was not heard.
"""

import msgspec


class SystemInformation(msgspec.Struct, frozen=True, kw_only=True, tag="si"):
    """One System Information message as received."""

    kind: str  # "1", "2", "2bis", "2ter", "2quater", "3", "4", "13", …
    hex: str  # 23 bytes, as on the air
    times: int  # how often it was read with a good check
    tc_seen: tuple[int, ...] = ()  # (FN div 51) mod 8 of the blocks it came in, 3GPP TS 45.002 §6.3.1.3


class PagingCounts(msgspec.Struct, frozen=True, kw_only=True, tag="paging"):
    """Counters only. No identity leaves the decoder, in any form."""

    blocks_read: int  # CCCH blocks decoded with a good check
    imsi: int  # mobile identities of each type that were paged
    tmsi: int
    no_identity: int
    assignments: int  # immediate assignments
    assignments_location_update: int  # of these, with a location-updating cause in the request reference
    assignments_hopping: int
    # None: not counted, by a sensor of an earlier version
    groups: int | None = None  # multicast groups paged, by TMGI
    assignments_packet: int | None = None  # of the assignments, those of a packet channel
    # of those of a dedicated channel, by cause, as far as it does not depend on NECI: 3GPP TS 44.018 §9.1.8
    assignments_answer: int | None = None  # answers to paging
    assignments_call: int | None = None
    assignments_emergency: int | None = None
    assignments_reestablishment: int | None = None
    assignments_rejected: int | None = None  # requests refused with a waiting time
    rejected_wait_s: int | None = None  # these waiting times, added up


class EutranNeighbour(msgspec.Struct, frozen=True, kw_only=True, tag="eutran"):
    earfcn: int
    priority: int | None = None  # 0–7; None: not given here


class GsmCell(msgspec.Struct, frozen=True, kw_only=True, tag="gsm_cell"):
    # the carrier
    freq_hz: float  # nominal channel where one lies there, else as measured
    arfcn: int | None  # 512–810 means two bands: freq_hz decides; None: on no channel raster
    level_dbfs: float
    cnr_db: float  # carrier to noise in 200 kHz
    carrier_offset_hz: float  # measured minus freq_hz, by the sensor's own oscillator
    carrier_offset_sigma_hz: float
    level_dbm: float | None = None  # only from a calibrated sensor
    relative_offset_ppm: float | None = None  # carrier against the median of the other cells of the look
    relative_offset_sigma_ppm: float | None = None
    relative_references: int = 0  # cells behind that median
    # synchronisation channel and the frame clock
    bsic: int
    frame_number: int
    frame_sample: float  # where that frame's first symbol arrived, in samples since the receiver started
    frame_sample_sigma: float | None = None
    frame_time_utc_ns: int | None = None  # the same instant by the sensor's clock
    frame_sigma_ns: float | None = None  # of that instant, the sensor's clock aside; None: not told, too
    clock_ppm: float | None = None  # length of the cell's frames by the sensor's sample clock, against nominal
    clock_sigma_ppm: float | None = None
    delay_spread_ns: float | None = None  # rms, of paths too near the first to be told apart; 0: none shows
    # how well it was read
    seconds: float
    sch_read: int
    blocks_read: int
    blocks_failed: int
    # identity: System Information 3 or 4
    mcc: str | None = None
    mnc: str | None = None  # text: "01" is not "001"
    lac: int | None = None
    ci: int | None = None  # System Information 3 only
    # control channel description: System Information 3
    mscr: int | None = None
    att: bool | None = None
    bs_ag_blks_res: int | None = None  # also None: reserved, more than a combined cell has
    ccch_conf: int | None = None  # also None: reserved
    bs_pa_mfrms: int | None = None  # as meant: 2–9
    t3212: int | None = None  # deci-hours
    # cell options: System Information 3
    pwrc: bool | None = None
    dtx: int | None = None  # also None: reserved
    radio_link_timeout: int | None = None  # as coded, 0–15
    # cell selection: System Information 3 or 4
    cell_reselect_hysteresis_db: int | None = None
    ms_txpwr_max_cch: int | None = None
    rxlev_access_min: int | None = None
    acs: bool | None = None
    neci: bool | None = None
    # C2 parameters: rest octets; all None when the cell broadcasts none
    rest_octets_read: bool | None = None  # False: heard, but without the C2 part
    cbq: bool | None = None
    cell_reselect_offset_db: int | None = None  # 2 dB steps resolved
    temporary_offset_db: int | None = None  # 10 dB steps resolved
    temporary_offset_infinite: bool | None = None  # the code that means infinity; the dB are None then
    penalty_time: int | None = None  # as coded, 0–31; 31 turns the offset's sign
    power_offset_db: int | None = None
    # indicators of System Information 3 rest octets
    si2ter_announced: bool | None = None
    si2quater_announced: bool | None = None
    early_classmark: bool | None = None
    gprs_announced: bool | None = None
    gprs_ra_colour: int | None = None
    # random access: any of System Information 1, 2, 3, 4
    max_retrans: int | None = None  # as meant: 1, 2, 4, 7
    tx_integer: int | None = None  # as meant: 3–50
    cell_barred: bool | None = None
    reestablishment_allowed: bool | None = None
    access_classes_barred: int | None = None  # 16 bits, bit 10 is emergency calls
    # frequencies
    cell_arfcns: tuple[int, ...] | None = None  # System Information 1
    arfcn_in_own_list: bool | None = None  # None: one is unknown; some networks list only what they hop over: False
    band_indicator: str | None = None  # System Information 1: what 512–810 mean in lists, "1800" or "1900"
    nch_position: int | None = None  # System Information 1, as coded; None: no notification channel, too
    neighbour_arfcns: tuple[int, ...] | None = None  # None: SI2 not heard; (): it names none
    ncc_permitted: int | None = None  # 8 bits
    ba_ind: int | None = None  # System Information 2: which edition of the neighbour list
    cell_broadcast: bool | None = None  # System Information 4: a CBCH
    # neighbours of other systems: System Information 2ter and 2quater
    si2quater_heard: int | None = None  # instances; None: none
    si2quater_instances: int | None = None  # instances there are, as they say
    utran_fdd_arfcns: tuple[int, ...] | None = None  # () only when all was heard and names none
    utran_tdd_arfcns: tuple[int, ...] | None = None
    eutran_neighbours: tuple[EutranNeighbour, ...] | None = None
    geran_priority: int | None = None  # of this cell among the layers; None: not given, too
    # packet service: System Information 13
    bcch_change_mark: int | None = None
    si_change_field: int | None = None
    pbcch: bool | None = None
    gprs_mobile_allocation: bool | None = None
    rac: int | None = None
    spgc_ccch_sup: bool | None = None
    network_mode_of_operation: int | None = None  # 1–3; also None: reserved
    network_control_order: int | None = None  # 0–2; also None: reserved
    priority_access_thr: int | None = None  # 0: no packet access, 3–6; also None: reserved
    t3168_ms: int | None = None
    t3192_ms: int | None = None
    drx_timer_max_s: int | None = None
    alpha: float | None = None  # 0.0–1.0; also None: reserved
    egprs: bool | None = None
    sgsn_r99: bool | None = None
    # behaviour
    paging: PagingCounts | None = None
    # evidence
    system_information: tuple[SystemInformation, ...] = ()
