"""Who listens in a scenario, and when."""

from typing import Literal

import msgspec

from recordings.receive_converter import DBM_AT_FULL_SCALE, Imperfections
from recordings.world_place import Route, Site

Service = Literal["gsm", "fm"]


class LookPlan(msgspec.Struct, frozen=True, kw_only=True):
    """All sensors listen to one window, again and again."""

    service: Service
    centre_hz: float
    rate_hz: float  # samples per second: also the width of the window
    seconds: float  # how long each look lasts
    first_s: float = 0.0  # when the first begins
    every_s: float | None = None  # None: only once


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """One look of a plan."""

    plan: LookPlan
    begin_s: float

    @property
    def end_s(self) -> float:
        return self.begin_s + self.plan.seconds

    @property
    def samples(self) -> int:
        return round(self.plan.seconds * self.plan.rate_hz)


class FrontEnd(msgspec.Struct, frozen=True, kw_only=True):
    """A sensor's antenna and tuner setting for one service."""

    gain_db: float
    antenna_dbi: float = 0.0  # a whip cut for 900 MHz has −15 or less on FM
    noise_figure_db: float = 6.0  # at this gain, man-made noise at the place included


class SensorPlan(msgspec.Struct, frozen=True, kw_only=True):
    """One sensor: an antenna somewhere, a dongle with its crystal, a computer with its clock."""

    name: str
    site: Site | None = None  # exactly one of these two
    route: Route | None = None
    gsm: FrontEnd | None = None  # None: does not listen to it
    fm: FrontEnd | None = None
    clock_ppm: float = 0.0  # error of the crystal: tuning and sampling both
    time_offset_s: float = 0.0  # the computer's clock is ahead of true time by this
    time_sigma_ns: int = 1_000_000  # what the sensor states about its time
    position_sigma_m: float = 5.0  # what it states about its place
    calibrated: bool = True  # knows its dBm at full scale
    calibration_error_db: float = 0.0  # and by how much it is wrong
    imperfections: Imperfections = Imperfections()

    @property
    def where(self) -> Site | Route:
        return self.site or self.route or Site(east_m=0.0, north_m=0.0)

    def front_end(self, service: Service) -> FrontEnd | None:
        return self.gsm if service == "gsm" else self.fm

    def dbm_at_full_scale(self, service: Service) -> float | None:
        """What the sensor believes: antenna power in dBm is level_dbfs − gain_db + this. None: not calibrated."""
        front_end = self.front_end(service)
        if front_end is None or not self.calibrated:
            return None
        return DBM_AT_FULL_SCALE - front_end.antenna_dbi + self.calibration_error_db
