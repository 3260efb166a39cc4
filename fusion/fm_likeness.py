"""Do two hearings of an FM channel show the same programme? True, False, or None where nothing can be said."""

from dsp.fm.values import FmStation
from dsp.signatures.station_record import CLEAR_DB, regional_variant, trusted_pi

SAME_BELOW, DIFFERENT_ABOVE = 0.30, 0.42
OVERLAP_NS = 1_000_000_000
RDS_CLEAR_DB = CLEAR_DB + 5.0
LEAST_SECONDS = 0.5


def same_pi(a: FmStation, b: FmStation) -> bool | None:
    first, second = trusted_pi(a), trusted_pi(b)
    if first is None or second is None:
        return None
    return regional_variant(first, second)


def same_programme(a: FmStation, b: FmStation) -> bool | None:
    """By the fingerprints of the audio, where both were taken at about the same time from clear signals."""
    if a.programme is None or b.programme is None or min(a.cnr_db, b.cnr_db) < CLEAR_DB:
        return None
    if a.programme_time_utc_ns is None or b.programme_time_utc_ns is None:
        return None
    if abs(a.programme_time_utc_ns - b.programme_time_utc_ns) > OVERLAP_NS:
        return None
    from dsp.fm.programme import bit_error_rate  # noqa: PLC0415

    errors = bit_error_rate(a.programme, b.programme)
    if errors is None or SAME_BELOW <= errors <= DIFFERENT_ABOVE:
        return None
    return errors < SAME_BELOW


def bare(station: FmStation) -> bool:
    """Heard so well that a pilot and RDS would have shown, and neither did."""
    return (
        station.cnr_db >= RDS_CLEAR_DB
        and station.seconds >= LEAST_SECONDS
        and station.pilot_hz is None
        and station.rds_groups == 0
    )


def dressed(station: FmStation) -> bool:
    """With a pilot or RDS."""
    return station.pilot_hz is not None or station.rds_groups > 0
