"""A scenario come alive: who is heard where how strongly, and the samples of any sensor at any time."""

import math
from collections.abc import Iterator
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from recordings.propagation import SPEED_OF_LIGHT_M_S, ShadowField, draw_echoes, path_loss_db
from recordings.receive import Receiver
from recordings.receive_converter import DBM_AT_FULL_SCALE, THERMAL_DBM_HZ, Converter
from recordings.receive_grid import Grid, grid_for
from recordings.receive_link import Link
from recordings.scenario import Scenario
from recordings.scenario_emitters import AnyEmitter
from recordings.scenario_listeners import FrontEnd, Look, LookPlan, SensorPlan, Service
from recordings.transmitter import Transmitter
from recordings.world_emission import Emission, emit
from recordings.world_place import distance_m
from recordings.world_stretch import whole_batches
from recordings.world_transmitters import transmitter_for

_AROUND_S = 1e-4  # emissions are made this much longer than the receivers need, on either side


class World:
    """Everything about a scenario that is worked out once. Remembers its transmitters."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self._transmitters: dict[str, Transmitter] = {}

    @cached_property
    def _fields(self) -> dict[Service, ShadowField]:
        air = self.scenario.propagation
        # one field for both services would shadow them alike; wavelengths of 0.3 m and 3 m are not
        return {
            "gsm": ShadowField(air.gsm, seed=2 * self.scenario.seed),
            "fm": ShadowField(air.fm, seed=2 * self.scenario.seed + 1),
        }

    def grid(self, plan: LookPlan) -> Grid:
        worst = max((abs(sensor.clock_ppm) for sensor in self.scenario.sensor), default=0.0)
        return grid_for(plan.rate_hz, worst_clock_ppm=worst)

    def listeners(self, plan: LookPlan) -> tuple[SensorPlan, ...]:
        """The sensors that take part in a look."""
        return tuple(s for s in self.scenario.sensor if s.front_end(plan.service) is not None)

    def level_dbm(
        self, emitter: AnyEmitter, sensor: SensorPlan, time_s: NDArray[np.float64], *, service: Service
    ) -> NDArray[np.float64]:
        """(n,) what the sensor's antenna gives to its receiver, echoes averaged."""
        rules = self.scenario.propagation.gsm if emitter.service == "gsm" else self.scenario.propagation.fm
        loss_db = path_loss_db(
            rules,
            self._fields[emitter.service],
            freq_hz=emitter.freq_hz,
            a_m=emitter.where.positions_m(time_s),
            b_m=sensor.where.positions_m(time_s),
        )
        return emitter.eirp_dbm - loss_db + _front_end(sensor, service).antenna_dbi

    def blocks(self, look: Look, blocks: range) -> Iterator[tuple[SensorPlan, NDArray[np.uint8]]]:
        """For every listener, the bytes of these blocks of a look, the look's end cut off."""
        grid = self.grid(look.plan)
        listeners = self.listeners(look.plan)
        receivers = [self._receiver(sensor, look, grid) for sensor in listeners]
        heard = [(e, self._emission(e, look, grid, receivers, blocks)) for e in self.scenario.in_window(look.plan)]
        for sensor, receiver in zip(listeners, receivers, strict=True):
            links = tuple(self._link(e, emission, sensor, look.plan, grid) for e, emission in heard)
            made = np.concatenate([receiver.listen(links, batch) for batch in whole_batches(blocks)])
            yield sensor, made[: 2 * (min(look.samples, blocks.stop * grid.kept) - blocks.start * grid.kept)]

    def noise_dbfs(self, sensor: SensorPlan, plan: LookPlan) -> float:
        """The receiver's own noise over the whole rate."""
        figure_db = _front_end(sensor, plan.service).noise_figure_db
        return THERMAL_DBM_HZ + 10.0 * math.log10(plan.rate_hz) + figure_db + self.to_dbfs(sensor, plan.service)

    @staticmethod
    def to_dbfs(sensor: SensorPlan, service: Service) -> float:
        """What to add to dBm at the receiver's input."""
        return _front_end(sensor, service).gain_db - DBM_AT_FULL_SCALE

    def _receiver(self, sensor: SensorPlan, look: Look, grid: Grid) -> Receiver:
        scenario = self.scenario
        return Receiver(
            grid=grid,
            begin_s=look.begin_s - sensor.time_offset_s,
            clock=1.0 + sensor.clock_ppm * 1e-6,
            centre_hz=look.plan.centre_hz,
            noise=10.0 ** (self.noise_dbfs(sensor, look.plan) / 10.0),
            seed=(scenario.seed, scenario.sensor.index(sensor), scenario.looks().index(look)),
            converter=Converter(sensor.imperfections),
        )

    def _emission(
        self, emitter: AnyEmitter, look: Look, grid: Grid, receivers: list[Receiver], blocks: range
    ) -> Emission:
        """What the emitter sends for as long as any receiver needs it, the farthest one's delay included."""
        low = grid.low(emitter.width_hz)
        first, last = whole_batches(blocks)[0], whole_batches(blocks)[-1]
        begin_s = min(float(r.begin_of(first)[0]) for r in receivers)
        end_s = max(float(r.begin_of(last)[-1]) for r in receivers) + grid.seconds
        return emit(
            self._transmitter(emitter),
            rate_hz=low.rate_hz,
            begin_s=begin_s - self._longest_delay_s(emitter, begin_s) - _AROUND_S,
            end_s=end_s + _AROUND_S,
            clock_ppm=emitter.carrier_ppm,
            shift_hz=_sent_hz(emitter) - look.plan.centre_hz - self._bins(emitter, look.plan, grid) / grid.seconds,
            on_s=emitter.on_s,
        )

    def _longest_delay_s(self, emitter: AnyEmitter, time_s: float) -> float:
        here = emitter.where.positions_m(time_s)
        farthest = max(float(distance_m(here, s.where.positions_m(time_s))[0]) for s in self.scenario.sensor)
        return 1.01 * farthest / SPEED_OF_LIGHT_M_S

    def _link(self, emitter: AnyEmitter, emission: Emission, sensor: SensorPlan, plan: LookPlan, grid: Grid) -> Link:
        rules = self.scenario.propagation.gsm if emitter.service == "gsm" else self.scenario.propagation.fm
        to_dbfs = self.to_dbfs(sensor, plan.service)

        def amplitude(time_s: NDArray[np.float64]) -> NDArray[np.float64]:
            dbm = self.level_dbm(emitter, sensor, time_s, service=plan.service)
            return np.asarray(10.0 ** ((dbm + to_dbfs) / 20.0))

        return Link(
            emission=emission,
            grid=grid.low(emitter.width_hz),
            freq_hz=_sent_hz(emitter),
            bins=self._bins(emitter, plan, grid),
            emitter=emitter.where,
            sensor=sensor.where,
            echoes=draw_echoes(rules, seed=self.scenario.seed, emitter=emitter.name, sensor=sensor.name),
            amplitude=amplitude,
        )

    @staticmethod
    def _bins(emitter: AnyEmitter, plan: LookPlan, grid: Grid) -> int:
        return round((emitter.freq_hz - plan.centre_hz) * grid.seconds)

    def _transmitter(self, emitter: AnyEmitter) -> Transmitter:
        if emitter.name not in self._transmitters:
            self._transmitters[emitter.name] = transmitter_for(emitter, seed=self.scenario.seed)
        return self._transmitters[emitter.name]


def _sent_hz(emitter: AnyEmitter) -> float:
    return emitter.freq_hz * (1.0 + emitter.carrier_ppm * 1e-6)


def _front_end(sensor: SensorPlan, service: Service) -> FrontEnd:
    end = sensor.front_end(service)
    if end is None:
        raise ValueError(f"{sensor.name} does not listen to {service}")
    return end
