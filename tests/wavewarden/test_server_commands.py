import json

import pytest
import zmq

from server.settings import Alerts, ServerSettings
from shell.exits import Exit
from shell.settings import parse_settings
from tests.wavewarden.running import invoke


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "server.toml"
    path.write_text(f'data = "{tmp_path / "data"}"\n')
    return path


def key_with(*wanted: str) -> str:
    """A true public key with one of these in it, or at its beginning."""
    while True:
        public = zmq.curve_keypair()[0].decode()
        if all(public.startswith(w) if w == "-" else w in public for w in wanted):
            return public


def test_the_settings_that_are_printed_are_accepted_and_are_the_defaults(monkeypatch):
    printed = invoke(monkeypatch, "server", "settings").stdout
    defaults = ServerSettings(language="en", alerts=Alerts(language="en"))  # the language is that of the run
    assert parse_settings(printed, ServerSettings, file="printed") == defaults
    assert "tianditu_key" in printed


def test_a_key_that_begins_like_an_option_is_taken_behind_two_dashes(monkeypatch, config):
    key = key_with("-")
    done = invoke(monkeypatch, "server", "enrol", "-c", config, "--", "roof", key)
    assert done.exit_code == Exit.DONE, done.output
    listed = invoke(monkeypatch, "server", "sensors", "--json", "-c", config)
    assert json.loads(listed.stdout)["key"] == key


def test_where_a_sensor_stands_is_told_at_enrolment_or_later_and_forgotten(monkeypatch, config):
    def stands() -> list[float] | None:
        return json.loads(invoke(monkeypatch, "server", "sensors", "--json", "-c", config).stdout)["surveyed"]

    done = invoke(monkeypatch, "server", "enrol", "roof", key_with(""), "--at", "30.6,104.1", "-c", config)
    assert (done.exit_code, stands()) == (Exit.DONE, [30.6, 104.1])
    assert "30.60000" in invoke(monkeypatch, "server", "sensors", "-c", config).stdout
    assert invoke(monkeypatch, "server", "survey", "roof", "-c", config).exit_code == Exit.DONE
    assert stands() is None
    invoke(monkeypatch, "server", "survey", "roof", "--at", "30.7,104.2", "-c", config)
    assert stands() == [30.7, 104.2]


def test_a_place_that_cannot_be_enrols_nobody(monkeypatch, config):
    done = invoke(monkeypatch, "server", "enrol", "roof", key_with(""), "--at", "0,0", "-c", config)
    assert done.exit_code == Exit.BAD_INPUT and "no place" in done.stderr
    assert (
        invoke(monkeypatch, "server", "enrol", "roof", key_with(""), "--at", "x", "-c", config).exit_code == Exit.USAGE
    )
    assert invoke(monkeypatch, "server", "sensors", "--json", "-c", config).stdout == ""


def test_a_key_with_brackets_stands_whole_in_the_table(monkeypatch, config):
    key = key_with("[", "]")
    assert invoke(monkeypatch, "server", "enrol", "roof", key, "-c", config).exit_code == Exit.DONE
    assert key in invoke(monkeypatch, "server", "sensors", "-c", config).stdout


def test_an_account_is_added_once_and_only_with_a_role_that_there_is(monkeypatch, config):
    assert invoke(monkeypatch, "server", "add-user", "li", "viewer", "-c", config).exit_code == Exit.DONE
    again = invoke(monkeypatch, "server", "add-user", "li", "viewer", "-c", config)
    assert (again.exit_code, "'li' already" in again.stderr) == (Exit.BAD_INPUT, True)
    assert invoke(monkeypatch, "server", "add-user", "wu", "boss", "-c", config).exit_code == Exit.USAGE


def test_a_server_that_never_heard_anything_lists_no_ids(monkeypatch, config):
    done = invoke(monkeypatch, "server", "ids", "-c", config)
    assert (done.exit_code, done.stdout) == (Exit.DONE, "")
