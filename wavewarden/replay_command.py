"""`wavewarden replay`."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.text import Text

from dsp.fm.values import FmStation
from dsp.gsm.values import GsmCell
from dsp.signatures.band_plan import BandPlan
from dsp.signatures.licences import Licences
from dsp.signatures.weights import Weights
from shell.data import read_chosen, read_data
from shell.exits import Exit
from shell.settings import read_settings
from shell.words import clean
from wavewarden.heard_multiplex import FmMultiplex
from wavewarden.language import language, text
from wavewarden.printable import printable
from wavewarden.progress import progress
from wavewarden.refusals import told

if TYPE_CHECKING:
    from wavewarden.replay import Result

Files = Annotated[list[Path], typer.Argument(metavar="FILE…", help=text("cli.replay.files"))]
Rate = Annotated[float | None, typer.Option("--rate", metavar="HZ", help=text("cli.replay.rate"))]
Centre = Annotated[float | None, typer.Option("--centre", metavar="HZ", help=text("cli.replay.centre"))]
Format = Annotated[str | None, typer.Option("--format", metavar="FORMAT", help=text("cli.replay.format"))]
LicenceFile = Annotated[Path | None, typer.Option("--licences", metavar="FILE", help=text("cli.licences"))]
PlanChoice = Annotated[str, typer.Option("--band-plan", metavar="PLAN", help=text("cli.band_plan"))]
WIDE = 140  # columns where there is no terminal
AsJson = Annotated[bool, typer.Option("--json", help=text("cli.json"))]


@dataclass(frozen=True, slots=True)
class Law:
    """What recordings are judged by."""

    licences: Licences
    weights: Weights
    plan: BandPlan


def replay(
    files: Files,
    rate: Rate = None,
    centre: Centre = None,
    sample_format: Format = None,
    licences: LicenceFile = None,
    band_plan: PlanChoice = "cn",
    as_json: AsJson = False,
) -> None:
    with told(language()):
        known = read_settings(licences, Licences) if licences else Licences()
        law = Law(known, read_data("weights.toml", Weights), read_chosen("plans", band_plan, BandPlan))
    codes = [
        _one_told(file, law, as_json=as_json, rate_hz=rate, centre_hz=centre, sample_format=sample_format)
        for file in recordings_of(files)
    ]
    refused = [code for code in codes if code not in (Exit.DONE, Exit.NOTHING_HEARD)]
    raise typer.Exit(int(refused[0] if refused else min(codes)))


def _one_told(file: Path, law: Law, *, as_json: bool, **given: Any) -> Exit:
    """A file that is refused does not keep the others from being heard."""
    try:
        with told(language()):
            heard = _one(file, law, as_json=as_json, **given)
    except SystemExit as refusal:
        return Exit(int(refusal.code or 0))
    return Exit.DONE if heard else Exit.NOTHING_HEARD


def recordings_of(paths: Sequence[Path]) -> list[Path]:
    """Files as they are; of a folder, the recordings in it."""
    found: list[Path] = []
    for path in paths:
        inside = sorted(path.glob("*.sigmf-meta")) if path.is_dir() else []
        found.extend(inside or [path])
    return found


def _one(file: Path, law: Law, *, as_json: bool, **given: Any) -> bool:
    """Whether anything was heard."""
    from recordings.read import open_recording
    from wavewarden.replay import replay as receive

    recording = open_recording(file, **given)
    for warning in recording.warnings:
        why = text(f"recording.warning.{warning.name}", **warning.values)
        _note(text("replay.warning", file=file, why=why))
    with progress(text("replay.progress", file=file.name)) as advance:
        result = receive(recording, law.licences, weights=law.weights, plan=law.plan, progress=advance)
    if as_json:
        _print_json(file, result)
    elif result.heard:
        _print_tables(file, result)
    if any(isinstance(value, GsmCell) for value in result.heard.values()):
        _note(text("replay.band_plan", plan=law.plan.name))
    if not result.heard:
        why = text(result.why_nothing(), **_why_values(result))
        _note(text("replay.nothing", file=file, why=why))
    return bool(result.heard)


def _note(line: str) -> None:
    typer.echo(clean(line), err=True)


def _why_values(result: "Result") -> dict[str, str]:
    """The numbers the reason takes."""
    values = {
        "replay.why.clipped": {"share": f"{result.clipped / max(result.samples, 1):.0%}"},
        "replay.why.short": {"seconds": f"{result.seconds:.2g}"},
        "replay.why.narrow": {"rate": f"{result.widest_hz:g}"},
    }
    return values.get(result.why_nothing(), {})


def _print_json(file: Path, result: "Result") -> None:
    """One object a line: each transmitter, then each finding with the transmitter it is about."""
    for key, value in result.heard.items():
        typer.echo(_line({"file": str(file), "key": "/".join(key), **msgspec.to_builtins(value)}))
    for (about, _), finding in result.findings.items():
        shown = msgspec.to_builtins(finding) | {"about": None if about is None else "/".join(about)}
        typer.echo(_line({"file": str(file), **shown}))


def _line(value: dict[str, Any]) -> str:
    shown = {key: each.hex() if isinstance(each, bytes) else each for key, each in value.items()}
    return printable(json.dumps(shown, ensure_ascii=False))


def _print_tables(file: Path, result: "Result") -> None:
    from wavewarden import tables

    console = Console(width=None if sys.stdout.isatty() else WIDE)
    console.print(Text(str(file), style="bold"))
    cells = [v for v in result.heard.values() if isinstance(v, GsmCell)]
    stations = [v for v in result.heard.values() if isinstance(v, FmStation)]
    if cells:
        tables.show_cells(console, sorted(cells, key=lambda c: c.freq_hz), language())
    if stations:
        tables.show_stations(console, sorted(stations, key=lambda s: s.freq_hz), language())
    multiplexes = [v for v in result.heard.values() if isinstance(v, FmMultiplex)]
    if multiplexes:
        tables.show_multiplex(console, multiplexes[0], language())
        return
    named = [
        (tables.name_of(result.heard[about]) if about is not None else "", finding)
        for (about, _), finding in result.findings.items()
    ]
    tables.show_findings(console, named, language())


def add_to(app: typer.Typer) -> None:
    app.command(help=text("cli.replay"))(replay)
