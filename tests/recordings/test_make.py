import errno
import hashlib
import json
import os
from pathlib import Path

import msgspec
import numpy as np
import pytest

from recordings import make_folder
from recordings.make import TRUTH, make, set_key
from recordings.make_refusals import CannotWrite, NoRoom
from recordings.make_work import Piece, pieces
from recordings.read import open_recording
from recordings.scenario_read import parse_scenario
from recordings.truth import Truth
from recordings.world import World
from shell.words import explain

TEXT = """
name = "small"
start_utc = 2026-03-02T08:00:00.25Z
duration_s = 4.0
seed = 3
[place]
lat_deg = 30.6
lon_deg = 104.1
[[look]]
service = "fm"
centre_hz = 98.0e6
rate_hz = 1.2e6
seconds = 0.11
every_s = 1.5
[[look]]
service = "gsm"
centre_hz = 953.7e6
rate_hz = 1.0e6
seconds = 0.09
first_s = 0.5
[[sensor]]
name = "fixed"
site = { east_m = 0.0, north_m = 0.0 }
clock_ppm = 0.6
time_sigma_ns = 2000
calibration_error_db = 0.5
fm = { gain_db = 20.7, antenna_dbi = -15.0, noise_figure_db = 20.0 }
gsm = { gain_db = 40.2 }
[[sensor]]
name = "van"
route = { points_m = [[100.0, 0.0], [100.0, 300.0]], speed_m_s = 10.0 }
calibrated = false
fm = { gain_db = 20.7 }
[[interference]]
name = "strip"
eirp_dbm = 40.0
freq_hz = 98.2e6
noise_width_hz = 100e3
site = { east_m = 900.0, north_m = 0.0 }
[[interference]]
name = "mover"
eirp_dbm = 30.0
freq_hz = 97.8e6
route = { points_m = [[0.0, 2000.0], [0.0, 2500.0]], speed_m_s = 12.0 }
[[gsm_cell]]
name = "cell"
kind = "licensed"
eirp_dbm = 40.0
site = { east_m = 0.0, north_m = 800.0 }
broadcast = { arfcn = 93, plmn = "460-00", lac = 4711, ci = 12, bsic = 9 }
"""


def small():
    return parse_scenario(TEXT, file="small.toml")


def contents(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.iterdir())
        if not path.name.startswith(".")
    }


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    return folder, make(small(), folder)


def test_there_is_one_pair_a_sensor_and_the_truth(made):
    folder, paths = made
    assert [path.name for path in paths] == ["fixed.sigmf-meta", "van.sigmf-meta"]
    assert set(contents(folder)) == {
        "fixed.sigmf-data",
        "fixed.sigmf-meta",
        "van.sigmf-data",
        "van.sigmf-meta",
        "made.json",
        TRUTH,
    }


def test_helpers_make_the_same_samples(made, tmp_path):
    make(small(), tmp_path / "by_two", workers=2)
    assert contents(tmp_path / "by_two") == contents(made[0])


def test_another_seed_makes_other_samples(made, tmp_path):
    other = msgspec.structs.replace(small(), seed=4)
    make(other, tmp_path)
    assert (tmp_path / "fixed.sigmf-data").read_bytes() != (made[0] / "fixed.sigmf-data").read_bytes()


def test_how_the_work_is_cut_does_not_matter():
    long = msgspec.structs.replace(small(), look=(msgspec.structs.replace(small().look[0], seconds=0.4),))
    world, look = World(long), long.looks()[0]
    whole = {s.name: made.tobytes() for s, made in world.blocks(look, range(20))}
    parts = {"fixed": b"", "van": b""}
    for blocks in (range(4), range(4, 12), range(12, 20)):
        for sensor, part in World(long).blocks(look, blocks):
            parts[sensor.name] += part.tobytes()
    assert whole == parts
    assert len(whole["fixed"]) == 2 * look.samples


