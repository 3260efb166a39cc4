"""System Information 13: what the cell says of its packet service.

3GPP TS 44.018 §9.1.43a, §10.5.2.37b (rest octets); 44.060 §12.10a (GPRS mobile allocation), §12.13 (power control),
§12.24 (cell options).
"""

from dataclasses import dataclass

from dsp.gsm.rest_bits import RestBits

_T3168_STEP_MS = 500
_T3192_MS = (500, 1000, 1500, 0, 80, 120, 160, 200)
_DRX_TIMER_S = (0, 1, 2, 4, 8, 16, 32, 64)
_MOST_ALPHA = 10


@dataclass(frozen=True, slots=True)
class CellOptionsPacket:
    """GPRS cell options. Reserved codes are None."""

    network_mode_of_operation: int | None  # 1–3 is I–III
    t3168_ms: int
    t3192_ms: int
    drx_timer_max_s: int
    access_burst_11_bits: bool
    control_ack_type: int
    bs_cv_max: int
    egprs: bool | None  # None: the extension is not sent, so nothing is said


@dataclass(frozen=True, slots=True)
class PacketOnCcch:
    """Of a cell without PBCCH. Reserved codes are None."""

    rac: int
    spgc_ccch_sup: bool
    priority_access_thr: int | None  # 0: no packet access; 3–6: of priority 1, 1–2, 1–3, 1–4
    network_control_order: int | None  # 0–2
    options: CellOptionsPacket
    alpha: float | None  # 0.0–1.0
    t_avg_w: int | None  # as coded, 0–25
    t_avg_t: int | None
    pc_meas_chan: int
    n_avg_i: int


@dataclass(frozen=True, slots=True)
class SystemInformation13:
    bcch_change_mark: int
    si_change_field: int  # as coded: which message changed last
    gprs_mobile_allocation: bool  # packet channels hop over a list of their own
    pbcch: bool  # a packet broadcast channel, which no network has used since Rel-12 took it out
    packet: PacketOnCcch | None  # None: the PBCCH says it
    sgsn_r99: bool | None = None
    si_status_ind: bool | None = None
    lb_ms_txpwr_max_cch: int | None = None


def read_si13(octets: bytes) -> SystemInformation13 | None:
    """None where the rest octets are empty: L. Raises BeyondBlock."""
    bits = RestBits(octets[3:23])
    if not bits.high():
        return None
    mark, change = bits.field(3), bits.field(4)
    allocation = bits.one()
    if allocation:
        bits.skip(2)  # SI13_CHANGE_MARK
        _mobile_allocation(bits)
    pbcch = bits.one()
    packet = None if pbcch else _on_ccch(bits)
    if pbcch:
        _skip_pbcch(bits)
    return SystemInformation13(mark, change, allocation, pbcch, packet, *_additions(bits))


def _mobile_allocation(bits: RestBits) -> None:
    """§12.10a: only stepped over."""
    bits.skip(6)  # HSN
    if bits.one():
        _numbers(bits, 4)  # RFL_NUMBER
    if bits.one():
        if bits.one():
            _numbers(bits, 6)  # ARFCN_INDEX
    else:
        bits.skip(bits.field(6) + 1)  # MA_BITMAP


def _numbers(bits: RestBits, width: int) -> None:
    bits.skip(width)
    while bits.one():
        bits.skip(width)


def _skip_pbcch(bits: RestBits) -> None:
    """PSI1_REPEAT_PERIOD, Pb, TSC, TN, then the carrier: the BCCH's (00), an ARFCN (01), a MAIO (1)."""
    bits.skip(4 + 4 + 3 + 3)
    if bits.one():
        bits.skip(6)
    elif bits.one():
        bits.skip(10)


def _on_ccch(bits: RestBits) -> PacketOnCcch:
    rac, shared, threshold, order = bits.field(8), bits.one(), bits.field(3), bits.field(2)
    options = _options(bits)
    alpha, average_w, average_t = bits.field(4), bits.field(5), bits.field(5)
    return PacketOnCcch(
        rac=rac,
        spgc_ccch_sup=shared,
        priority_access_thr=threshold if threshold == 0 or 3 <= threshold <= 6 else None,
        network_control_order=order if order < 3 else None,
        options=options,
        alpha=alpha / _MOST_ALPHA if alpha <= _MOST_ALPHA else None,
        t_avg_w=average_w if average_w <= 25 else None,
        t_avg_t=average_t if average_t <= 25 else None,
        pc_meas_chan=bits.field(1),
        n_avg_i=bits.field(4),
    )


def _options(bits: RestBits) -> CellOptionsPacket:
    mode, t3168, t3192, drx = bits.field(2), bits.field(3), bits.field(3), bits.field(3)
    eleven_bits, acknowledgement, counter = bits.one(), bits.field(1), bits.field(4)
    if bits.one():
        bits.skip(9)  # PAN_DEC, PAN_INC, PAN_MAX
    return CellOptionsPacket(
        network_mode_of_operation=mode + 1 if mode < 3 else None,
        t3168_ms=_T3168_STEP_MS * (t3168 + 1),
        t3192_ms=_T3192_MS[t3192],
        drx_timer_max_s=_DRX_TIMER_S[drx],
        access_burst_11_bits=eleven_bits,
        control_ack_type=acknowledgement,
        bs_cv_max=counter,
        egprs=_egprs(bits),
    )


def _egprs(bits: RestBits) -> bool | None:
    """The first bit of the optional extension tells whether EGPRS is supported."""
    if not bits.one():
        return None
    length = bits.field(6) + 1
    egprs = bits.one()
    bits.skip(length - 1)
    return egprs


def _additions(bits: RestBits) -> tuple[bool | None, bool | None, int | None]:
    """SGSNR (R99), SI_STATUS_IND (Rel-4), LB_MS_TXPWR_MAX_CCH (Rel-6); each only where the one before is there."""
    if not bits.high():
        return None, None, None
    sgsn_r99 = bits.one()
    if not bits.high():
        return sgsn_r99, None, None
    status = bits.one()
    return sgsn_r99, status, bits.optional_field(5) if bits.high() else None
