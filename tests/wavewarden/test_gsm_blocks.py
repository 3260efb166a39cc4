import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from dsp.gsm.frame import FRAME_SECONDS, Channel
from dsp.gsm.look import Block
from recordings.read import Recording
from shell.exits import Exit
from tests.conftest import ROOT
from tests.wavewarden.gsm_made import RATE_HZ, cell, made_file, opened, sent
from tests.wavewarden.running import invoke
from wavewarden import stretches as stretches_module
from wavewarden.gsm_events import Event, listen_through

SECONDS = 3.2
CELLS = [
    cell(25, frame_number_at_start=123_456, symbol_offset=333.3, paging_per_s=40.0, assignments_per_s=4.0),
    cell(27, frame_number_at_start=2_715_000, symbol_offset=901.7, paging_per_s=10.0),  # passes the hyperframe's end
]


@pytest.fixture(scope="module")
def two_cells(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_file(tmp_path_factory.mktemp("gsm") / "two.cf32", CELLS, seconds=SECONDS, clock_ppm=-30.0)


def all_events(recording: Recording) -> list[Event]:
    return [event for step in listen_through(recording) for event in step.events]


@pytest.mark.parametrize("stretch_s", [2.0, 0.73])
def test_every_block_that_was_sent_is_told_once_and_in_order_across_all_seams(two_cells, monkeypatch, stretch_s):
    monkeypatch.setattr(stretches_module, "STRETCH_S", stretch_s)
    events = all_events(opened(two_cells))
    assert [event.sample for event in events] == sorted(event.sample for event in events)
    for k, broadcast in enumerate(CELLS):
        truth = {one.frame_number % 2_715_648: one for one in sent(broadcast, seed=k + 1, seconds=SECONDS)}
        heard = [event for event in events if event.of.bsic == broadcast.bsic]
        blocks = [event for event in heard if isinstance(event.what, Block)]
        numbers = [event.what.frame_number for event in blocks]
        assert len(numbers) == len(set(numbers)) and set(numbers) <= set(truth)
        assert len(truth) - len(numbers) <= 2  # at the very ends the channel filter lacks what lies outside
        for event in blocks:
            assert isinstance(event.what, Block) and event.what.digest4 == truth[event.what.frame_number].digest4
            assert event.time_s == pytest.approx(truth[event.what.frame_number].began_s, rel=31e-6, abs=2e-6)
        syncs = [event.what.frame_number for event in heard if not isinstance(event.what, Block)]
        assert len(syncs) == len(set(syncs)) >= 21.6 * (SECONDS - 0.1)
        assert {number % 51 for number in syncs} == {1, 11, 21, 31, 41}


def test_samples_lost_near_a_seam_lose_no_more_blocks_than_they_touch_and_double_none(two_cells, tmp_path):
    samples = np.fromfile(two_cells, np.complex64)
    torn = tmp_path / "torn.cf32"
    np.concatenate([samples[:1_960_000], samples[1_991_000:]]).tofile(torn)
    events = all_events(opened(torn))
    heard = [event for event in events if event.of.bsic == CELLS[0].bsic and isinstance(event.what, Block)]
    numbers = [event.what.frame_number for event in heard]
    assert len(numbers) == len(set(numbers))
    whole = len(sent(CELLS[0], seed=1, seconds=SECONDS))
    assert whole - 5 <= len(numbers) < whole
    after = [event for event in heard if event.what.frame_number > 123_456 + 480]  # 2.2 s
    truth = {one.frame_number: one.began_s - 0.031 for one in sent(CELLS[0], seed=1, seconds=SECONDS)}
    assert all(abs(event.time_s - truth[event.what.frame_number]) < 0.001 for event in after)


def test_a_weak_cell_is_read_with_the_help_of_its_repeats_and_nothing_is_invented(tmp_path):
    weak = cell(25, frame_number_at_start=777, symbol_offset=50.0)
    path = made_file(tmp_path / "weak.cf32", [weak], seconds=5.2, rate_hz=5e5, eb_n0_db=-0.5)
    events = all_events(opened(path, rate_hz=5e5))
    truth = {one.frame_number: one.digest4 for one in sent(weak, seed=1, seconds=5.2)}
    blocks = [event.what for event in events if isinstance(event.what, Block)]
    assert all(truth[block.frame_number] == block.digest4 for block in blocks)
    assert len({block.frame_number for block in blocks}) == len(blocks)
    helped = [block for block in blocks if block.repeats > 1]
    assert helped and {block.channel for block in helped} == {Channel.BCCH}
    broadcast = [number for number in truth if number % 51 == 2]
    assert len([block for block in blocks if block.channel is Channel.BCCH]) >= 0.9 * len(broadcast)


def test_blocks_of_other_time_slots_are_told_once_each_in_their_own_time(tmp_path, monkeypatch):
    monkeypatch.setattr(stretches_module, "STRETCH_S", 1.0)
    wide = cell(25, ccch_channels=2, paging_per_s=30.0)
    events = all_events(opened(made_file(tmp_path / "wide.cf32", [wide], seconds=2.2, rate_hz=5e5), rate_hz=5e5))
    blocks = [(event, event.what) for event in events if isinstance(event.what, Block)]
    places = [(block.frame_number, block.timeslot) for _, block in blocks]
    assert len(places) == len(set(places)) and {slot for _, slot in places} == {0, 2}
    assert len([place for place in places if place[1] == 2]) > 75
    for event, block in blocks:
        began_s = (block.frame_number + block.timeslot / 8) * FRAME_SECONDS
        assert event.time_s == pytest.approx(began_s, abs=2e-6)


def test_a_note_in_the_recording_does_not_divide_it(two_cells, tmp_path):
    raw = two_cells.read_bytes()[: 8 * 1_500_000]
    (tmp_path / "x.sigmf-data").write_bytes(raw)
    captures = [{"core:sample_start": at, "core:frequency": 940.1e6} for at in (0, 700_000, 1_100_000)]
    about = {"core:datatype": "cf32_le", "core:sample_rate": RATE_HZ, "core:version": "1.0.0"}
    meta = {"global": about, "captures": captures, "annotations": []}
    (tmp_path / "x.sigmf-meta").write_text(json.dumps(meta))
    noted = all_events(opened(tmp_path / "x.sigmf-meta"))
    (tmp_path / "plain.cf32").write_bytes(raw)
    plain = all_events(opened(tmp_path / "plain.cf32"))
    assert [event.sample for event in noted] == [event.sample for event in plain]


def test_lines_hold_what_was_sent_and_of_subscribers_nothing(monkeypatch, two_cells):
    given = ("--rate", RATE_HZ, "--centre", 940.1e6, "--format", "cf32_le")
    done = invoke(monkeypatch, "gsm", "blocks", two_cells, *given, "--json")
    assert done.exit_code == Exit.DONE
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["time_s"] for line in lines] == sorted(line["time_s"] for line in lines)
    secrets = set[str]()
    for k, broadcast in enumerate(CELLS):
        truth = {one.frame_number % 2_715_648: one for one in sent(broadcast, seed=k + 1, seconds=SECONDS)}
        own = [line for line in lines if line["arfcn"] == broadcast.arfcn]
        assert {line["carrier_hz"] for line in own} == {broadcast.freq_hz}
        for line in own:
            if line["type"] == "sch":
                assert line["channel"] == "SCH" and "hex" not in line and "sha256_4" not in line
                continue
            octets = truth[line["frame_number"]].octets
            assert line["sha256_4"] == truth[line["frame_number"]].digest4
            assert line["hex"] == (None if truth[line["frame_number"]].is_about_subscribers else octets.hex())
            assert (line["timeslot"], line["repeats"]) == (0, 1)
        secrets |= {one.octets.hex()[8:24] for one in truth.values() if one.is_about_subscribers}
    assert len(secrets) > 50
    plain = invoke(monkeypatch, "gsm", "blocks", two_cells, *given, lang="zh")
    assert plain.exit_code == Exit.DONE and len(plain.stdout.splitlines()) == len(lines) + 2
    assert not [secret for secret in secrets if secret in done.stdout or secret in plain.stdout]


