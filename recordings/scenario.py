"""A scenario: a made place, who transmits in it, who listens, and when. Written as TOML (recordings/scenarios)."""

from datetime import UTC, datetime
from typing import Literal

import msgspec

from dsp.signatures.licences import FmLicence, KnownCell, Licences
from recordings.fm.spec import FmBroadcast
from recordings.gsm.spec import GsmBroadcast
from recordings.propagation import Propagation
from recordings.receive_converter import DBM_AT_FULL_SCALE, Imperfections
from recordings.world_place import Origin, Route, Site
from shell.settings import SettingsError

Service = Literal["gsm", "fm"]
Kind = Literal["licensed", "rogue", "pirate", "hijack", "interference"]
GSM_WIDTH_HZ = 500e3  # what of a carrier is made: beyond, GMSK is more than 50 dB down
FM_WIDTH_HZ = 330e3  # Carson's bandwidth at ±110 kHz, for transmitters that exceed ±75 kHz

_UNIX_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class ScenarioError(SettingsError):
    """A scenario that reads well and cannot be."""

    def __init__(self, *, file: str, message: str) -> None:
        super().__init__(f"{file}: {message}")
        self.file = file


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


class Emitter(msgspec.Struct, frozen=True, kw_only=True):
    """What every emitter has."""

    name: str
    kind: Kind
    eirp_dbm: float  # towards every side alike
    site: Site | None = None  # exactly one of these two
    route: Route | None = None
    carrier_ppm: float = 0.0  # error of its crystal: carrier and symbols both
    on_s: tuple[tuple[float, float], ...] | None = None  # begin and end of each transmission; None: always on

    @property
    def where(self) -> Site | Route:
        return self.site or self.route or Site(east_m=0.0, north_m=0.0)

    @property
    def licensed(self) -> bool:
        return self.kind == "licensed"


class GsmCellPlan(Emitter, frozen=True, kw_only=True):
    broadcast: GsmBroadcast

    @property
    def service(self) -> Service:
        return "gsm"

    @property
    def freq_hz(self) -> float:
        return self.broadcast.freq_hz

    @property
    def width_hz(self) -> float:
        return GSM_WIDTH_HZ


class FmStationPlan(Emitter, frozen=True, kw_only=True):
    freq_hz: float
    broadcast: FmBroadcast

    @property
    def service(self) -> Service:
        return "fm"

    @property
    def width_hz(self) -> float:
        return FM_WIDTH_HZ


class InterferencePlan(Emitter, frozen=True, kw_only=True):
    """Neither cell nor station: a bare carrier, or noise of some width."""

    freq_hz: float
    noise_width_hz: float = 0.0  # 0: a bare carrier
    kind: Kind = "interference"
    service: Service = "fm"  # whose propagation it has

    @property
    def width_hz(self) -> float:
        return max(1.25 * self.noise_width_hz, 20e3)


AnyEmitter = GsmCellPlan | FmStationPlan | InterferencePlan


class FmPropagation(Propagation, frozen=True, kw_only=True):
    """The same rules with the values of three metres' wavelength where none are given."""

    exponent: float = 3.0
    loss_db: float = 100.0
    shadowing_sigma_db: float = 4.0
    decorrelation_m: float = 250.0
    echoes: int = 2
    rice_factor_db: float = 10.0


class Air(msgspec.Struct, frozen=True, kw_only=True):
    gsm: Propagation = Propagation()
    fm: FmPropagation = FmPropagation()


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    start_utc: datetime
    duration_s: float
    seed: int
    place: Origin
    propagation: Air = Air()
    look: tuple[LookPlan, ...]
    sensor: tuple[SensorPlan, ...]
    gsm_cell: tuple[GsmCellPlan, ...] = ()
    fm_station: tuple[FmStationPlan, ...] = ()
    interference: tuple[InterferencePlan, ...] = ()

    @property
    def start_utc_ns(self) -> int:
        elapsed = self.start_utc - _UNIX_EPOCH
        return (elapsed.days * 86_400 + elapsed.seconds) * 1_000_000_000 + elapsed.microseconds * 1000

    @property
    def emitters(self) -> tuple[AnyEmitter, ...]:
        return (*self.gsm_cell, *self.fm_station, *self.interference)

    def looks(self) -> tuple[Look, ...]:
        """Every look that begins and ends within the scenario, in the order of time."""
        found: list[Look] = []
        for plan in self.look:
            begin, count = plan.first_s, 0
            while begin + plan.seconds <= self.duration_s + 1e-9:
                found.append(Look(plan=plan, begin_s=begin))
                if plan.every_s is None:
                    break
                count += 1
                begin = plan.first_s + count * plan.every_s
        return tuple(sorted(found, key=lambda look: look.begin_s))

    def in_window(self, plan: LookPlan) -> tuple[AnyEmitter, ...]:
        """The emitters of which any part falls into a window."""
        return tuple(
            emitter
            for emitter in self.emitters
            if abs(emitter.freq_hz - plan.centre_hz) < (plan.rate_hz + emitter.width_hz) / 2
        )

    def unheard(self) -> tuple[str, ...]:
        """Names of emitters that lie in no window: allowed, but worth telling."""
        heard = {emitter.name for plan in self.look for emitter in self.in_window(plan)}
        return tuple(emitter.name for emitter in self.emitters if emitter.name not in heard)

    def licences(self) -> Licences:
        """What a regulator would know of this place: the licensed emitters."""
        return Licences(
            fm=tuple(self._fm_licence(station) for station in self.fm_station if station.licensed),
            cells=tuple(self._known_cell(cell) for cell in self.gsm_cell if cell.licensed),
        )

    def _fm_licence(self, station: FmStationPlan) -> FmLicence:
        lat_deg, lon_deg = self.place.geodetic(station.where.positions_m(0.0)[0])
        rds = station.broadcast.rds
        return FmLicence(
            freq_hz=station.freq_hz,
            name=station.name,
            lat_deg=lat_deg,
            lon_deg=lon_deg,
            pi=rds.pi if rds else None,
            erp_w=10.0 ** ((station.eirp_dbm - 2.15 - 30.0) / 10.0),  # over a half-wave dipole
            height_m=station.where.height_m,
            stereo=station.broadcast.stereo,
            rds=rds is not None,
        )

    def _known_cell(self, cell: GsmCellPlan) -> KnownCell:
        lat_deg, lon_deg = self.place.geodetic(cell.where.positions_m(0.0)[0])
        mcc, _, mnc = cell.broadcast.plmn.partition("-")
        return KnownCell(
            mcc=mcc,
            mnc=mnc,
            lac=cell.broadcast.lac,
            ci=cell.broadcast.ci,
            arfcn=cell.broadcast.arfcn,
            bsic=cell.broadcast.bsic,
            lat_deg=lat_deg,
            lon_deg=lon_deg,
            eirp_dbm=cell.eirp_dbm,
        )
