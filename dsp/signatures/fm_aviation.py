"""An unlicensed carrier that takes part in a third-order product on an aeronautical frequency in use here.

Why it matters: an aircraft's receiver makes 2·f1 − f2 and f1 + f2 − f3 of strong stations (B1 of ITU-R SM.1009), and so
do transmitters that share a roof (A1); within 300 kHz of an aeronautical frequency the carrier's own skirt reaches it
(A2). It weighs nothing: danger is no guilt. But an unlicensed carrier of which it stands is *high* at once.
Innocent: whether an aircraft is disturbed depends on levels in the air, which nobody on the ground receives; a carrier
that the receiver itself made (`fm_ghost` takes precedence); a table of another region.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from dsp.fm.aeronautical import BANDWIDTH_HZ, AeronauticalFrequency
from dsp.fm.intermodulation import Hit, Mechanism, beside, hits
from dsp.fm.values import FmStation
from dsp.signatures import fm_ghost, fm_moved
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import FmScene

NAME, VERSION = "fm_aviation", 1
LEAST_CNR_DB = 12.0  # of the carrier itself and of the other of two
STRONG_CNR_DB = 30.0  # of both others of three: of sixty stations some three meet anywhere
RECENT_NS = 600 * 10**9
SAME_HZ = 60e3
MOST_STATIONS = 60


@dataclass(frozen=True, slots=True)
class Present:
    """A station on the air."""

    freq_hz: float
    cnr_db: float


def judge(station: FmStation, scene: FmScene) -> Finding | None:
    if not scene.licences.aviation or not scene.licences.fm or scene.licensed(station):
        return None
    if fm_ghost.judge(station, scene) is not None or fm_moved.judge(station, scene) is not None:
        return None
    return endangers(Present(station.freq_hz, station.cnr_db), _others(station, scene), scene.licences.aviation)


def endangers(
    own: Present, others: Sequence[Present], table: Sequence[AeronauticalFrequency], *, sensors: int = 1
) -> Finding | None:
    """The product that is least to be doubted; how many frequencies of the table are reached besides.

    sensors : how many heard it
    """
    if own.cnr_db < LEAST_CNR_DB:
        return None
    stations = _apart(own, others)
    products = [hit for hit in hits([s.freq_hz for s in stations], table, involving=0) if _loud(hit, stations)]
    skirts = beside(own.freq_hz, table)
    victims = {each.freq_hz for each in (*(hit.victim for hit in products), *skirts)}
    if not victims:
        return None
    if skirts:
        return _finding(
            skirts[0], own.freq_hz, Mechanism.A2, f"{own.freq_hz / 1e6:.2f}", victims=len(victims), sensors=sensors
        )
    best = products[0]
    words = product_text(best, [s.freq_hz for s in stations])
    return _finding(best.victim, best.product_hz, Mechanism.B1, words, victims=len(victims), sensors=sensors)


def product_text(hit: Hit, stations_hz: Sequence[float]) -> str:
    """In MHz: "2 × 104.90 − 101.50" or "104.90 + 103.20 − 99.80"."""
    mhz = [f"{stations_hz[index] / 1e6:.2f}" for index in hit.stations]
    return f"2 × {mhz[0]} − {mhz[1]}" if len(mhz) == 2 else f"{mhz[0]} + {mhz[1]} − {mhz[2]}"


def _finding(
    victim: AeronauticalFrequency, at_hz: float, mechanism: Mechanism, words: str, *, victims: int, sensors: int
) -> Finding:
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.LICENCE,
        weight_db=0.0,
        variant=mechanism.value,
        evidence={
            "product": words,
            "mechanism": mechanism.value,
            "victim": victim.name,
            "victim_kind": victim.kind.name,
            "victim_mhz": round(victim.freq_hz / 1e6, 3),
            "offset_khz": round((at_hz - victim.freq_hz) / 1e3),
            "bandwidth_khz": BANDWIDTH_HZ[victim.kind] / 1e3,
            "victims": victims,
        },
        baseline_n=sensors,
    )


def _loud(hit: Hit, stations: Sequence[Present]) -> bool:
    least_db = LEAST_CNR_DB if len(hit.stations) == 2 else STRONG_CNR_DB
    return all(stations[index].cnr_db >= least_db for index in hit.stations if index)


def _apart(own: Present, others: Sequence[Present]) -> list[Present]:
    """Itself first, then the strongest others, one a channel."""
    kept = [own]
    for other in sorted(others, key=lambda each: -each.cnr_db):
        if len(kept) < MOST_STATIONS and all(abs(other.freq_hz - each.freq_hz) > SAME_HZ for each in kept):
            kept.append(other)
    return kept


def _others(station: FmStation, scene: FmScene) -> list[Present]:
    """Of this look, and of those of the last minutes, which covered the rest of the band."""
    recent = (each for each in scene.after.stations.values() if abs(scene.now_ns - each.last_ns) <= RECENT_NS)
    heard = [Present(each.freq_hz, each.cnr_db) for each in scene.stations if each is not station]
    return heard + [Present(each.freq_hz, each.cnr_db) for each in recent]
