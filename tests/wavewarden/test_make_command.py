from shell.exits import Exit
from tests.wavewarden.running import invoke


def test_a_name_that_is_no_scenario_is_refused_and_makes_no_folder(monkeypatch, tmp_path):
    done = invoke(monkeypatch, "make-recording", "one_sel", "--out", tmp_path / "made", lang="zh")
    assert done.exit_code == Exit.BAD_INPUT
    assert "'one_cell'" in done.stderr
    assert not (tmp_path / "made").exists()


def test_no_helper_at_all_is_wrong_usage(monkeypatch, tmp_path):
    done = invoke(monkeypatch, "make-recording", "one_cell", "--out", tmp_path / "made", "--workers", "0")
    assert done.exit_code == Exit.USAGE


def test_the_help_names_the_scenarios_that_come_with_the_program(monkeypatch):
    assert "demo_city" in invoke(monkeypatch, "make-recording", "--help").output