def test_work_is_cut_into_pieces_that_cover_every_look_once():
    long = msgspec.structs.replace(
        small(), duration_s=60.0, look=(msgspec.structs.replace(small().look[0], seconds=30.0, every_s=30.0),)
    )
    world = World(long)
    found = pieces(world)
    assert len(found) > 20  # what is held in memory does not grow with the look
    for number, look in enumerate(long.looks()):
        blocks = [block for piece in found if piece.look == number for block in piece.blocks]
        assert blocks == list(range(-(-look.samples // world.grid(look.plan).kept)))
    assert isinstance(found[0], Piece)


def test_the_reader_finds_each_look_where_the_scenario_put_it(made):
    recording = open_recording(made[1][0])
    assert recording.warnings == ()
    assert [c.centre_hz for c in recording.captures] == [98.0e6, 953.7e6, 98.0e6, 98.0e6]
    assert [c.rate_hz for c in recording.captures] == [1.2e6, 1.0e6, 1.2e6, 1.2e6]
    assert [c.samples for c in recording.captures] == [132_000, 90_000, 132_000, 132_000]
    assert [c.gain_db for c in recording.captures] == [20.7, 40.2, 20.7, 20.7]
    start_ns = small().start_utc_ns
    assert [c.time_utc_ns - start_ns for c in recording.captures] == [0, 500_000_000, 1_500_000_000, 3_000_000_000]
    assert recording.captures[0].position == pytest.approx((30.6, 104.1, 5.0))
    assert recording.captures[0].time_sigma_ns == 2000
    block = recording.read(recording.captures[3], 0, 10_000)
    assert len(block.samples) == 10_000


def test_a_sensor_that_does_not_listen_to_a_service_has_none_of_its_looks(made):
    assert [c.centre_hz for c in open_recording(made[1][1]).captures] == [98.0e6] * 3


def test_a_vehicle_says_where_it_was_at_each_look(made):
    lats = [c.position[0] for c in open_recording(made[1][1]).captures]
    assert lats[0] < lats[1] < lats[2]


def test_calibration_is_told_by_those_who_have_it(made):
    fixed, van = (json.loads(path.read_text())["captures"] for path in made[1])
    # −10 dBm at full scale without gain, 15 dB that the whip loses, half a dB of error
    assert fixed[0]["wavewarden:dbm_at_full_scale"] == pytest.approx(-10.0 + 15.0 + 0.5)
    assert "wavewarden:dbm_at_full_scale" not in van[0]


def test_a_carrier_stands_in_the_file_at_the_level_the_truth_says(made):
    truth = msgspec.json.decode((made[0] / TRUTH).read_bytes(), type=Truth)
    recording = open_recording(made[1][0])
    for number, capture in ((0, 0), (3, 3)):
        block = recording.read(recording.captures[capture], 0, 132_000).samples
        told = next(r for r in truth.receptions if (r.look, r.sensor, r.emitter) == (number, "fixed", "strip"))
        spectrum = np.abs(np.fft.fft(block)) ** 2 / len(block) ** 2
        at = round(0.2e6 / 1.2e6 * len(block))
        half = round(75e3 / 1.2e6 * len(block))
        # echoes move the level about its mean, by a few dB
        assert 10 * np.log10(spectrum[at - half : at + half].sum()) == pytest.approx(told.level_dbfs, abs=4.0)


def test_the_truth_names_everyone_with_place_and_identity(made):
    truth = msgspec.json.decode((made[0] / TRUTH).read_bytes(), type=Truth)
    assert truth.start_utc_ns == small().start_utc_ns
    by_name = {emitter.name: emitter for emitter in truth.emitters}
    assert set(by_name) == {"strip", "mover", "cell"}
    cell = by_name["cell"]
    assert (cell.plmn, cell.lac, cell.ci, cell.bsic, cell.arfcn) == ("460-00", 4711, 12, 9, 93)
    assert cell.licensed
    assert not by_name["strip"].licensed
    assert len(by_name["strip"].positions) == 1
    assert [p.time_utc_ns - truth.start_utc_ns for p in by_name["mover"].positions] == [
        k * 1_000_000_000 for k in range(5)
    ]
    assert by_name["mover"].positions[4].lat_deg > by_name["mover"].positions[0].lat_deg
    heard = {(r.sensor, r.emitter) for r in truth.receptions if r.look == 1}
    assert heard == {("fixed", "cell")}


def test_a_finished_set_is_not_made_again(made):
    before = {path: path.stat().st_mtime_ns for path in made[0].glob("*.sigmf-data")}
    told: list[float] = []
    make(small(), made[0], progress=told.append)
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert told == [1.0]


def test_a_set_that_lost_a_file_is_made_again(tmp_path):
    make(small(), tmp_path)
    whole = contents(tmp_path)
    (tmp_path / "van.sigmf-data").unlink()
    make(small(), tmp_path)
    assert contents(tmp_path) == whole


def test_a_changed_scenario_replaces_the_set(tmp_path):
    make(small(), tmp_path)
    renamed = TEXT.replace('name = "van"', 'name = "bus"')
    make(parse_scenario(renamed, file="small.toml"), tmp_path)
    assert {path.name for path in tmp_path.glob("*.sigmf-meta")} == {"fixed.sigmf-meta", "bus.sigmf-meta"}


def test_what_stands_in_the_folder_otherwise_is_left_alone(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    make(small(), tmp_path)
    make(msgspec.structs.replace(small(), seed=9), tmp_path)
    assert (tmp_path / "notes.txt").read_text() == "mine"


class Stop(Exception):
    pass


def test_an_interrupted_set_does_not_look_finished(tmp_path):
    def give_up(share):
        raise Stop

    with pytest.raises(Stop):
        make(small(), tmp_path, progress=give_up)
    assert contents(tmp_path) == {}
    assert not (tmp_path / ".making").exists()
    make(small(), tmp_path)
    assert (tmp_path / "made.json").exists()


def test_a_crash_before_the_mark_leaves_no_finished_set(tmp_path, monkeypatch):
    monkeypatch.setattr(make_folder.os, "fsync", lambda _: (_ for _ in ()).throw(Stop()))
    with pytest.raises(Stop):
        make(small(), tmp_path)
    assert not (tmp_path / "made.json").exists()
    monkeypatch.undo()
    make(small(), tmp_path)
    assert (tmp_path / "made.json").exists()


def test_progress_rises_to_one(tmp_path):
    told: list[float] = []
    make(small(), tmp_path, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) > 2


def test_a_full_disk_is_refused_before_the_work_with_need_and_room(tmp_path, monkeypatch):
    usage = make_folder.shutil.disk_usage(tmp_path)._replace(free=1_500_000)
    monkeypatch.setattr(make_folder.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(NoRoom) as caught:
        make(small(), tmp_path)
    assert (caught.value.need_mb, caught.value.free_mb) == (6, 1)
    assert caught.value.errno == errno.ENOSPC
    assert str(tmp_path) in str(caught.value)
    assert "6 MB" in explain(caught.value, "zh")
    assert contents(tmp_path) == {}


def test_a_disk_that_fills_up_meanwhile_is_refused_too(tmp_path, monkeypatch):
    def full(_descriptor, _offset, _size):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(make_folder.os, "posix_fallocate", full)
    with pytest.raises(NoRoom, match="make room"):
        make(small(), tmp_path)
    assert contents(tmp_path) == {}


def test_a_folder_that_cannot_be_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotWrite, match="name another folder"):
        make(small(), tmp_path / "file" / "set")


def test_the_key_changes_with_the_scenario():
    assert set_key(small()) == set_key(small())
    assert set_key(small()) != set_key(msgspec.structs.replace(small(), seed=4))
