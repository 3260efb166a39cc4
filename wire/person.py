"""What a person with a compass says, as a report like any other: who it was is known by the name it is filed under."""

from wire.report import Bearing, Position, PositionSource, Report, TimeSource, Withdrawal

PERSON = "person:"  # before the number of a person; no sensor can be enrolled under such a name, and no key is so short


def bearing_report(
    *,
    freq_hz: float,
    azimuth_deg: float,
    sigma_deg: float | None,
    lat_deg: float,
    lon_deg: float,
    position_sigma_m: float,
    time_utc_ns: int,
    time_sigma_ns: int,
    created_utc_ns: int,
    created_monotonic_ns: int,
    software: str,
) -> Report:
    """azimuth_deg : from true north, clockwise. Boot and number are for who keeps it to fill in."""
    return Report(
        boot="",
        seq=0,
        time_utc_ns=time_utc_ns,
        time_sigma_ns=time_sigma_ns,
        time_source=TimeSource.SYSTEM,
        created_utc_ns=created_utc_ns,
        created_monotonic_ns=created_monotonic_ns,
        position=Position(lat_deg=lat_deg, lon_deg=lon_deg, sigma_m=position_sigma_m, source=PositionSource.STATED),
        bearings=(Bearing(freq_hz=freq_hz, azimuth_deg=azimuth_deg % 360, sigma_deg=sigma_deg, source="person"),),
        software=software,
    )


def withdrawal_report(
    *, sensor: str, boot: str, seq: int, created_utc_ns: int, created_monotonic_ns: int, software: str = ""
) -> Report:
    """That the bearing of that report is taken back; sensor "": of one's own. Boot and number as above."""
    return Report(
        boot="",
        seq=0,
        time_utc_ns=None,
        time_sigma_ns=None,
        time_source=TimeSource.NONE,
        created_utc_ns=created_utc_ns,
        created_monotonic_ns=created_monotonic_ns,
        position=None,
        withdrawn=(Withdrawal(sensor=sensor, boot=boot, seq=seq),),
        software=software,
    )
