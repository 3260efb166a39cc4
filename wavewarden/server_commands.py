"""`wavewarden server` and what belongs to it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from server.settings import ServerSettings
from shell.exits import Exit
from shell.settings_page import as_toml
from wavewarden.language import language, text
from wavewarden.refusals import settings_of, told

CONFIG = typer.Option("--config", "-c", help=text("cli.config"))
if TYPE_CHECKING:
    from sqlalchemy import Engine

Config = Annotated[Path, CONFIG]
DEFAULT_CONFIG = Path("server.toml")
AsJson = Annotated[bool, typer.Option("--json", help=text("cli.json"))]

Sensor = Annotated[str, typer.Argument(metavar="NAME", help=text("cli.server.name"))]
Key = Annotated[str, typer.Argument(metavar="KEY", help=text("cli.server.key"))]
Person = Annotated[str, typer.Argument(metavar="NAME", help=text("cli.server.person"))]
RoleName = Annotated[str, typer.Argument(metavar="ROLE", help=text("cli.server.role"))]
At = Annotated[str | None, typer.Option("--at", metavar="LAT,LON", help=text("cli.server.at"))]

app = typer.Typer(help=text("cli.server"), invoke_without_command=True)


@app.callback()
def serve(context: typer.Context, config: Config = DEFAULT_CONFIG) -> None:
    """Without a further word: run the server."""
    if context.invoked_subcommand is not None:
        return
    from server.program import run

    with told(language()):
        run(_settings(config), language=language())


@app.command(help=text("cli.settings"))
def settings() -> None:
    typer.echo(as_toml(ServerSettings).replace('language = "zh"', f'language = "{language()}"'))  # of this run


@app.command(help=text("cli.server.enrol"))
def enrol(name: Sensor, key: Key, at: At = None, config: Config = DEFAULT_CONFIG) -> None:
    from server.enrolment import enrol_sensor
    from server.survey import check_place, survey_sensor

    with told(language()), _store(config) as (engine, plan):
        stands = None if at is None else _place(at)
        if stands is not None:
            check_place(stands)
        enrol_sensor(engine, name, key)
        if stands is not None:
            survey_sensor(engine, name.strip(), stands)
        typer.echo(text("server.enrolled", name=name, key=_public_key(plan)))


@app.command(help=text("cli.server.survey"))
def survey(name: Sensor, at: At = None, config: Config = DEFAULT_CONFIG) -> None:
    from server.survey import survey_sensor

    with told(language()), _store(config) as (engine, _):
        survey_sensor(engine, name, None if at is None else _place(at))
        typer.echo(text("server.survey_forgotten" if at is None else "server.surveyed", name=name, place=at))


@app.command(help=text("cli.server.revoke"))
def revoke(name: Sensor, config: Config = DEFAULT_CONFIG) -> None:
    from server.enrolment import revoke_sensor

    with told(language()), _store(config) as (engine, _):
        revoke_sensor(engine, name)
        typer.echo(text("server.revoked", name=name))


@app.command(help=text("cli.server.sensors"))
def sensors(config: Config = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    from server.enrolment import enrolled_sensors
    from server.survey import surveyed_places

    with told(language()), _store(config) as (engine, plan):
        with engine.connect() as connection:
            found, places = enrolled_sensors(connection), surveyed_places(connection)
        if as_json:
            for one in found:
                told_of = {"name": one.name, "key": one.public_key, "revoked": one.revoked_utc_ns is not None}
                typer.echo(json.dumps(told_of | {"surveyed": places.get(one.name)}))
            return
        typer.echo(text("server.key", key=_public_key(plan)))
        table = Table("", text("table.key"), text("table.surveyed"), text("table.state"))
        for one in found:
            state = text("server.is_revoked") if one.revoked_utc_ns else ""
            place = places.get(one.name)
            stands = "" if place is None else f"{place[0]:.5f},{place[1]:.5f}"
            table.add_row(*(Text(cell) for cell in (one.name, one.public_key, stands, state)))
        Console().print(table)


@app.command(help=text("cli.server.ids"))
def ids(config: Config = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    from server.filing import stored_ids

    with told(language()), _store(config) as (engine, _):
        for sensor, boot, seq in stored_ids(engine):
            one = {"sensor": sensor, "boot": boot, "seq": seq}
            typer.echo(json.dumps(one) if as_json else f"{sensor} {boot} {seq}")


@app.command(help=text("cli.server.reports"))
def reports(config: Config = DEFAULT_CONFIG) -> None:
    from fusion.measured import lines_of
    from server.archive import measured, open_archive, reports
    from server.case_store import Unreadable
    from wire.report_json import ReportLine, encode_line

    with told(language()), open_archive(_settings(config)) as connection:
        for filed in reports(connection, from_ns=0, to_ns=2**63 - 1):
            if not isinstance(filed, Unreadable):
                line = ReportLine(sensor=filed.sensor, report=filed.report, received_utc_ns=filed.received_utc_ns)
                typer.echo(encode_line(line).decode())
        for each in measured(connection, from_ns=0, to_ns=2**63 - 1):
            for told_again in lines_of(each):
                typer.echo(told_again.decode())


@app.command("self-test", help=text("cli.server.self_test"))
def self_test(config: Config = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    import time

    import msgspec

    from server.case_store import load_world
    from server.program import rules_of
    from server.self_testing import run_self_test
    from wavewarden.self_test_tables import show_self_test

    with told(language()), _store(config) as (engine, plan):
        with engine.connect() as connection:
            world, _ = load_world(connection)
        test = run_self_test(engine, world, rules_of(plan), now_ns=time.time_ns())
        if test is None:
            typer.echo(text("self_test.nothing"), err=True)
            raise typer.Exit(int(Exit.NOTHING_HEARD))
        if as_json:
            typer.echo(msgspec.json.encode(test).decode())
        else:
            show_self_test(Console(), test, language())


@app.command("add-user", help=text("cli.server.user"))
def add_user(name: Person, role: RoleName, config: Config = DEFAULT_CONFIG) -> None:
    from server.auth import add_account
    from server.roles import Role

    if role not in [r.name.lower() for r in Role]:
        raise typer.BadParameter(" | ".join(r.name.lower() for r in Role), param_hint="ROLE")
    with told(language()), _store(config) as (engine, _):
        typer.echo(text("server.user_added", name=name, password=add_account(engine, name, Role[role.upper()])))


def _place(said: str) -> tuple[float, float]:
    from wavewarden.fm_place import NoPlace, place

    try:
        found = place(said)
    except NoPlace:
        raise typer.BadParameter("LAT,LON", param_hint="--at") from None
    return found.lat_deg, found.lon_deg


def _settings(config: Path) -> ServerSettings:
    return settings_of(config, ServerSettings, program="server")


def _public_key(plan: ServerSettings) -> str:
    from server.keys import server_keys

    return server_keys(Path(plan.data)).public


@contextmanager
def _store(config: Path) -> Iterator[tuple["Engine", ServerSettings]]:
    from server.store import open_store

    plan = _settings(config)
    engine = open_store(plan)
    try:
        yield engine, plan
    finally:
        engine.dispose()


def add_to(parent: typer.Typer) -> None:
    parent.add_typer(app, name="server")
