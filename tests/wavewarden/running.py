"""The command line within this process, for what needs no process of its own."""

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
