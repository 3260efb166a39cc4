"""`wavewarden licences`: a regulator's table becomes the list of licences, and what should be heard of it somewhere."""

import time
from pathlib import Path
from typing import Annotated

import typer

from shell import words
from shell.exits import Exit
from wavewarden import licences_expected
from wavewarden.language import language, text
from wavewarden.licence_import import FmAccount, Wanted, import_licences
from wavewarden.licence_presets import FIELDS, PRESETS
from wavewarden.licence_rows import Area, Circle
from wavewarden.progress import progress
from wavewarden.refusals import told
from wavewarden.table_options import columns_of, encoding_named, separator_of, told_account

app = typer.Typer(help=text("cli.licences_app"), no_args_is_help=True)


@app.command("import", help=text("cli.licences.import"))
def import_(
    file: Annotated[Path, typer.Argument(help=text("cli.licences.file"))],
    out: Annotated[Path, typer.Option("--out", help=text("cli.licences.out"))] = Path("licences.toml"),
    preset: Annotated[str | None, typer.Option("--preset", help=text("cli.licences.preset"))] = None,
    mapped: Annotated[list[str] | None, typer.Option("--map", help=text("cli.licences.map"))] = None,
    sheet: Annotated[str | None, typer.Option("--sheet", help=text("cli.licences.sheet"))] = None,
    area: Annotated[str | None, typer.Option("--area", help=text("cli.licences.area"))] = None,
    near: Annotated[str | None, typer.Option("--near", help=text("cli.licences.near"))] = None,
    utc_offset: Annotated[float | None, typer.Option("--utc-offset", help=text("cli.licences.utc_offset"))] = None,
    separator: Annotated[str | None, typer.Option("--separator", help=text("cli.licences.separator"))] = None,
    encoding: Annotated[str | None, typer.Option("--encoding", help=text("cli.licences.encoding"))] = None,
) -> None:
    if preset is not None and preset not in PRESETS:
        raise typer.BadParameter(" | ".join(PRESETS), param_hint="--preset")
    if preset == "fcc" and mapped:
        raise typer.BadParameter("--preset fcc", param_hint="--map")
    if utc_offset is not None and not -12.0 <= utc_offset <= 14.0:
        raise typer.BadParameter("-12 … 14", param_hint="--utc-offset")
    wanted = Wanted(
        columns=columns_of(mapped or [], FIELDS),
        preset=preset,
        sheet=sheet,
        separator=separator_of(separator),
        encoding=encoding_named(encoding),
        area=_area(area),
        near=_circle(near),
        utc_offset_h=utc_offset,
    )
    began = time.monotonic()
    with told(language()), progress(text("licences.progress")) as advance:
        account = import_licences(file, out, wanted, progress=advance)
    for line in told_import(account, str(out), time.monotonic() - began, language()):
        typer.echo(line)
    if not account.taken:
        raise typer.Exit(int(Exit.BAD_INPUT))


app.command("expect", help=text("cli.licences.expect"))(licences_expected.expect)


def told_import(account: FmAccount, out: str, seconds: float, language: str) -> list[str]:
    said = told_account(account, "licences", out, seconds, language)
    if not account.units:
        return said
    names = {"mhz": "MHz", "khz": "kHz", "hz": "Hz"}
    units = ", ".join(f"{names[unit]} ({count})" for unit, count in account.units.most_common())
    key = "licences.units" if len(account.units) == 1 else "licences.mixed"
    return [said[0], words.say(key, language, units=units), *said[1:]]


def _area(given: str | None) -> Area | None:
    if given is None:
        return None
    try:
        south, west, north, east = (float(part) for part in given.split(","))
    except ValueError:
        raise typer.BadParameter("S,W,N,E", param_hint="--area") from None
    if not (-90 <= south < north <= 90 and -180 <= west < east <= 180):
        raise typer.BadParameter("S,W,N,E", param_hint="--area")
    return Area(south, west, north, east)


def _circle(given: str | None) -> Circle | None:
    if given is None:
        return None
    try:
        lat, lon, km = (float(part) for part in given.split(","))
    except ValueError:
        raise typer.BadParameter("LAT,LON,KM", param_hint="--near") from None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180 and km > 0):
        raise typer.BadParameter("LAT,LON,KM", param_hint="--near")
    return Circle(lat, lon, km * 1e3)


def add_to(parent: typer.Typer) -> None:
    parent.add_typer(app, name="licences")
