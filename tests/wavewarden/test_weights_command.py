"""`wavewarden weights`: the table, and a new one from labelled cells."""

import json
from pathlib import Path

import pytest

from dsp.signatures.labelled import Labelled, OneSided, recounted
from dsp.signatures.weights import Counts, UnknownWeight, Weights
from shell.data import read_data
from shell.exits import Exit
from shell.settings import read_settings
from tests.wavewarden.running import invoke

TABLE = read_data("weights.toml", Weights)


def cells(label: str, n: int, *findings: str) -> list[str]:
    return [json.dumps({"label": label, "findings": findings})] * n


def test_the_table_shows_each_weight_with_the_counts_behind_it_in_both_languages(monkeypatch):
    for lang, word in (("en", "Configuration"), ("zh", "参数")):
        done = invoke(monkeypatch, "weights", lang=lang)
        assert done.exit_code == Exit.DONE
        line = next(line for line in done.stdout.splitlines() if "gsm_t3212" in line)
        assert word in line
        assert "+10.0" in line
        assert "2/2" in line
        assert "0/201" in line


def test_weights_are_computed_anew_from_labelled_cells_and_written_as_they_are_read(monkeypatch, tmp_path: Path):
    rows = [*cells("rogue", 8, "gsm_t3212", "gsm_c2_attraction.great"), *cells("rogue", 2), *cells("lawful", 99)]
    (tmp_path / "cells.jsonl").write_text("\n".join([*rows, *cells("lawful", 1, "gsm_t3212"), ""]), encoding="utf-8")
    made = tmp_path / "mine.toml"
    done = invoke(monkeypatch, "weights", "--from", tmp_path / "cells.jsonl", "--out", made)
    assert done.exit_code == Exit.DONE
    table = read_settings(made, Weights)
    assert table.weights["gsm_t3212"].db == 17.2  # (8.5 / 11) / (1.5 / 101)
    assert table.weights["gsm_t3212"].innocent == Counts(1, 100)
    assert table.weights["gsm_c2_attraction.great"].db == 20.0  # (8.5 / 11) / (0.5 / 101) is 21.9: cut
    never_met = table.weights["gsm_lac_hop.once"]
    assert (never_met.db, never_met.guilty, never_met.innocent) == (15.0, Counts(0, 10), Counts(0, 100))
    assert "never fired" in never_met.source
    assert set(table.weights) == set(TABLE.weights)
    assert "counted from cells.jsonl" in table.weights["gsm_t3212"].source


def test_bad_rows_are_told_and_counted_and_the_others_used(monkeypatch, tmp_path: Path):
    bad = ["{", '{"label":"guilty","findings":[]}', '{"label":"rogue","findings":["gsm_t32l2"]}', '{"label":"rogue"}']
    file = tmp_path / "cells.jsonl"
    file.write_text("\n".join([*bad, *cells("rogue", 3), *cells("lawful", 3)]), encoding="utf-8")
    for lang, sentence in (("en", "4 rows were refused, 6 used"), ("zh", "4 行不能用，用了 6 行")):
        done = invoke(monkeypatch, "weights", "--from", file, lang=lang)
        assert done.exit_code == Exit.DONE
        assert sentence in done.stderr
        assert "gsm_t32l2" in done.stderr
        assert "0/3" in done.stdout


def test_cells_of_one_kind_only_and_a_file_that_is_not_there_are_refused(monkeypatch, tmp_path: Path):
    (tmp_path / "cells.jsonl").write_text("\n".join(cells("rogue", 3)), encoding="utf-8")
    one = invoke(monkeypatch, "weights", "--from", tmp_path / "cells.jsonl")
    assert one.exit_code == Exit.BAD_INPUT
    assert "3 rogue and 0 lawful" in one.stderr
    gone = invoke(monkeypatch, "weights", "--from", tmp_path / "none.jsonl")
    assert gone.exit_code == Exit.BAD_INPUT
    assert "there is no such file" in gone.stderr


def test_what_weighs_by_the_piece_keeps_its_weight():
    made = recounted(
        TABLE, [Labelled(label="rogue", findings=()), Labelled(label="lawful", findings=())], source="x", kept="y"
    )
    assert made.weights["gsm_config_novelty"].db == TABLE.weights["gsm_config_novelty"].db
    with pytest.raises(OneSided):
        recounted(TABLE, [], source="x", kept="y")


def test_a_server_judges_by_weights_and_plan_of_ones_own(tmp_path: Path):
    from server.program import rules_of
    from server.settings import ServerSettings

    (tmp_path / "mine.toml").write_text('[weights.gsm_t3212]\ndb = 1.0\ngroup = "configuration"\nsource = "mine"\n')
    rules = rules_of(ServerSettings(weights=str(tmp_path / "mine.toml"), band_plan="de"))
    assert rules.weights.db("gsm_t3212") == 1.0
    assert rules.weights.db("gsm_clone") == TABLE.db("gsm_clone")
    assert rules.plan is not None
    assert rules.plan.home_mcc == ("262",)
    (tmp_path / "mine.toml").write_text('[weights.gsm_t32l2]\ndb = 1.0\ngroup = "configuration"\nsource = "mine"\n')
    with pytest.raises(UnknownWeight):
        rules_of(ServerSettings(weights=str(tmp_path / "mine.toml")))
