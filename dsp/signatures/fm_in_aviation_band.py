"""An emission as wide as broadcasting between 108 and 137 MHz, where nobody broadcasts (A1 of ITU-R SM.1009).

Why: it disturbs landing systems, beacons or voice directly; a pirate off its frequency, or a product of transmitters.
Aviation's own emissions are lines and voices of less than 25 kHz, and are not reported.
Innocent: a product of strong stations made in this receiver (then it weighs less: a sensor elsewhere decides);
experiments with a permission of their own.
"""

from dsp.fm.aeronautical import BAND_HZ, BANDWIDTH_HZ, EDGES_HZ, AeronauticalFrequency, Service
from dsp.fm.intermodulation import SPREAD_HZ, hits
from dsp.fm.values import FmStation
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.fm_aviation import RECENT_NS, SAME_HZ
from dsp.signatures.scene import FmScene

NAME, VERSION = "fm_in_aviation_band", 1
EDGE_HZ = 50e3  # a station on the last channel, 108.0 MHz, by a poor oscillator
WIDE_HZ = 50e3
LEAST_CNR_DB, STRONGER_DB = 12.0, 25.0


def judge(station: FmStation, scene: FmScene) -> Finding | None:
    low_hz, high_hz = BAND_HZ[0] + EDGE_HZ, BAND_HZ[1]
    if not low_hz <= station.freq_hz <= high_hz or station.cnr_db < LEAST_CNR_DB or not _as_broadcasting(station):
        return None
    own = made_here(station, scene)
    victim = _reached(station, scene.licences.aviation)
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.LICENCE,
        weight_db=10.0 if own else 30.0,
        variant="may_be_own" if own else "seen",
        evidence={
            "freq_mhz": round(station.freq_hz / 1e6, 3),
            "cnr_db": round(station.cnr_db, 1),
            "threshold_db": LEAST_CNR_DB,
            "victim": "–" if victim is None else f"{victim.name} ({victim.kind.name} {victim.freq_hz / 1e6:.2f})",
            "may_be_own": own,
        },
    )


def made_here(station: FmStation, scene: FmScene) -> bool:
    """Does it lie where much stronger stations that this receiver hears would intermodulate in it?"""
    strong = [
        each.freq_hz
        for each in scene.after.stations.values()
        if abs(scene.now_ns - each.last_ns) <= RECENT_NS
        and each.cnr_db >= station.cnr_db + STRONGER_DB
        and abs(each.freq_hz - station.freq_hz) > SAME_HZ
    ]
    low_hz, high_hz = EDGES_HZ[Service.COM]
    kind = Service.COM if station.freq_hz >= low_hz else Service.VOR
    freq_hz = min(station.freq_hz, high_hz if kind is Service.COM else EDGES_HZ[Service.VOR][1])
    return bool(hits(strong, (AeronauticalFrequency(freq_hz=freq_hz, name="", kind=kind),)))


def _as_broadcasting(station: FmStation) -> bool:
    wide = station.occupied_hz is not None and station.occupied_hz >= WIDE_HZ
    return wide or station.pilot_hz is not None or station.rds_groups > 0


def _reached(station: FmStation, table: tuple[AeronauticalFrequency, ...]) -> AeronauticalFrequency | None:
    near = min(table, key=lambda each: abs(each.freq_hz - station.freq_hz), default=None)
    if near is None or abs(near.freq_hz - station.freq_hz) > BANDWIDTH_HZ[near.kind] / 2 + SPREAD_HZ:
        return None
    return near
