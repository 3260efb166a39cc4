import os
import subprocess
import sys
from importlib.metadata import version

import pytest

from shell.exits import Exit
from tests.wavewarden.running import invoke

COMMANDS = ("demo", "replay", "gsm", "make-recording", "sensor", "server")
INNER = {
    "gsm": ("blocks", "scan"),
    "sensor": ("settings", "enrol", "numbered", "drain"),
    "server": ("settings", "enrol", "revoke", "sensors", "ids", "add-user"),
}


def test_the_help_names_every_command_and_the_exit_codes(monkeypatch):
    done = invoke(monkeypatch, "--help")
    assert done.exit_code == Exit.DONE
    for command in COMMANDS:
        assert command in done.output
    for code in Exit:
        assert f" {code.value} " in " ".join(done.output.split())


@pytest.mark.parametrize("words", [*((c,) for c in COMMANDS), *((c, i) for c, inner in INNER.items() for i in inner)])
def test_every_command_explains_itself(monkeypatch, words):
    done = invoke(monkeypatch, *words, "--help")
    assert done.exit_code == Exit.DONE
    assert "Usage:" in done.output
    assert len(done.output.splitlines()) > 5


@pytest.mark.parametrize(
    "words", [("--version",), ("--lang", "fr"), ("no-such",), ("replay",), ("replay", "--rate", "x")]
)
def test_what_is_no_command_is_usage_and_the_version_is_known(monkeypatch, words):
    done = invoke(monkeypatch, *words)
    if words == ("--version",):
        assert (done.exit_code, done.output.strip()) == (Exit.DONE, version("wavewarden"))
    else:
        assert done.exit_code == Exit.USAGE


def test_the_help_speaks_the_language_that_is_asked_for():
    environment = os.environ | {"WAVEWARDEN_LANG": "en", "PYTHONIOENCODING": "ascii"}
    words = [sys.executable, "-m", "wavewarden", "--lang", "zh", "--help"]
    done = subprocess.run(words, env=environment, capture_output=True, encoding="utf-8", check=True)
    assert "伪基站" in done.stdout
