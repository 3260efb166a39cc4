"""Do two hearings of an FM channel show the same programme? True, False, or None where nothing can be said."""

from dsp.fm.programme import FRAMES_PER_S, bit_error_rate
from dsp.fm.values import FmStation
from dsp.signatures.station_record import CLEAR_DB, regional_variant, trusted_pi

SAME_BELOW, DIFFERENT_ABOVE = 0.28, 0.36  # the best of 23 shifts of two strangers is seldom below 0.36
LEAST_OVERLAP_FRAMES = 14
OCTETS_A_FRAME = 2
RDS_CLEAR_DB = CLEAR_DB + 5.0
LEAST_SECONDS = 0.5
ALIKE_HZ = (
    150.0  # three sigmas of what a look of three seconds beside another transmitter measures; stations differ by 300
)
LEAST_SINR_DB = 12.0  # below, another transmitter on the channel hides pilot and RDS


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
    earlier_s = (b.programme_time_utc_ns - a.programme_time_utc_ns) / 1e9
    first, second = _from(a.programme, earlier_s), _from(b.programme, -earlier_s)
    if min(len(first), len(second)) < 1 + LEAST_OVERLAP_FRAMES * OCTETS_A_FRAME:
        return None
    errors = bit_error_rate(first, second)
    if errors is None or SAME_BELOW <= errors <= DIFFERENT_ABOVE:
        return None
    return errors < SAME_BELOW


def _from(fingerprint: bytes, seconds: float) -> bytes:
    """Without its first seconds, so that two of different beginning cover the same time."""
    skipped = max(0, round(seconds * FRAMES_PER_S)) * OCTETS_A_FRAME
    return fingerprint[:1] + fingerprint[1 + skipped :]


def bare(station: FmStation) -> bool:
    """Heard so well that a pilot and RDS would have shown, and neither did."""
    return (
        station.cnr_db >= RDS_CLEAR_DB
        and station.sinr_db is not None
        and station.sinr_db >= LEAST_SINR_DB
        and station.seconds >= LEAST_SECONDS
        and station.pilot_hz is None
        and station.rds_groups == 0
    )


def same_coder(a: FmStation, b: FmStation) -> bool:
    """One name in the RDS, pilot and RDS injected as strongly: so say the transmitters of one station."""
    if a.ps is None or a.ps != b.ps:
        return False
    pairs = ((a.pilot_deviation_hz, b.pilot_deviation_hz), (a.rds_deviation_hz, b.rds_deviation_hz))
    return all(x is not None and y is not None and abs(x - y) < ALIKE_HZ for x, y in pairs)


def dressed(station: FmStation) -> bool:
    """With a pilot or RDS."""
    return station.pilot_hz is not None or station.rds_groups > 0
