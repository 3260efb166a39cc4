"""A cloud as bytes and back. What is kept is what is used: a track goes on after a restart as if nothing had been."""

import numpy as np

from fusion.track.cloud import Cloud
from fusion.track.levels import Unknowns
from fusion.track.motion import Moving
from fusion.values import StoredCloud, TrackMark

PLAIN = 7  # columns besides the unknowns


def kept(cloud: Cloud, *, time_utc_ns: int, origin: tuple[float, float], mark: TrackMark | None = None) -> StoredCloud:
    m = cloud.moving
    columns = np.column_stack(
        [
            *(m.east_m, m.north_m, m.heading_rad, m.speed_m_s, m.parked),
            *(cloud.exponent, cloud.weight, cloud.unknowns.mean_db),
        ]
    )
    return StoredCloud(
        time_utc_ns=time_utc_ns,
        lat_deg=origin[0],
        lon_deg=origin[1],
        columns=columns.astype("<f4").tobytes(),
        sensors=cloud.unknowns.sensors,
        covariance_db2=cloud.unknowns.covariance_db2.astype("<f4").tobytes(),
        mark=mark,
    )


def unpacked(stored: StoredCloud) -> Cloud:
    width = PLAIN + 1 + len(stored.sensors)
    columns = np.frombuffer(stored.columns, "<f4").astype(np.float64).reshape(-1, width).T
    square = 1 + len(stored.sensors)
    covariance = np.frombuffer(stored.covariance_db2, "<f4").astype(np.float64).reshape(square, square)
    east, north, heading, speed, parked, exponent, weight = columns[:PLAIN]
    return Cloud(
        Moving(east, north, heading, speed, parked > 0),
        exponent,
        weight / weight.sum(),
        Unknowns(stored.sensors, np.ascontiguousarray(columns[PLAIN:].T), covariance),
    )
