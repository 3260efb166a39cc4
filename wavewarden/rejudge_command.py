"""`wavewarden rejudge`: what today's rules say of an old record, beside what was said then. Nothing is written."""

import datetime
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer
from rich.console import Console

from shell.exits import Exit
from shell.settings import SettingsError
from wavewarden.language import language, text
from wavewarden.progress import progress
from wavewarden.refusals import settings_of, told

if TYPE_CHECKING:
    from fusion.rejudge import Anew
    from fusion.values import FiledReport, MeasuredDifferences

WIDE = 140  # columns where there is no terminal
DAY_NS = 86_400 * 10**9
LAST_NS = 2**63 - 1
Files = Annotated[list[Path] | None, typer.Argument(metavar="[FILE…]", help=text("cli.rejudge.files"))]
Config = Annotated[Path, typer.Option("--config", "-c", help=text("cli.config"))]
From = Annotated[str | None, typer.Option("--from", metavar="DATE", help=text("cli.rejudge.from"))]
To = Annotated[str | None, typer.Option("--to", metavar="DATE", help=text("cli.rejudge.to"))]
Learn = Annotated[float, typer.Option("--learn-days", min=0, help=text("cli.rejudge.learn"))]
Against = Annotated[Path | None, typer.Option("--against", metavar="FILE", help=text("cli.rejudge.against"))]
LicenceFile = Annotated[Path | None, typer.Option("--licences", metavar="FILE", help=text("cli.licences"))]
Plan = Annotated[str, typer.Option("--band-plan", metavar="NAME|FILE", help=text("cli.band_plan"))]
AsJson = Annotated[bool, typer.Option("--json", help=text("cli.json"))]


class BadDate(SettingsError):
    """A date nobody can read."""

    def __init__(self, *, value: str) -> None:
        super().__init__(f"{value!r} is no date; write 2026-11-20, or 2026-11-20T18:30, or with a zone +08:00")
        self.value = value


class EmptySpan(SettingsError):
    """The end is not after the beginning."""

    def __init__(self, *, begin: str, end: str) -> None:
        super().__init__(f"--to {end} is not after --from {begin}: there is nothing between them")
        self.begin, self.end = begin, end


def rejudge(
    files: Files = None,
    config: Config = Path("server.toml"),
    begin: From = None,
    end: To = None,
    learn_days: Learn = 7.0,
    against: Against = None,
    licences: LicenceFile = None,
    band_plan: Plan = "cn",
    as_json: AsJson = False,
) -> None:
    with told(language()):
        if files:
            from wavewarden.rejudge_recordings import rejudge_recordings

            changed = rejudge_recordings(files, against, licences, band_plan, as_json=as_json)
        else:
            changed = _record(config, begin, end, round(learn_days * DAY_NS), as_json=as_json)
    raise typer.Exit(int(Exit.DONE if changed else Exit.NOTHING_HEARD))


def _record(config: Path, begin: str | None, end: str | None, learn_ns: int, *, as_json: bool) -> bool:
    """Whether there was anything to judge."""
    from fusion.differences import differences
    from fusion.rejudge import Anew
    from server.archive import believed, open_archive
    from server.program import rules_of
    from server.settings import ServerSettings
    from server.survey import surveyed_in_record
    from wavewarden import rejudge_tables

    from_ns, to_ns = _span(begin, end)
    settings = settings_of(config, ServerSettings, program="server")
    with open_archive(settings) as connection:
        anew = Anew(msgspec.structs.replace(rules_of(settings), surveyed=surveyed_in_record(connection)))
        unreadable = _judge(anew, connection, from_ns, to_ns, learn_ns)
        found = differences(believed(connection), anew.world, from_ns=from_ns, to_ns=to_ns)
    if unreadable:
        typer.echo(text("rejudge.unreadable", n=unreadable), err=True)
    if not anew.reports:
        typer.echo(text("rejudge.none"), err=True)
        return False
    if as_json:
        for line in rejudge_tables.as_lines(found, anew):
            typer.echo(json.dumps(line, ensure_ascii=False))
    else:
        console = Console(width=None if sys.stdout.isatty() else WIDE)
        rejudge_tables.show(console, found, anew, language())
    return True


def _judge(anew: "Anew", connection: object, from_ns: int, to_ns: int, learn_ns: int) -> int:
    """How many stored reports this program cannot read."""
    from sqlalchemy import Connection

    from server.archive import count, measured, reports
    from server.case_store import Unreadable

    assert isinstance(connection, Connection)
    learn_from = max(from_ns - learn_ns, 0)
    differences = measured(connection, from_ns=from_ns, to_ns=to_ns)
    total, unreadable = max(count(connection, from_ns=learn_from, to_ns=to_ns), 1), 0
    with progress(text("rejudge.progress")) as advance:
        for done, filed in enumerate(reports(connection, from_ns=learn_from, to_ns=to_ns)):
            while differences and not isinstance(filed, Unreadable) and _before(differences[0], filed):
                anew.take_differences(differences.pop(0))
            if isinstance(filed, Unreadable):
                unreadable += 1
            elif filed.received_utc_ns < from_ns:
                anew.learn(filed)
            else:
                anew.take(filed)
            advance((done + 1) / total)
    for each in differences:
        anew.take_differences(each)
    return unreadable


def _before(measured: "MeasuredDifferences", filed: "FiledReport") -> bool:
    return measured.time_utc_ns < filed.received_utc_ns


def _span(begin: str | None, end: str | None) -> tuple[int, int]:
    """Nanoseconds since 1970, the end not included. A day alone as the end means the whole of it."""
    from_ns = 0 if begin is None else _instant(begin)
    to_ns = LAST_NS if end is None else _instant(end) + (DAY_NS if len(end) == len("2026-11-20") else 0)
    if to_ns <= from_ns:
        raise EmptySpan(begin=str(begin), end=str(end))
    return from_ns, to_ns


def _instant(value: str) -> int:
    """Without a zone it is UTC, as everywhere in the record."""
    try:
        moment = datetime.datetime.fromisoformat(value)
    except ValueError:
        raise BadDate(value=value) from None
    moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=datetime.UTC)
    return round(moment.timestamp()) * 10**9


def add_to(app: typer.Typer) -> None:
    app.command(help=text("cli.rejudge"))(rejudge)
