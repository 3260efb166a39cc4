"""What is true of a made set: who transmitted what from where, who listened, and what each should have heard."""

import msgspec
import numpy as np

from recordings.propagation import SPEED_OF_LIGHT_M_S
from recordings.receive_converter import CONVERTER_NOISE, DBM_AT_FULL_SCALE
from recordings.scenario import Scenario
from recordings.scenario_emitters import AnyEmitter, FmStationPlan, GsmCellPlan
from recordings.scenario_listeners import Look, SensorPlan
from recordings.world import World
from recordings.world_place import Route, Site, distance_m

_CHANNEL_HZ = 200e3  # CNR is stated in this width, as dsp states it


class TruePosition(msgspec.Struct, frozen=True, kw_only=True):
    time_utc_ns: int
    lat_deg: float
    lon_deg: float
    height_m: float


class TrueSensor(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    clock_ppm: float
    time_offset_s: float
    calibration_error_db: float
    positions: tuple[TruePosition, ...]  # one when it stands still, else one a second


class TrueEmitter(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    service: str
    kind: str
    licensed: bool
    freq_hz: float  # as assigned
    sent_hz: float  # as sent, the carrier's error included
    carrier_ppm: float
    eirp_dbm: float
    on_s: tuple[tuple[float, float], ...] | None
    positions: tuple[TruePosition, ...]
    plmn: str | None = None
    lac: int | None = None
    ci: int | None = None
    bsic: int | None = None
    arfcn: int | None = None
    frame_number_at_start: int | None = None
    pi: int | None = None
    ps: str | None = None
    stereo: bool | None = None


class TrueReception(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One emitter at one sensor in the middle of one look, echoes averaged.

    cnr_db : in 200 kHz, against the receiver's and the converter's noise; other emitters are not in it
    """

    look: int
    sensor: str
    emitter: str
    level_dbm: float
    level_dbfs: float
    cnr_db: float
    delay_s: float
    doppler_hz: float = 0.0


class Truth(msgspec.Struct, frozen=True, kw_only=True):
    scenario: str
    seed: int
    start_utc_ns: int
    duration_s: float
    dbm_at_full_scale: float  # at 0 dB gain
    looks: tuple[tuple[str, float, float, float, float], ...]  # service, centre_hz, rate_hz, begin_s, seconds
    sensors: tuple[TrueSensor, ...]
    emitters: tuple[TrueEmitter, ...]
    receptions: tuple[TrueReception, ...]


def truth_of(scenario: Scenario) -> Truth:
    world = World(scenario)
    return Truth(
        scenario=scenario.name,
        seed=scenario.seed,
        start_utc_ns=scenario.start_utc_ns,
        duration_s=scenario.duration_s,
        dbm_at_full_scale=DBM_AT_FULL_SCALE,
        looks=tuple(
            (k.plan.service, k.plan.centre_hz, k.plan.rate_hz, k.begin_s, k.plan.seconds) for k in scenario.looks()
        ),
        sensors=tuple(
            TrueSensor(
                name=sensor.name,
                clock_ppm=sensor.clock_ppm,
                time_offset_s=sensor.time_offset_s,
                calibration_error_db=sensor.calibration_error_db,
                positions=_positions(scenario, sensor.where),
            )
            for sensor in scenario.sensor
        ),
        emitters=tuple(_emitter(scenario, emitter) for emitter in scenario.emitters),
        receptions=tuple(
            _reception(world, number, look, sensor, emitter)
            for number, look in enumerate(scenario.looks())
            for sensor in world.listeners(look.plan)
            for emitter in scenario.in_window(look.plan)
        ),
    )


def _positions(scenario: Scenario, where: Site | Route) -> tuple[TruePosition, ...]:
    times_s = np.arange(0.0, scenario.duration_s + 1.0) if where.moves else np.zeros(1)
    found = []
    for time_s, position_m in zip(times_s, where.positions_m(times_s), strict=True):
        lat_deg, lon_deg = scenario.place.geodetic(position_m)
        found.append(
            TruePosition(
                time_utc_ns=scenario.start_utc_ns + round(time_s * 1e9),
                lat_deg=round(lat_deg, 7),
                lon_deg=round(lon_deg, 7),
                height_m=float(position_m[2]),
            )
        )
    return tuple(found)


def _emitter(scenario: Scenario, emitter: AnyEmitter) -> TrueEmitter:
    about = TrueEmitter(
        name=emitter.name,
        service=emitter.service,
        kind=emitter.kind,
        licensed=emitter.licensed,
        freq_hz=emitter.freq_hz,
        sent_hz=emitter.freq_hz * (1.0 + emitter.carrier_ppm * 1e-6),
        carrier_ppm=emitter.carrier_ppm,
        eirp_dbm=emitter.eirp_dbm,
        on_s=emitter.on_s,
        positions=_positions(scenario, emitter.where),
    )
    if isinstance(emitter, GsmCellPlan):
        cell = emitter.broadcast
        return msgspec.structs.replace(
            about,
            plmn=cell.plmn,
            lac=cell.lac,
            ci=cell.ci,
            bsic=cell.bsic,
            arfcn=cell.arfcn,
            frame_number_at_start=cell.frame_number_at_start,
        )
    if isinstance(emitter, FmStationPlan):
        rds = emitter.broadcast.rds
        return msgspec.structs.replace(
            about, pi=rds.pi if rds else None, ps=rds.ps if rds else None, stereo=emitter.broadcast.stereo
        )
    return about


def _reception(world: World, number: int, look: Look, sensor: SensorPlan, emitter: AnyEmitter) -> TrueReception:
    middle_s = np.array([look.begin_s + look.plan.seconds / 2.0])
    level_dbm = float(world.level_dbm(emitter, sensor, middle_s, service=look.plan.service)[0])
    level_dbfs = level_dbm + world.to_dbfs(sensor, look.plan.service)
    noise = 10.0 ** (world.noise_dbfs(sensor, look.plan) / 10.0) + CONVERTER_NOISE
    noise_dbfs = 10.0 * np.log10(noise * _CHANNEL_HZ / look.plan.rate_hz)
    around_s = np.array([middle_s[0] - 0.05, middle_s[0] + 0.05])
    lengths_m = distance_m(emitter.where.positions_m(around_s), sensor.where.positions_m(around_s))
    return TrueReception(
        look=number,
        sensor=sensor.name,
        emitter=emitter.name,
        level_dbm=round(level_dbm, 2),
        level_dbfs=round(level_dbfs, 2),
        cnr_db=round(float(level_dbfs - noise_dbfs), 2),
        delay_s=float(lengths_m.mean()) / SPEED_OF_LIGHT_M_S,
        doppler_hz=round(-float(lengths_m[1] - lengths_m[0]) / 0.1 / SPEED_OF_LIGHT_M_S * emitter.freq_hz, 3),
    )
