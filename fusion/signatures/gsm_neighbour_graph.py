"""A cell outside the graph of neighbours that all sensors together hear.

Why: networks plan neighbours both ways (88 % of 1363 real edges were mutual): a lone transmitter is named by nobody,
and names cells that are not there. One sensor hears too few lists to be sure; several together hear the region.
Variants: `apart`, named by nobody and naming none that is heard; `unnamed`, only the first.
Innocent: the edge of the watched region, a new site, GSM-R. Hence asked of cells that two sensors hear loud.
"""

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.loudness import loud
from fusion.scene import FusionScene
from fusion.values import Emitter

NAME, VERSION = "gsm_neighbour_graph", 1
LEAST_SENSORS, LEAST_LISTS, LOUD_DBM = 2, 6, -80.0


def judge(emitter: Emitter, scene: FusionScene) -> Finding | None:
    if emitter.service != "gsm" or emitter.arfcn is None or not scene.alive(emitter) or scene.railway(emitter):
        return None
    if len(_loud_sensors(emitter)) < LEAST_SENSORS:
        return None
    cousins = scene.on_air.cousins(emitter)
    lists = [named for other in cousins if (named := neighbours_of(other))]
    if len(lists) < LEAST_LISTS or any(emitter.arfcn in named for named in lists):
        return None
    own = neighbours_of(emitter)
    heard = {other.arfcn for other in cousins}
    apart = own is not None and not (own - {emitter.arfcn}) & heard
    variant = "apart" if apart else "unnamed"
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.TOPOLOGY,
        weight_db=scene.weights.db(NAME, variant),
        variant=variant,
        evidence={
            "arfcn": emitter.arfcn,
            "lists": len(lists),
            "named": -1 if own is None else len(own - {emitter.arfcn}),
            "heard_of_them": 0 if own is None else len((own - {emitter.arfcn}) & heard),
            "sensors": len(_loud_sensors(emitter)),
        },
        baseline_n=len(lists),
    )


def neighbours_of(emitter: Emitter) -> frozenset[int] | None:
    """All that any sensor last read in its lists; None where none was read."""
    read = [
        latest.heard.neighbour_arfcns
        for latest in emitter.latest
        if isinstance(latest.heard, GsmCell) and latest.heard.neighbour_arfcns is not None
    ]
    return frozenset(arfcn for arfcns in read for arfcn in arfcns) if read else None


def _loud_sensors(emitter: Emitter) -> frozenset[str]:
    return frozenset(
        latest.sensor
        for latest in emitter.latest
        if isinstance(latest.heard, GsmCell) and loud(latest.heard, dbm=LOUD_DBM)
    )
