"""The cells surveyed in one city in 2012, as a sensor would report them: three sites, one look each."""

import dataclasses
import json
from pathlib import Path

import msgspec

from dsp.gsm.arfcn import downlink_hz
from dsp.gsm.description import describe_cell
from dsp.gsm.look import GsmLook, Reception
from dsp.gsm.subscribers import SubscriberCounts
from dsp.gsm.values import GsmCell, SystemInformation

KINDS = {"si1": "1", "si2": "2", "si2b": "2bis", "si2t": "2ter", "si3": "3", "si4": "4"}
NOTHING_ELSE = GsmLook(receptions=(), noise_dbfs_200k=-60.0, seconds=2.0, rate_hz=1e6)


def real_sites(recordings: Path) -> dict[str, tuple[GsmCell, ...]]:
    records = json.loads((recordings / "cells" / "cells_2012.json").read_text(encoding="utf-8"))
    sites: dict[str, list[GsmCell]] = {}
    for record in records:
        sites.setdefault(record["site"], []).append(as_cell(record))
    return {site: tuple(cells) for site, cells in sites.items()}


def as_cell(record: dict[str, str]) -> GsmCell:
    messages = tuple(
        SystemInformation(kind=kind, hex=record[key], times=10, tc_seen=(0, 1, 2, 3))
        for key, kind in KINDS.items()
        if record.get(key)
    )
    ncc, bcc = (int(part) for part in record["bsic"].split(","))
    arfcn, dbm = int(record["arfcn"]), float(record["rx"])
    cell = describe_cell(NOTHING_ELSE, _reception(arfcn, ncc * 8 + bcc, dbm), messages)
    return msgspec.structs.replace(cell, level_dbm=dbm, paging=None)


def _reception(arfcn: int, bsic: int, dbm: float) -> Reception:
    """A reception in which nothing was received but the carrier: what counts is remembered System Information."""
    known = {
        "bsic": bsic,
        "measured_hz": downlink_hz(arfcn)[0],
        "arfcn": arfcn,
        "freq_hz": downlink_hz(arfcn)[0],
        "carrier_offset_hz": 0.0,
        "carrier_offset_sigma_hz": 10.0,
        "level_dbfs": dbm + 30.0,
        "cnr_db": dbm + 113.0,
        "seconds": 2.0,
        "frame_sample_sigma": None,
        "syncs": (),
        "failed": (),
        "blocks": (),
        "subscribers": SubscriberCounts(),
    }
    needed = [field.name for field in dataclasses.fields(Reception) if field.default is dataclasses.MISSING]
    return Reception(**{name: known.get(name, 0) for name in needed})
