"""Received power on real recordings: a part of what `bench locate_power` measures."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fusion.locate.calibrate import NOTHING_LEARNT
from fusion.locate.evidence import Evidence
from fusion.locate.joint import locate
from tests.benchmarks.bench_locate import LORA, LORA_TRUTH, error_m, holds, sighting
from tests.benchmarks.campus import AREA, PRIOR, Campus, learnt_of_day

DAY, FOLD = "2022-07-06", 2


@pytest.fixture(scope="module")
def campus(recordings_dir: Path) -> Campus:
    return Campus.read(recordings_dir / "locating")


@pytest.mark.needs_recordings
@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # receivers that were away
@pytest.mark.parametrize(("blind", "median_m"), [(True, 320.0), (False, 250.0)])
def test_a_transmitter_of_unknown_power_is_found_on_the_campus(campus: Campus, blind: bool, median_m: float) -> None:
    """Sixteen rows of one fold; of 16 regions at 95 % two miss one time in five, three one in twenty."""
    rows = np.flatnonzero((campus.fold == FOLD) & (campus.day == DAY))
    learnt, noise = learnt_of_day(campus, FOLD, DAY)
    prior = replace(PRIOR, eirp_sigma_db=12.0) if blind else PRIOR
    held, errors = [], []
    for row in rows[:: max(1, rows.size // 16)][:16]:
        seen = campus.sightings(int(row), noise, as_cnr=blind)
        told = NOTHING_LEARNT if blind else learnt
        fix = locate(Evidence(tuple(seen)), prior=prior, area=AREA, time_utc_ns=0, learnt=told)
        assert fix is not None
        held.append(holds(fix, campus.degrees(int(row))))
        errors.append(error_m(fix, campus.degrees(int(row))))
    assert sum(held) >= len(held) - 3
    assert np.median([e for e in errors if e is not None]) < median_m


@pytest.mark.needs_recordings
@pytest.mark.parametrize("column", ["ED RSSI", "GW RSSI"])
def test_a_real_drive_holds_the_emitter_in_half_a_square_kilometre(recordings_dir: Path, column: str) -> None:
    rows = csv.DictReader((recordings_dir / "locating" / "lora_car.csv").read_text(encoding="utf-8").splitlines())
    heard = [(float(r["Latitude"]), float(r["Longitude"]), float(r[column])) for r in rows if r[column]]
    drive = [sighting("car", a, b, level=p, sigma_db=8.0, second=i) for i, (a, b, p) in enumerate(heard)]
    fix = locate(Evidence(tuple(drive)), prior=LORA, area=None, time_utc_ns=0)
    assert fix is not None
    assert holds(fix, LORA_TRUTH)
    assert fix.area_km2 < 0.5
