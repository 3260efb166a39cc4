"""When a GSM cell's frames came to a sensor, look by look: what of a cell is kept to compare cells with each other."""

import math

from dsp.gsm.values import GsmCell
from fusion.times import heard_ns
from fusion.values import FiledReport, FrameArrival

KEPT_NS = 120 * 10**9
MOST_KEPT = 96
CARRIER_SIGMA_PPM = 0.1  # of a sensor's clock read from a cell's carrier: 3GPP TS 45.010 §5.1, twice over


def arrival_of(filed: FiledReport, cell: GsmCell) -> FrameArrival | None:
    """None where the instant has no sigma, or the sensor no place."""
    report, place = filed.report, filed.report.position
    if cell.frame_time_utc_ns is None or cell.frame_sigma_ns is None or place is None:
        return None
    carrier_ppm = cell.carrier_offset_hz / cell.freq_hz * 1e6
    carrier_sigma_ppm = cell.carrier_offset_sigma_hz / cell.freq_hz * 1e6
    by_frames = cell.clock_ppm is not None and cell.clock_sigma_ppm is not None
    return FrameArrival(
        sensor=filed.sensor,
        boot=report.boot,
        seq=report.seq,
        time_utc_ns=heard_ns(report),
        lat_deg=place.lat_deg,
        lon_deg=place.lon_deg,
        position_sigma_m=place.sigma_m,
        frame_number=cell.frame_number,
        frame_time_ns=cell.frame_time_utc_ns,
        sigma_ns=cell.frame_sigma_ns,
        spread_ns=cell.delay_spread_ns or 0.0,
        clock_ppm=cell.clock_ppm if by_frames and cell.clock_ppm is not None else -carrier_ppm,
        clock_sigma_ppm=(cell.clock_sigma_ppm if by_frames else None)
        or math.hypot(carrier_sigma_ppm, CARRIER_SIGMA_PPM),
        carrier_ppm=carrier_ppm,
        carrier_sigma_ppm=carrier_sigma_ppm,
        time_source=report.time_source,
        time_sigma_ns=report.time_sigma_ns,
    )


def kept(arrivals: tuple[FrameArrival, ...], new: FrameArrival) -> tuple[FrameArrival, ...]:
    """With the new one; what is old, or told twice, goes."""
    same = (new.sensor, new.boot, new.seq)
    since_ns = max((a.time_utc_ns for a in (*arrivals, new)), default=0) - KEPT_NS
    young = (a for a in arrivals if a.time_utc_ns >= since_ns and (a.sensor, a.boot, a.seq) != same)
    return (*young, new)[-MOST_KEPT:]
