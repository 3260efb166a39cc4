"""A licensed channel that is heard far louder than its licence can be, or from where its licence cannot be heard.

Why: the transmitter has more power than it may, or what is heard is another one, nearer. "louder": more than three
sigmas over what terrain lets through, and more than three of the sensor's own over what free space and a reflection
give, which no terrain and no ducting exceeds. "afar": three sigmas too much where not even that should be heard, told
only where the station's PI was not heard to name it.
Innocent: a power, height or place that is wrong in the list; "afar": an opening, which carries the station itself. So
by itself it is a technical fault, and never more than a note; beside another witness of another transmitter it supports
a hijack. Uncalibrated sensors, sensors without three other listed stations to compare with, those a self-test left out,
and anything nearer than 2 km to a listed site accuse nobody. What a sensor hears too much of the others is taken off
first. The weights are starting values: no counted body of cases stands behind them.
"""

from dataclasses import dataclass

from dsp.signatures.expected import LEAST_DBM
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.licences import FmLicence
from dsp.signatures.station_record import trusted_pi
from fusion.associate_fm import stations
from fusion.fm_level import Given, HeardLevel, given, heard_levels, placed_licences, sensor_excess_db
from fusion.scene import FusionScene
from fusion.values import Emitter

NAME, VERSION = "fm_above_licence", 1
LOUDER_DB, AFAR_DB = 15.0, 3.0
SIGMAS, REFLECTION_DB = 3.0, 6.0  # a wave and its reflection add up to twice the field
FROM_AFAR = "fm_from_afar"


@dataclass(frozen=True, slots=True)
class Excess:
    """One sensor's. level_dbm: without what it hears too much of the others, of which `others` stand behind it."""

    sensor: str
    level_dbm: float
    sensor_sigma_db: float
    there: Given
    others: int = 0

    @property
    def sigma_db(self) -> float:
        return float((self.there.sigma_db**2 + self.sensor_sigma_db**2) ** 0.5)

    @property
    def over_db(self) -> float:
        return self.level_dbm - self.there.expected_dbm

    @property
    def variant(self) -> str | None:
        if self.over_db <= SIGMAS * self.sigma_db:
            return None
        if self.level_dbm - self.there.free_space_dbm - REFLECTION_DB > SIGMAS * self.sensor_sigma_db:
            return "louder"
        return "afar" if self.there.expected_dbm + SIGMAS * self.there.sigma_db < LEAST_DBM else None


def judge(emitter: Emitter, scene: FusionScene) -> Finding | None:
    if emitter.service != "fm" or emitter.licensed is None:
        return None
    licences = placed_licences(emitter, scene)
    if not licences:
        return None
    told = {"louder"} if _confirmed(emitter, licences, scene) or _from_afar(emitter) else {"louder", "afar"}
    found = [
        excess
        for heard in heard_levels(emitter, scene.now_ns)
        if heard.sensor not in scene.rules.left_out
        and (excess := _excess(emitter, heard, licences, scene)) is not None
        and excess.variant in told
    ]
    if not found:
        return None
    return _finding(max(found, key=lambda each: (each.variant == "louder", each.over_db, each.sensor)), len(found))


def _excess(emitter: Emitter, heard: HeardLevel, licences: tuple[FmLicence, ...], scene: FusionScene) -> Excess | None:
    """What the other stations say of the sensor is asked only where there is something to explain."""
    there = given(licences, heard)
    if there is None or Excess(heard.sensor, heard.level_dbm, heard.sigma_db, there).variant is None:
        return None
    own = sensor_excess_db(heard.sensor, emitter, scene)
    if own is None:
        return None
    too_much_db, others = own
    return Excess(heard.sensor, heard.level_dbm - too_much_db, heard.sigma_db, there, others)


def _finding(excess: Excess, sensors: int) -> Finding:
    variant = excess.variant or ""
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.PLACE,
        weight_db=LOUDER_DB if variant == "louder" else AFAR_DB,
        variant=variant,
        evidence={
            "sensor": excess.sensor,
            "level_dbm": round(excess.level_dbm, 1),
            "expected_dbm": round(excess.there.expected_dbm, 1),
            "over_db": round(excess.over_db, 1),
            "sigma_db": round(excess.sigma_db, 1),
            "free_space_dbm": round(excess.there.free_space_dbm, 1),
            "sigmas": SIGMAS,
            "sensors": sensors,
            "others": excess.others,
        },
        baseline_n=excess.others,
    )


def _confirmed(emitter: Emitter, licences: tuple[FmLicence, ...], scene: FusionScene) -> bool:
    """A licence of the channel names the PI that a last look carried."""
    pis = [pi for _, station in stations(emitter) if (pi := trusted_pi(station)) is not None]
    return any(scene.licences.names(each, pi) for each in licences for pi in pis)


def _from_afar(emitter: Emitter) -> bool:
    return any(standing.finding.name == FROM_AFAR for standing in emitter.findings)