def test_a_reader_that_has_seen_enough_ends_it_without_a_word(two_cells):
    given = ["--rate", str(RATE_HZ), "--centre", "940.1e6", "--format", "cf32_le"]
    command = [sys.executable, "-m", "wavewarden", "gsm", "blocks", str(two_cells), *given, "--json"]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdout=pipe, stderr=pipe, encoding="utf-8") as process:
        assert process.stdout is not None and process.stderr is not None
        assert json.loads(process.stdout.readline())["type"] in {"block", "sch"}
        process.stdout.close()
        said = process.stderr.read()
        assert process.wait(30) == Exit.DONE and "wavewarden:" not in said and "Error" not in said


@pytest.mark.needs_recordings
def test_the_real_capture_is_told_block_by_block(monkeypatch, recordings_dir):
    truth = json.loads((recordings_dir / "gsm" / "cell_272-02_500ks.truth.json").read_text())
    file = recordings_dir / "gsm" / truth["capture"]
    given = ("--rate", truth["rate_hz"], "--centre", 0, "--format", "cf32_le", "--json")
    done = invoke(monkeypatch, "gsm", "blocks", file, *given)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    blocks = [line for line in lines if line["type"] == "block"]
    assert [line["frame_number"] for line in lines if line["type"] == "sch"] == [one["fn"] for one in truth["sch"]]
    assert [(line["frame_number"], line["kind"]) for line in blocks] == [
        (one["fn"], one["kind"].lower()) for one in truth["blocks"]
    ]
    for line, one in zip(blocks, truth["blocks"], strict=True):
        assert line["hex"] == one.get("hex") and line["bsic"] == truth["bsic"]
        assert line["sha256_4"] == one.get("sha256_4", line["sha256_4"])
