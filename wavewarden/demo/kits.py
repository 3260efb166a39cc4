"""The settings files of the demo's programs, written from its scenario as a person would write them."""

import socket
from pathlib import Path
from typing import Any

import msgspec
import tomli_w
from sqlalchemy import Engine

from dsp.signatures.licences import Licences
from recordings.scenario import AnyEmitter, Scenario, SensorPlan
from sensor.keys import enrol
from sensor.link_settings import LinkSettings
from sensor.settings import Calibration, RadioSettings, ReplaySettings, SensorSettings, SurveyedPosition
from server.enrolment import enrol_sensor
from server.running import Addresses
from server.settings import Area, Fm, Link, ServerSettings, Web
from shell import words

SERVER_FILE = "server.toml"
LICENCES_FILE = "licences.toml"
ALARM_DELAY_S = 10.0  # one turn of its sensors: the whole recording lasts two minutes
MARGIN_DEG = 0.03  # of the area around the outermost sensor: about 3 km


def offenders(scenario: Scenario) -> tuple[AnyEmitter, ...]:
    return tuple(e for e in scenario.emitters if e.kind in ("rogue", "pirate", "hijack"))


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def write_licences(folder: Path, licences: Licences) -> Path:
    return _write(folder / LICENCES_FILE, licences)


def write_server(folder: Path, scenario: Scenario, *, language: str, port: int) -> ServerSettings:
    settings = ServerSettings(
        name=words.say("demo.place", language),
        data=str(folder / "server"),
        licences=str(write_licences(folder, scenario.licences())),
        language=language,
        area=area_of(scenario),
        web=Web(port=port),
        link=Link(bind="tcp://127.0.0.1:*"),
        fm=Fm(alarm_delay_s=ALARM_DELAY_S),
    )
    _write(folder / SERVER_FILE, settings)
    return settings


def area_of(scenario: Scenario) -> Area:
    """A box around every sensor, with a margin; the emitters are not looked at."""
    points = [
        scenario.place.geodetic(position) for sensor in scenario.sensor for position in sensor.where.positions_m(0.0)
    ]
    lats, lons = [p[0] for p in points], [p[1] for p in points]
    return Area(
        south_deg=min(lats) - MARGIN_DEG,
        west_deg=min(lons) - MARGIN_DEG,
        north_deg=max(lats) + MARGIN_DEG,
        east_deg=max(lons) + MARGIN_DEG,
    )


def write_sensor(
    folder: Path,
    plan: SensorPlan,
    *,
    recording: Path,
    scenario: Scenario,
    shift_s: float,
    language: str,
    link: LinkSettings | None,
) -> Path:
    """The settings of one sensor that replays its recording live, again and again."""
    replay = ReplaySettings(file=str(recording), loop=True, loop_s=scenario.duration_s, shift_s=shift_s)
    settings = SensorSettings(
        name=plan.name,
        language="zh" if language == "zh" else "en",
        data=str(folder / plan.name),
        licences=str(folder / LICENCES_FILE),
        health_s=10.0,
        radio=RadioSettings(kind="replay", replay=replay),
        position=_position(plan, scenario),
        calibration=_calibration(plan),
        link=link,
    )
    return _write(folder / f"{plan.name}.toml", settings)


def enrolled(folder: Path, plan: SensorPlan, engine: Engine, addresses: Addresses) -> LinkSettings:
    """Make the sensor's key, tell the server, and return how the sensor reaches it."""
    key = folder / plan.name / "sensor.key"
    enrol_sensor(engine, plan.name, enrol(key))
    return LinkSettings(server=addresses.link, server_key=addresses.link_key, key=str(key))


def _position(plan: SensorPlan, scenario: Scenario) -> SurveyedPosition | None:
    """Of a sensor that stands still; one in a vehicle takes it from its recording, as from a receiver."""
    if plan.site is None:
        return None
    lat_deg, lon_deg = scenario.place.geodetic(plan.site.positions_m(0.0)[0])
    return SurveyedPosition(
        lat_deg=lat_deg, lon_deg=lon_deg, sigma_m=plan.position_sigma_m, height_m=plan.site.height_m
    )


def _calibration(plan: SensorPlan) -> Calibration | None:
    gsm, fm = plan.dbm_at_full_scale("gsm"), plan.dbm_at_full_scale("fm")
    return None if gsm is None and fm is None else Calibration(gsm_dbm_at_full_scale=gsm, fm_dbm_at_full_scale=fm)


def _write(path: Path, value: msgspec.Struct) -> Path:
    path.write_text(tomli_w.dumps(_set_only(msgspec.to_builtins(value))), encoding="utf-8")
    return path


def _set_only(value: Any) -> Any:
    """TOML has no null: what is not set is left out."""
    if isinstance(value, dict):
        return {key: _set_only(item) for key, item in value.items() if item is not None}
    return [_set_only(item) for item in value] if isinstance(value, list | tuple) else value
