"""What is usual in one network, learnt from all sensors' cells over weeks: values of its planning, its location areas.

A cell teaches once it was heard on a second day, with nothing against it and no case open: a rogue of some hours never
does. What the model says is counts of distinct cells, each counted once, bounded on every side.
"""

from collections.abc import Iterable
from itertools import pairwise

import msgspec

from dsp.gsm.values import GsmCell
from dsp.signatures.trust import ANSWERED
from fusion.values import Emitter, NetworkModel

TEACHES_AFTER_NS = 24 * 3600 * 10**9
AGAINST_DB = 7.0
MOST_CELLS, MOST_VALUES, MOST_AREAS, MOST_NETWORKS = 5000, 64, 1000, 64
DAY_NS = 86400 * 10**9
FIELDS = (
    *("mscr", "att", "bs_ag_blks_res", "ccch_conf", "bs_pa_mfrms", "t3212", "pwrc", "dtx", "radio_link_timeout"),
    *("cell_reselect_hysteresis_db", "ms_txpwr_max_cch", "rxlev_access_min", "acs", "neci", "cbq"),
    *("cell_reselect_offset_db", "penalty_time", "power_offset_db", "si2quater_announced", "early_classmark"),
    *("gprs_announced", "max_retrans", "tx_integer", "cell_barred", "access_classes_barred", "ncc_permitted"),
)
Networks = dict[str, NetworkModel]


def network_key(emitter: Emitter) -> str | None:
    return None if emitter.mcc is None or emitter.mnc is None else f"{emitter.mcc}-{emitter.mnc}"


def told_cell(emitter: Emitter) -> GsmCell | None:
    """What was last heard of it with its System Information 3 read."""
    cells = [(latest.time_utc_ns, latest.heard) for latest in emitter.latest]
    read = [(when, cell) for when, cell in cells if isinstance(cell, GsmCell) and cell.t3212 is not None]
    return max(read, key=lambda item: item[0])[1] if read else None


def against_db(emitter: Emitter) -> float:
    """What speaks against it for other reasons than being unknown."""
    best: dict[str, float] = {}
    for standing in emitter.findings:
        name, weight = standing.finding.name, standing.finding.weight_db
        if weight > 0 and name not in ANSWERED:
            best[name] = max(weight, best.get(name, 0.0))
    return sum(best.values())


def taught(networks: Networks, emitters: Iterable[Emitter], suspects: frozenset[str]) -> Networks:
    """The models after these emitters were heard; `suspects` have an open case. The same object where none taught."""
    changed: Networks = {}
    for emitter in emitters:
        key = network_key(emitter)
        if key is None or emitter.id in suspects or not _teaches(emitter):
            continue
        old = changed.get(key) or networks.get(key) or NetworkModel()
        new = _with_cell(old, emitter)
        if new is not old:
            changed[key] = new
    merged = networks | changed if changed else networks
    return merged if len(merged) <= MOST_NETWORKS else dict(list(merged.items())[-MOST_NETWORKS:])


def _teaches(emitter: Emitter) -> bool:
    if emitter.service != "gsm" or emitter.lac is None or emitter.ci is None:
        return False
    heard_ns = emitter.last_seen_utc_ns - emitter.first_seen_utc_ns
    return heard_ns >= TEACHES_AFTER_NS and against_db(emitter) < AGAINST_DB


def _with_cell(model: NetworkModel, emitter: Emitter) -> NetworkModel:
    name, cell = f"{emitter.lac}/{emitter.ci}", told_cell(emitter)
    if name in model.cells or cell is None or emitter.lac is None:
        return model
    values = {field: _counted(model.values.get(field, {}), getattr(cell, field)) for field in FIELDS}
    cells = model.cells | {name: emitter.last_seen_utc_ns // DAY_NS}
    return NetworkModel(
        n=model.n + 1,
        cells=dict(list(cells.items())[-MOST_CELLS:]),
        values={field: counts for field, counts in values.items() if counts},
        areas=_bounded(model.areas | {str(emitter.lac): model.areas.get(str(emitter.lac), 0) + 1}, MOST_AREAS),
    )


def _counted(counts: dict[str, int], value: object) -> dict[str, int]:
    if value is None:
        return counts
    return _bounded(counts | {str(value): counts.get(str(value), 0) + 1}, MOST_VALUES)


def _bounded(counts: dict[str, int], most: int) -> dict[str, int]:
    """The rarest goes."""
    if len(counts) <= most:
        return counts
    rarest = min(counts, key=lambda value: counts[value])
    return {value: count for value, count in counts.items() if value != rarest}


def usual_gap(model: NetworkModel) -> int | None:
    """How far the next location area of the network lies, but for the widest hundredth; None with fewer than three."""
    areas = sorted(int(area) for area in model.areas)
    gaps = sorted(b - a for a, b in pairwise(areas))
    return gaps[min(len(gaps) - 1, int(0.99 * len(gaps)))] if len(gaps) >= 2 else None


def stored(networks: Networks) -> str:
    return msgspec.json.encode(networks).decode()


def read_again(text: str) -> Networks:
    """Raises msgspec.MsgspecError."""
    return msgspec.json.decode(text, type=Networks)
