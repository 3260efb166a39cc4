"""The command line within this process, for what needs no process of its own."""

import sys

import pytest
from typer.testing import CliRunner, Result

from wavewarden.cli import app
from wavewarden.language import language


def invoke(monkeypatch: pytest.MonkeyPatch, *arguments: object, lang: str = "en") -> Result:
    monkeypatch.setenv("WAVEWARDEN_LANG", lang)
    language.cache_clear()
    try:
        return CliRunner().invoke(app, [str(argument) for argument in arguments])
    finally:
        monkeypatch.undo()
        language.cache_clear()


def heeding_ctrl_c(command: list[str]) -> list[str]:
    """The same command, begun so that Ctrl-C reaches it: a child of a run in the background would ignore it."""
    heed = "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"
    return [sys.executable, "-c", heed, *command]
