"""A broadcast carrier on a channel that nobody here is licensed for.

Why: this is what 黑广播 is. A licence that ran out or has not begun is none; `fm_licence_lapsed` says what it was.
Innocent: the list is old or of another region; a receiver ghost; the skirt of a strong neighbour (hence the smaller
weight close to one); too weak to be judged.
A carrier with nothing on it for ten minutes ("bare") is a note: oscillators of other apparatus and spurs leave such
lines for years, and nobody listens to one. As loud as a transmitter nearby, or in a product on a frequency of aviation,
it weighs as any other.
"""

from dsp.fm.values import FmStation
from dsp.signatures import fm_aviation
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import LICENCE_REACH_HZ, FmScene
from dsp.signatures.station_record import BARE

NAME, VERSION = "fm_unlicensed", 3
CLEAR_CNR_DB, LEAST_CNR_DB = 12.0, 6.0
SKIRT_HZ, SKIRT_DB = 250e3, 25.0
BARE_DB, LOUD_CNR_DB = 15.0, 45.0
PAUSE_NS = 600 * 10**9  # since it was last heard with a programme: adverts and news pause


def judge(station: FmStation, scene: FmScene) -> Finding | None:
    if not scene.licences.fm or station.cnr_db < LEAST_CNR_DB or scene.licensed(station):
        return None
    nearest = scene.licences.nearest(station.freq_hz, scene.now_ns)
    skirt = any(
        0 < abs(other.freq_hz - station.freq_hz) < SKIRT_HZ and other.cnr_db > station.cnr_db + SKIRT_DB
        for other in scene.stations
    )
    bare, weight_db = _bare(station, scene), _weight(station.cnr_db, skirt=skirt)
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.LICENCE,
        weight_db=min(weight_db, BARE_DB) if bare else weight_db,
        variant="bare" if bare else None,
        evidence={
            "freq_mhz": round(station.freq_hz / 1e6, 3),
            "cnr_db": round(station.cnr_db, 1),
            "threshold_db": CLEAR_CNR_DB,
            "reach_khz": LICENCE_REACH_HZ / 1e3,
            "beside_strong": skirt,
            **({} if nearest is None else {"nearest_mhz": round(nearest.freq_hz / 1e6, 3)}),
        },
        baseline_n=len(scene.licences.fm),
    )


def _bare(station: FmStation, scene: FmScene) -> bool:
    if station.kind != BARE or station.cnr_db >= LOUD_CNR_DB or fm_aviation.judge(station, scene) is not None:
        return False
    record = scene.record(station)
    sounded_ns = None if record is None else record.sounded_ns
    return sounded_ns is None or scene.now_ns - sounded_ns > PAUSE_NS


def _weight(cnr_db: float, *, skirt: bool) -> float:
    if skirt:
        return 10.0
    return 30.0 if cnr_db >= CLEAR_CNR_DB else 10.0
