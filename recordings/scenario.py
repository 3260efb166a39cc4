"""A scenario: a made place, who transmits in it, who listens, and when. Written as TOML (recordings/scenarios)."""

from datetime import UTC, datetime

import msgspec

from dsp.signatures.licences import FmLicence, KnownCell, Licences
from recordings.propagation import Propagation
from recordings.scenario_emitters import AnyEmitter, FmStationPlan, GsmCellPlan, InterferencePlan
from recordings.scenario_listeners import Look, LookPlan, SensorPlan
from recordings.world_place import Origin
from shell.settings import SettingsError

__all__ = [
    "Air",
    "AnyEmitter",
    "FmStationPlan",
    "GsmCellPlan",
    "InterferencePlan",
    "Look",
    "LookPlan",
    "Scenario",
    "ScenarioError",
    "SensorPlan",
]

_UNIX_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class ScenarioError(SettingsError):
    """A scenario that reads well and cannot be."""

    def __init__(self, *, file: str, message: str) -> None:
        super().__init__(f"{file}: {message}")
        self.file = file


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
