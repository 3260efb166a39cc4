"""What a scenario must hold to be possible. Each check refuses with a class of its own."""

import itertools
import math
import re
from collections.abc import Iterator

from recordings.receive_converter import Imperfections
from recordings.scenario import Scenario
from recordings.scenario_emitters import AnyEmitter
from recordings.scenario_listeners import LookPlan, SensorPlan
from recordings.scenario_refusals import (
    BadBroadcast,
    BadRoute,
    BadSensorName,
    ImpossibleRate,
    NoLooks,
    NoPlaceGiven,
    NoSensors,
    NumberOutOfRange,
    OverlappingLooks,
    SameName,
)
from recordings.transmitter import BroadcastError
from recordings.world_place import Route
from recordings.world_transmitters import transmitter_for

_RATES = "225001 to 300000 or 900001 to 3200000 samples per second"  # librtlsdr
_FASTEST_M_S = 100.0
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", re.ASCII)

Limits = tuple[str, float, float, float]  # what, value, least, most


def check(scenario: Scenario, *, file: str) -> None:
    """Raises ScenarioError of the first thing that cannot be."""
    for what, value, least, most in _limits(scenario):
        if not least <= value <= most:  # also refuses NaN
            raise NumberOutOfRange(file=file, what=what, value=value, allowed=f"{least:g} to {most:g}")
    _check_looks(scenario, file=file)
    _check_names(scenario, file=file)
    for item in (*scenario.sensor, *scenario.emitters):
        _check_place(item, file=file)
    for emitter in scenario.emitters:
        _check_broadcast(emitter, file=file)


def _limits(scenario: Scenario) -> Iterator[Limits]:
    yield "duration_s", scenario.duration_s, 1e-3, 86_400.0
    yield "seed", scenario.seed, 0, 2**63 - 1
    yield "place.lat_deg", scenario.place.lat_deg, -89.0, 89.0
    yield "place.lon_deg", scenario.place.lon_deg, -180.0, 180.0
    for service in ("gsm", "fm"):
        yield from _propagation_limits(scenario, service)
    for plan in scenario.look:
        yield from _look_limits(plan)
    for sensor in scenario.sensor:
        yield from _sensor_limits(sensor)
    for emitter in scenario.emitters:
        yield f"{emitter.name}: eirp_dbm", emitter.eirp_dbm, -100.0, 100.0
        yield f"{emitter.name}: carrier_ppm", emitter.carrier_ppm, -200.0, 200.0
        yield f"{emitter.name}: freq_hz", emitter.freq_hz, 24e6, 1766e6 if emitter.service == "fm" else 2e9
        for begin, end in emitter.on_s or ():
            yield f"{emitter.name}: on_s begin", begin, 0.0, scenario.duration_s
            yield f"{emitter.name}: on_s end", end, begin, math.inf


def _propagation_limits(scenario: Scenario, service: str) -> Iterator[Limits]:
    rules = scenario.propagation.gsm if service == "gsm" else scenario.propagation.fm
    name = f"propagation.{service}"
    yield f"{name}.exponent", rules.exponent, 1.0, 8.0
    yield f"{name}.loss_db", rules.loss_db, 0.0, 250.0
    yield f"{name}.height_gain_db", rules.height_gain_db, 0.0, 40.0
    yield f"{name}.shadowing_sigma_db", rules.shadowing_sigma_db, 0.0, 30.0
    yield f"{name}.decorrelation_m", rules.decorrelation_m, 1.0, 100e3
    yield f"{name}.echoes", rules.echoes, 0, 40
    yield f"{name}.delay_spread_s", rules.delay_spread_s, 0.0, 20e-6
    yield f"{name}.rice_factor_db", rules.rice_factor_db, -40.0, 60.0


def _look_limits(plan: LookPlan) -> Iterator[Limits]:
    yield "look.seconds", plan.seconds, 1e-3, 3600.0
    yield "look.first_s", plan.first_s, 0.0, math.inf
    yield "look.centre_hz", plan.centre_hz, 24e6, 2e9
    if plan.every_s is not None:
        yield "look.every_s", plan.every_s, 1e-3, math.inf


