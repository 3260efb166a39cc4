"""`wavewarden sensor` and what belongs to it."""

import signal
import sys
import threading
from pathlib import Path
from typing import Annotated

import typer

from sensor.link_settings import LinkSettings
from sensor.settings import SensorSettings
from shell import words
from shell.exits import Exit
from shell.settings import SettingsError
from shell.settings_page import as_toml
from wavewarden.language import language, text
from wavewarden.log import take_notes
from wavewarden.refusals import settings_of, told

Config = Annotated[Path, typer.Option("--config", "-c", help=text("cli.config"))]
DEFAULT_CONFIG = Path("sensor.toml")

app = typer.Typer(help=text("cli.sensor"), invoke_without_command=True)


@app.callback()
def listen(context: typer.Context, config: Config = DEFAULT_CONFIG) -> None:
    """Without a further word: run the sensor."""
    if context.invoked_subcommand is not None:
        return
    from sensor.program import run

    with told(language()):
        raise typer.Exit(int(run(_settings(config))))


@app.command(help=text("cli.settings"))
def settings() -> None:
    typer.echo(as_toml(SensorSettings).replace('language = "zh"', f'language = "{language()}"'))  # of this run


@app.command(help=text("cli.sensor.field"))
def field(
    mhz: Annotated[float, typer.Argument(min=24.0, max=1766.0, help=text("cli.sensor.field.mhz"))],
    config: Config = DEFAULT_CONFIG,
) -> None:
    from sensor.console import Console
    from sensor.field import run_field

    with told(language()):
        plan = _settings(config)
        raise typer.Exit(int(run_field(plan, mhz * 1e6, Console(sys.stdout, language()), _until_told())))


@app.command(help=text("cli.sensor.enrol"))
def enrol(config: Config = DEFAULT_CONFIG) -> None:
    from sensor.keys import enrol as make_or_read

    with told(language()):
        plan = _settings(config)
        key_file = Path(plan.link.key) if plan.link else config.parent / LinkSettings(server="", server_key="").key
        public = make_or_read(key_file)
    typer.echo(text("sensor.public_key", name=plan.name, key=public))


@app.command(help=text("cli.sensor.numbered"))
def numbered(
    log: Annotated[Path, typer.Option("--log", help=text("cli.sensor.numbered.log"))],
    config: Config = DEFAULT_CONFIG,
    rate: Annotated[float, typer.Option("--rate", min=0.001, help=text("cli.sensor.numbered.rate"))] = 10.0,
    count: Annotated[int | None, typer.Option("--count", min=1, help=text("cli.sensor.numbered.count"))] = None,
) -> None:
    from sensor.numbered import run_numbered
    from sensor.parts import outbox_path

    stop = _until_told()
    with told(language()):
        plan = _settings(config)
        made = run_numbered(
            link_of(plan, config), outbox_path=outbox_path(plan), log_path=log, rate_hz=rate, reports=count, stop=stop
        )
    typer.echo(text("sensor.numbered_made", count=made))


@app.command(help=text("cli.sensor.drain"))
def drain(
    config: Config = DEFAULT_CONFIG,
    timeout: Annotated[float, typer.Option("--timeout", min=0.1, help=text("cli.sensor.drain.timeout"))] = 60.0,
) -> None:
    from sensor.drain import drain as empty
    from sensor.parts import outbox_path

    with told(language()):
        plan = _settings(config)
        code = empty(link_of(plan, config), outbox_path=outbox_path(plan), timeout_s=timeout)
    typer.echo(text("sensor.drained" if code == Exit.DONE else "sensor.not_drained", seconds=f"{timeout:g}"))
    raise typer.Exit(int(code))


def _until_told() -> threading.Event:
    """Set by SIGINT or SIGTERM."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _settings(config: Path) -> SensorSettings:
    plan = settings_of(config, SensorSettings, program="sensor")
    take_notes(language())
    return plan


class NoLinkTable(SettingsError):
    def __init__(self, *, file: str) -> None:
        super().__init__(words.say("error.NoLinkTable", "en", file=file))
        self.file = file


def link_of(plan: SensorSettings, config: Path) -> LinkSettings:
    """Raises NoLinkTable."""
    if plan.link is None:
        raise NoLinkTable(file=str(config))
    return plan.link


def add_to(parent: typer.Typer) -> None:
    parent.add_typer(app, name="sensor")
