"""The metadata half of a made SigMF pair (SigMF 1.2): several captures of one sensor in one file.

Our own extension `wavewarden` says, for each capture, what SigMF has no word for:
sample_rate (Hz), gain_db, position_sigma_m, time_sigma_ns, service ("gsm" or "fm") and dbm_at_full_scale, with which
antenna power in dBm = level_dbfs − gain_db + dbm_at_full_scale (left out when the sensor is not calibrated).
"""

from typing import Any

import msgspec

from recordings.scenario import Scenario
from recordings.scenario_listeners import Look, SensorPlan
from recordings.sigmf_time import iso_utc

DATATYPE = "cu8"
BYTES_PER_SAMPLE = 2


def sigmf_metadata(
    scenario: Scenario, sensor: SensorPlan, looks: tuple[Look, ...], *, sha512: str, maker: str
) -> bytes:
    """JSON text. `looks` are those of this sensor, in the order of its samples."""
    about = {
        "core:datatype": DATATYPE,
        "core:sample_rate": looks[0].plan.rate_hz,
        "core:version": "1.2.0",
        "core:num_channels": 1,
        "core:sha512": sha512,
        "core:recorder": maker,
        "core:hw": "made by arithmetic; nothing was on the air",
        "core:description": f"scenario {scenario.name}, seed {scenario.seed}, sensor {sensor.name}",
        "core:extensions": [{"name": "wavewarden", "version": "1.0.0", "optional": True}],
        "wavewarden:sensor": sensor.name,
    }
    captures, start = [], 0
    for look in looks:
        captures.append(_capture(scenario, sensor, look, sample_start=start))
        start += look.samples
    tree = {"global": about, "captures": captures, "annotations": [_whole(start)]}
    return msgspec.json.format(msgspec.json.encode(tree), indent=2)


def _capture(scenario: Scenario, sensor: SensorPlan, look: Look, *, sample_start: int) -> dict[str, Any]:
    position_m = sensor.where.positions_m(look.begin_s + look.plan.seconds / 2.0)[0]
    lat_deg, lon_deg = scenario.place.geodetic(position_m)
    front_end = sensor.front_end(look.plan.service)
    told = {
        "core:sample_start": sample_start,
        "core:frequency": look.plan.centre_hz,
        "core:datetime": iso_utc(scenario.start_utc_ns + round(look.begin_s * 1e9)),
        "core:geolocation": {"type": "Point", "coordinates": [round(lon_deg, 7), round(lat_deg, 7)]},
        "wavewarden:service": look.plan.service,
        "wavewarden:sample_rate": look.plan.rate_hz,
        "wavewarden:gain_db": None if front_end is None else front_end.gain_db,
        "wavewarden:position_sigma_m": sensor.position_sigma_m,
        "wavewarden:time_sigma_ns": sensor.time_sigma_ns,
        "wavewarden:dbm_at_full_scale": sensor.dbm_at_full_scale(look.plan.service),
    }
    return {key: value for key, value in told.items() if value is not None}


def _whole(samples: int) -> dict[str, Any]:
    """An annotation over everything: a reader that finds fewer samples knows that the file was cut."""
    return {"core:sample_start": 0, "core:sample_count": samples, "core:label": "made"}
