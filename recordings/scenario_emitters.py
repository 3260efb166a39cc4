"""Who transmits in a scenario: cells, stations, and what is neither."""

from typing import Literal

import msgspec

from recordings.fm.spec import FmBroadcast
from recordings.gsm.spec import GsmBroadcast
from recordings.scenario_listeners import Service
from recordings.world_place import Route, Site

Kind = Literal["licensed", "rogue", "pirate", "hijack", "interference"]
GSM_WIDTH_HZ = 500e3  # what of a carrier is made: beyond, GMSK is more than 50 dB down
FM_WIDTH_HZ = 330e3  # Carson's bandwidth at ±110 kHz, for transmitters that exceed ±75 kHz


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
