"""Cells and stations as a sensor would report them: ordinary by default, every field open to change."""

from typing import Any

import msgspec

from dsp.fm.values import FmStation
from dsp.gsm.values import GsmCell, PagingCounts
from dsp.signatures.band_plan import BandPlan
from dsp.signatures.frame_clock import FRAME_NS
from dsp.signatures.history import SiteHistory
from dsp.signatures.licences import FmLicence, Licences
from dsp.signatures.registry import judge_fm, judge_gsm
from dsp.signatures.weights import Weights
from shell.data import read_data

SECOND = 10**9
MINUTE = 60 * SECOND
WEIGHTS = read_data("weights.toml", Weights)
CHINA = read_data("plans/cn.toml", BandPlan)
LAW: dict[str, Any] = {"weights": WEIGHTS, "plan": CHINA}


def cell(arfcn: int = 20, **fields: Any) -> GsmCell:
    """A legitimate China Mobile cell, calibrated sensor, all System Information read."""
    ordinary = {
        "freq_hz": 935e6 + 0.2e6 * arfcn,
        "arfcn": arfcn,
        "level_dbfs": -40.0,
        "level_dbm": -70.0,
        "cnr_db": 35.0,
        "carrier_offset_hz": 12.0,
        "carrier_offset_sigma_hz": 5.0,
        "bsic": 21,
        "frame_number": 1000,
        "frame_sample": 0.0,
        "seconds": 2.0,
        "sch_read": 40,
        "blocks_read": 100,
        "blocks_failed": 0,
        "mcc": "460",
        "mnc": "00",
        "lac": 21014,
        "ci": 8000 + arfcn,
        "mscr": 1,
        "att": True,
        "bs_ag_blks_res": 3,
        "ccch_conf": 0,
        "bs_pa_mfrms": 6,
        "t3212": 30,
        "cell_reselect_hysteresis_db": 6,
        "ms_txpwr_max_cch": 5,
        "rxlev_access_min": 8,
        "acs": False,
        "neci": True,
        "rest_octets_read": True,
        "cbq": False,
        "cell_reselect_offset_db": 4,
        "temporary_offset_db": 0,
        "temporary_offset_infinite": False,
        "penalty_time": 0,
        "gprs_announced": True,
        "si2quater_announced": True,
        "max_retrans": 2,
        "tx_integer": 14,
        "cell_barred": False,
        "access_classes_barred": 0,
        "neighbour_arfcns": (10, 20, 30, 40, 50, 60),
        "ncc_permitted": 0b00001100,
    }
    return GsmCell(**(ordinary | fields))


def network(count: int = 5, **fields: Any) -> tuple[GsmCell, ...]:
    """Cells of one network on carriers 10, 20, 30 …, each naming the others."""
    return tuple(cell(10 * (i + 1), bsic=16 + i, **fields) for i in range(count))


def rogue(arfcn: int = 75, **fields: Any) -> GsmCell:
    """What is sold: a lure, a new location area, no neighbours, defaults."""
    return cell(
        arfcn,
        **(
            {
                "bsic": 7,
                "lac": 40001,
                "ci": 10,
                "level_dbm": -55.0,
                "cnr_db": 48.0,
                "cell_reselect_offset_db": 100,
                "t3212": 1,
                "rxlev_access_min": 0,
                "gprs_announced": False,
                "neighbour_arfcns": (),
                "ncc_permitted": 0xFF,
            }
            | fields
        ),
    )


def railway(arfcn: int = 1005, **fields: Any) -> GsmCell:
    """A cell of the railway's own network."""
    freq_hz = 890e6 + 45e6 + 0.2e6 * (arfcn - 1024)
    return cell(arfcn, **({"mnc": "20", "freq_hz": freq_hz, "gprs_announced": False, "bsic": 40} | fields))


def clocked(value: GsmCell, time_utc_ns: int, *, phase_ns: float = 0.0) -> GsmCell:
    """The cell as seen at that time, its frame 0 at `phase_ns` after the epoch."""
    frame = round((time_utc_ns - phase_ns) / FRAME_NS)
    start_ns = round(phase_ns + frame * FRAME_NS)
    return msgspec.structs.replace(value, frame_number=frame % 2715648, frame_time_utc_ns=start_ns)


def paged(value: GsmCell, *, blocks: int, tmsi: int, **counts: int) -> GsmCell:
    others = {"imsi": 0, "no_identity": 0, "assignments": 0, "assignments_location_update": 0, "assignments_hopping": 0}
    return msgspec.structs.replace(value, paging=PagingCounts(blocks_read=blocks, tmsi=tmsi, **(others | counts)))


def station(freq_mhz: float = 93.1, **fields: Any) -> FmStation:
    """A licensed stereo station with RDS, well heard."""
    ordinary = {
        "freq_hz": freq_mhz * 1e6,
        "freq_sigma_hz": 30.0,
        "level_dbfs": -30.0,
        "level_dbm": -60.0,
        "cnr_db": 40.0,
        "sinr_db": 38.0,
        "seconds": 2.0,
        "deviation_hz": 68e3,
        "pilot_hz": 19000.0,
        "pilot_deviation_hz": 6800.0,
        "rds_groups": 20,
        "rds_block_error_rate": 0.0,
        "pi": 0x8231,
        "pi_groups": 20,
        "ps": "CITY FM ",
    }
    return FmStation(**(ordinary | fields))


def plain(freq_mhz: float, **fields: Any) -> FmStation:
    """A mono carrier without RDS."""
    return station(
        freq_mhz,
        **(
            {"pilot_hz": None, "pilot_deviation_hz": None, "rds_groups": 0, "pi": None, "pi_groups": 0, "ps": None}
            | fields
        ),
    )


LICENCES = Licences(
    fm=tuple(
        FmLicence(freq_hz=mhz * 1e6, name=f"Station {mhz}", pi=pi, stereo=True, rds=True, erp_w=3000.0)
        for mhz, pi in (
            (89.3, 0x8111),
            (91.5, 0x8121),
            (93.1, 0x8231),
            (97.4, 0x8341),
            (101.8, 0x8451),
            (105.6, 0x8561),
        )
    )
)


def gsm_names(cells: tuple[GsmCell, ...], about: int, **options: Any) -> dict[str, float]:
    """name → weight of what is found about one cell of a look."""
    history = options.pop("history", SiteHistory())
    licences, now_ns = options.pop("licences", Licences()), options.pop("now_ns", 0)
    found = judge_gsm(cells, history, licences, now_ns=now_ns, **(LAW | options))
    return {f.name: f.weight_db for f in found if f.about == about}


def fm_names(stations: tuple[FmStation, ...], about: int, **options: Any) -> dict[str, float]:
    history = options.pop("history", SiteHistory())
    found = judge_fm(stations, history, options.pop("licences", LICENCES), now_ns=options.pop("now_ns", 0))
    return {f.name: f.weight_db for f in found if f.about == about}
