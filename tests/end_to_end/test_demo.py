"""The demo as a person runs it: every real process, the pages, the alerts, and a clean end."""

import os

import pytest

from tests.end_to_end.demo_run import DemoRun, demo, logged_in

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("city")]
PATIENCE_S = 400  # of a loaded machine; how fast it is stands in the bench


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture(scope="module")
def told(made_folder):
    """What one run said and showed, after it has ended."""
    with demo(made_folder) as run:
        url = run.wait_for(r"http://127\.0\.0\.1:\d+/", seconds=60)[0]
        password = run.wait_for(r"one-time password (\S+)", seconds=60)[1]
        with logged_in(url, password) as client:
            run.wait_for("all offenders are alerted", seconds=PATIENCE_S)
            shown = {name: client.get(f"/api/v1/{name}").json() for name in ("cases", "alerts", "sensors", "emitters")}
            page = client.get("/").text
        children = run.processes()[1:]
    return run, shown, page, children


def test_every_offender_is_alerted_and_nothing_else(told):
    _, shown, _, _ = told
    suspected = {case["kind"] for case in shown["cases"] if case["level"] != "note"}
    assert suspected == {"rogue_bts", "pirate_fm", "hijack_fm"}
    assert {round(alert["freq_hz"] / 1e5) for alert in shown["alerts"]} == {9526, 981, 987}


def test_five_sensors_report_and_the_page_shows_the_map(told):
    _, shown, page, children = told
    assert len(shown["sensors"]) == 5
    assert len(children) >= 6
    assert "map" in page


def test_it_ends_cleanly_and_leaves_no_process(told):
    run, _, _, children = told
    assert isinstance(run, DemoRun)
    assert run.process.returncode == 0
    assert not [pid for pid in children if alive(pid)]
    assert "all stopped" in run.lines[-1][1]
