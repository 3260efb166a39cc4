"""`wavewarden weights`: the weights of evidence with the counts behind them, and new ones from labelled cells."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import msgspec
import tomli_w
import typer
from rich.console import Console
from rich.text import Text

from dsp.errors import SignalError
from dsp.signatures.labelled import Labelled, recounted, refuse_unknown
from dsp.signatures.weights import Counts, Weight, Weights
from shell.data import read_data
from shell.settings import UnreadableSettings
from shell.words import clean, explain
from wavewarden import tables
from wavewarden.language import language, text
from wavewarden.refusals import told

From = Annotated[Path | None, typer.Option("--from", metavar="FILE", help=text("cli.weights.from"))]
Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", help=text("cli.weights.out"))]
MOST_SHOWN = 5  # refused rows that are told one by one
WIDE = 160  # columns where there is no terminal


def weights(labelled: From = None, out: Out = None) -> None:
    with told(language()):
        table = read_data("weights.toml", Weights)
        if labelled is not None:
            said = {name: text(f"weights.{name}", file=labelled.name) for name in ("source", "kept")}
            table = recounted(table, _cells(labelled, table), **said)
        if out is not None:
            out.write_text(as_toml(table), encoding="utf-8")
    _show(table)


def _cells(file: Path, table: Weights) -> list[Labelled]:
    """What can be used of the file; every other row is counted, the first ones told."""
    good, bad = [], []
    for number, line in _lines(file):
        try:
            cell = msgspec.json.decode(line, type=Labelled)
            refuse_unknown(cell, table)
            good.append(cell)
        except (msgspec.DecodeError, SignalError) as error:
            bad.append(text("weights.bad_row", file=file.name, row=number, why=explain(error, language())))
    for sentence in bad[:MOST_SHOWN]:
        _note(sentence)
    if bad:
        _note(text("weights.bad_rows", bad=len(bad), good=len(good)))
    return good


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    """Numbered from 1, without empty ones. Raises UnreadableSettings."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise UnreadableSettings(file=str(file), reason="there is no such file; check the path") from None
    except UnicodeDecodeError as error:
        reason = f"is not UTF-8 text (byte {error.start}); save it as UTF-8"
        raise UnreadableSettings(file=str(file), reason=reason) from None
    return ((number, line) for number, line in enumerate(lines, start=1) if line.strip())


def as_toml(table: Weights) -> str:
    """As shell/data/weights.toml is written."""
    return tomli_w.dumps({"weights": {key: _as_toml(weight) for key, weight in table.weights.items()}})


def _as_toml(weight: Weight) -> dict[str, Any]:
    return {name: value for name, value in msgspec.to_builtins(weight).items() if value is not None}


def _show(table: Weights) -> None:
    console = Console(width=None if sys.stdout.isatty() else WIDE)
    columns = [
        "table.signature",
        "table.variant",
        "table.group",
        "dB",
        "table.guilty",
        "table.innocent",
        "table.source",
    ]
    shown = tables.plain("weights.title", columns, language())
    for key, weight in table.weights.items():
        name, _, variant = key.partition(".")
        group = text(f"group.{weight.group.value}")
        counts = (_counts(weight.guilty), _counts(weight.innocent))
        db = f"{weight.db:+.1f}" if weight.per is None else f"{weight.db:+.1f}/{weight.per}"
        shown.add_row(*(Text(cell) for cell in (name, variant, group, db, *counts, weight.source)))
    console.print(shown)


def _counts(counts: Counts | None) -> str:
    return tables.UNKNOWN if counts is None else f"{counts.fired}/{counts.n}"


def _note(line: str) -> None:
    typer.echo(clean(line), err=True)


def add_to(app: typer.Typer) -> None:
    app.command(help=text("cli.weights"))(weights)
