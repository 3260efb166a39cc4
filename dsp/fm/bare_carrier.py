"""A carrier without programme: on the air, and nothing on it. A transmitter that warms up, or a station in a fault."""

from dsp.fm.kinds import BARE_HZ
from dsp.fm.values import FmStation


def without_programme(station: FmStation) -> bool:
    """As wide as a line: no pilot, no RDS, no sound."""
    narrow = station.occupied_hz is not None and station.occupied_hz < BARE_HZ
    return narrow and station.pilot_hz is None and station.rds_groups == 0
