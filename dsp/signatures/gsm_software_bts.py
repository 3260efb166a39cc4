"""A cell that broadcasts what open-source base-station software ships as its default.

Why: rogue base stations are built on such software, and few operators of them change every field. Two such cells in
a real survey matched 14 of 16 defaults; no public cell came near.
Innocent: laboratories and private networks that run the same software, usually under a test PLMN and a licence.
"""

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_software_bts", 1
LEAST_MATCHES, LEAST_KNOWN = 6, 8
# values as GsmCell states them
OSMO_BSC: dict[str, object] = {
    "cell_reselect_hysteresis_db": 4,
    "rxlev_access_min": 0,
    "tx_integer": 9,
    "max_retrans": 7,
    "bs_pa_mfrms": 5,
    "bs_ag_blks_res": 1,
    "t3212": 5,
    "ncc_permitted": 0xFF,
    "ccch_conf": 1,
    "gprs_announced": False,
    "access_classes_barred": 0x0400,
}
OPEN_BTS: dict[str, object] = {
    "rxlev_access_min": 0,
    "tx_integer": 32,
    "max_retrans": 2,
    "ms_txpwr_max_cch": 0,
    "t3212": 0,
    "ncc_permitted": 0,
    "ccch_conf": 1,
    "neci": True,
    "gprs_announced": False,
    "access_classes_barred": 0x0400,
    "neighbour_arfcns": (),
}
SOFTWARE = {"OsmoBSC": OSMO_BSC, "OpenBTS": OPEN_BTS}


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    counts = {name: _matches(cell, defaults) for name, defaults in SOFTWARE.items()}
    software, (matches, known) = max(counts.items(), key=lambda item: item[1])
    if known < LEAST_KNOWN or matches < LEAST_MATCHES:
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.CONFIGURATION,
        weight_db=scene.weights.db(NAME),
        evidence={"software": software, "matches": matches, "known": known, "threshold": LEAST_MATCHES},
    )


def _matches(cell: GsmCell, defaults: dict[str, object]) -> tuple[int, int]:
    """Fields that say the default, and fields that were heard at all."""
    heard = [(value, default) for name, default in defaults.items() if (value := getattr(cell, name)) is not None]
    return sum(value == default for value, default in heard), len(heard)