def _sensor_limits(sensor: SensorPlan) -> Iterator[Limits]:
    yield f"{sensor.name}: clock_ppm", sensor.clock_ppm, -200.0, 200.0
    yield f"{sensor.name}: time_offset_s", sensor.time_offset_s, -60.0, 60.0
    yield f"{sensor.name}: time_sigma_ns", sensor.time_sigma_ns, 0, 10**12
    yield f"{sensor.name}: position_sigma_m", sensor.position_sigma_m, 0.0, 1e6
    yield f"{sensor.name}: calibration_error_db", sensor.calibration_error_db, -60.0, 60.0
    for end in filter(None, (sensor.gsm, sensor.fm)):
        yield f"{sensor.name}: gain_db", end.gain_db, -20.0, 60.0
        yield f"{sensor.name}: antenna_dbi", end.antenna_dbi, -60.0, 30.0
        yield f"{sensor.name}: noise_figure_db", end.noise_figure_db, 0.0, 60.0
    yield from _imperfection_limits(sensor.name, sensor.imperfections)


def _imperfection_limits(name: str, imperfections: Imperfections) -> Iterator[Limits]:
    yield f"{name}: dc_i", imperfections.dc_i, -0.5, 0.5
    yield f"{name}: dc_q", imperfections.dc_q, -0.5, 0.5
    yield f"{name}: iq_gain_db", imperfections.iq_gain_db, -6.0, 6.0
    yield f"{name}: iq_phase_deg", imperfections.iq_phase_deg, -45.0, 45.0


def _check_looks(scenario: Scenario, *, file: str) -> None:
    for plan in scenario.look:
        if not (225_001 <= plan.rate_hz <= 300_000 or 900_001 <= plan.rate_hz <= 3_200_000):
            raise ImpossibleRate(file=file, rate_hz=plan.rate_hz, allowed=_RATES)
    looks = scenario.looks()
    if not looks:
        raise NoLooks(file=file, duration_s=scenario.duration_s)
    for one, after in itertools.pairwise(looks):
        if after.begin_s < one.end_s - 1e-9:
            raise OverlappingLooks(file=file, first_s=one.begin_s, second_s=after.begin_s)
    if not any(sensor.gsm or sensor.fm for sensor in scenario.sensor):
        raise NoSensors(file=file)


def _check_names(scenario: Scenario, *, file: str) -> None:
    for names in ([s.name for s in scenario.sensor], [e.name for e in scenario.emitters]):
        twice = [name for name in names if names.count(name) > 1]
        if twice:
            raise SameName(file=file, name=twice[0])
    for sensor in scenario.sensor:  # they become file names
        if not _FILE_NAME.fullmatch(sensor.name):
            raise BadSensorName(file=file, name=sensor.name)


def _check_place(item: SensorPlan | AnyEmitter, *, file: str) -> None:
    if (item.site is None) == (item.route is None):
        raise NoPlaceGiven(file=file, name=item.name)
    if item.route is not None:
        _check_route(item.route, name=item.name, file=file)


def _check_route(route: Route, *, name: str, file: str) -> None:
    finite = all(math.isfinite(x) for point in route.points_m for x in point)
    if len(set(route.points_m)) < 2 or not finite or (route.speed_m_s is None) == (route.lap_s is None):
        raise BadRoute(file=file, name=name, points=len(route.points_m))
    speed = route.metres_per_second()
    if not 0.0 < speed <= _FASTEST_M_S:
        raise NumberOutOfRange(file=file, what=f"{name}: speed in m/s", value=speed, allowed=f"0 to {_FASTEST_M_S:g}")


def _check_broadcast(emitter: AnyEmitter, *, file: str) -> None:
    try:
        transmitter_for(emitter, seed=0)
    except BroadcastError as error:
        raise BadBroadcast(file=file, name=emitter.name, reason=str(error)) from None
