"""The same of all that the sensors hear together: an unlicensed carrier in a product on an aeronautical frequency.

One sensor hears part of the band and knows no place; here every station on the air takes part, and only frequencies
count within whose radius the carrier lies (its position, else the sensors that hear it). `dsp.signatures.fm_aviation`
says why it matters and when it is innocent; both speak under one name, so that it counts once.
"""

from dsp.fm.aeronautical import in_use_near
from dsp.signatures import fm_aviation
from dsp.signatures.finding import Finding
from dsp.signatures.fm_aviation import Present
from fusion.associate_fm import stations
from fusion.scene import FusionScene
from fusion.values import Emitter

NAME = fm_aviation.NAME  # one finding, whoever says it
VERSION = fm_aviation.VERSION
GHOSTS = frozenset({"fm_ghost", "fm_moved"})


def judge(emitter: Emitter, scene: FusionScene) -> Finding | None:
    table = scene.licences.aviation
    if emitter.service != "fm" or not table or emitter.licensed is not False:
        return None
    if any(standing.finding.name in GHOSTS for standing in emitter.findings):
        return None
    near = in_use_near(table, *_place(emitter))
    others = [_present(other) for other in scene.others(emitter)]
    return fm_aviation.endangers(_present(emitter), others, near, sensors=len(emitter.latest)) if near else None


def _present(emitter: Emitter) -> Present:
    return Present(emitter.freq_hz, max((station.cnr_db for _, station in stations(emitter)), default=0.0))


def _place(emitter: Emitter) -> tuple[float | None, float | None]:
    """Its own, or that of the sensor that heard it last."""
    if emitter.fix is not None and emitter.fix.lat_deg is not None:
        return emitter.fix.lat_deg, emitter.fix.lon_deg
    heard = [s for s in emitter.sightings if s.floor_dbm is None and s.lat_deg is not None]
    return (heard[-1].lat_deg, heard[-1].lon_deg) if heard else (None, None)
