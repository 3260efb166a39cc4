"""How networks configure their cells: one template a network and town, and the few cells that leave it.

Ranges and the shares of odd cells follow 201 real cells; templates are drawn anew for each town, so that no rule
can learn one of them. China: Mobile and Unicom share GSM 900, GSM-R stands below it.
"""

from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

from recordings.gsm.spec import Gprs, GsmBroadcast, Si2quater

ODD_SHARE = {"radio_link_timeout": 0.02, "rxlev_access_min": 0.03, "reestablishment_allowed": 0.02, "gprs": 0.005}


@dataclass(frozen=True)
class Network:
    """`channels` are those of its broadcast carriers; template: fields of GsmBroadcast all cells share."""

    name: str
    plmn: str
    channels: tuple[int, ...]
    template: dict[str, Any]
    ncc: tuple[int, ...]
    railway: bool = False


def networks(rng: np.random.Generator) -> tuple[Network, ...]:
    """Mobile, Unicom and, in a town on a railway, GSM-R."""
    mobile = Network("Mobile", "460-00", _block(rng, 1, 94, 30), _public(rng), _colours(rng, (4, 5, 6, 7)))
    unicom = Network("Unicom", "460-01", _block(rng, 96, 124, 20), _public(rng), _colours(rng, (0, 1, 2, 3)))
    railway = Network("GSM-R", "460-20", tuple(range(999, 1020)), _railway(rng), (2,), railway=True)
    return (mobile, unicom, railway) if rng.random() < 0.3 else (mobile, unicom)


def _block(rng: np.random.Generator, low: int, high: int, width: int) -> tuple[int, ...]:
    """Half of the towns keep broadcast carriers in a block of their own, half spread them."""
    if rng.random() < 0.5:
        return tuple(range(low, high + 1))
    first = int(rng.integers(low, high - width + 2))
    return tuple(range(first, first + width))


def _colours(rng: np.random.Generator, among: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(int(n) for n in rng.choice(among, size=2, replace=False))


def _public(rng: np.random.Generator) -> dict[str, Any]:
    c2: dict[str, Any] = {}
    if rng.random() < 0.6:
        repels = rng.random() < 0.3
        c2 = {
            "cell_reselect_offset_db": int(rng.choice((0, 18, 40) if repels else (0, 4, 10, 16))),
            "penalty_time": 31 if repels else 0,
        }
    return c2 | {
        "bs_ag_blks_res": int(rng.integers(1, 4)),
        "bs_pa_mfrms": int(rng.integers(4, 8)),
        "combined": False,
        "t3212": int(rng.choice((10, 20, 30, 40, 60))),
        "pwrc": bool(rng.random() < 0.5),
        "dtx": int(rng.integers(0, 2)),
        "radio_link_timeout": int(rng.integers(4, 10)),
        "cell_reselect_hysteresis_db": int(rng.choice((4, 6, 6, 6, 8))),
        "ms_txpwr_max_cch": 5,
        "rxlev_access_min": int(rng.integers(3, 11)),
        "neci": bool(rng.random() < 0.5),
        "early_classmark": bool(rng.random() < 0.9),
        "max_retrans": int(rng.choice((2, 4, 4, 7))),
        "tx_integer": int(rng.choice((8, 12, 14, 20, 32))),
        "reestablishment_allowed": bool(rng.random() < 0.3),
        "gprs": Gprs(ra_colour=int(rng.integers(0, 8)), rac=int(rng.integers(0, 20))),
        "si2quater": Si2quater() if rng.random() < 0.7 else None,
    }


def _railway(rng: np.random.Generator) -> dict[str, Any]:
    return {
        "t3212": 60,
        "cell_reselect_hysteresis_db": 4,
        "ms_txpwr_max_cch": 2,
        "rxlev_access_min": 7,
        "bs_ag_blks_res": int(rng.integers(1, 3)),
        "bs_pa_mfrms": 2,
        "max_retrans": 2,
        "tx_integer": int(rng.choice((14, 32))),
        "dtx": 0,
        "gprs": None,
        "radio_link_timeout": 4,
    }


def configured(network: Network, rng: np.random.Generator, **fields: Any) -> GsmBroadcast:
    """One cell by the template; some leave it in a field, as real ones do."""
    odd: dict[str, Any] = {}
    if not network.railway:
        values = {
            "radio_link_timeout": int(rng.integers(3, 12)),
            "rxlev_access_min": int(rng.choice((1, 5, 15, 20))),
            "reestablishment_allowed": not network.template["reestablishment_allowed"],
            "gprs": None,
        }
        odd = {name: values[name] for name, share in ODD_SHARE.items() if rng.random() < share}
        if "cell_reselect_offset_db" in network.template and rng.random() < 0.035:
            odd["cell_reselect_offset_db"] = int(rng.choice((0, 8, 12, 20)))
    permitted = sum(1 << n for n in network.ncc)
    said: dict[str, Any] = {"plmn": network.plmn, "ncc_permitted": permitted} | network.template | odd | fields
    return GsmBroadcast(**said)


def with_fields(broadcast: GsmBroadcast, **fields: Any) -> GsmBroadcast:
    return msgspec.structs.replace(broadcast, **fields)
