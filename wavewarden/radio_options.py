"""What the scans of every service are asked with, and the radio they name."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wavewarden.given import Given
from wavewarden.language import language, text
from wavewarden.refusals import told

if TYPE_CHECKING:
    from hardware.radio import Radio
    from sensor.settings import RadioSettings

MaybeFiles = Annotated[list[Path] | None, typer.Argument(metavar="[FILE…]", help=text("cli.replay.files"))]
RadioName = Annotated[str | None, typer.Option("--radio", metavar="RADIO", help=text("cli.radio"))]
ScanRate = Annotated[float | None, typer.Option("--rate", metavar="HZ", help=text("cli.radio_rate"))]
Gain = Annotated[float, typer.Option("--gain", metavar="DB", help=text("cli.gain"))]
Serial = Annotated[str | None, typer.Option("--serial", help=text("cli.serial"))]
Library = Annotated[str | None, typer.Option("--library", metavar="FILE", help=text("cli.library"))]
RADIO_RATE_HZ = 2.4e6


def refuse_files_and_radio(files: list[Path] | None, radio: str | None) -> None:
    if bool(files) == bool(radio):
        raise typer.BadParameter(text("scan.files_or_radio"), param_hint="FILE… / --radio")


def settings_of(
    radio: str, given: Given, *, gain_db: float, ppm: int, serial: str | None, library: str | None
) -> "RadioSettings":
    from wavewarden.radio_named import UnknownRadio, radio_settings

    try:
        return radio_settings(radio, gain_db=gain_db, ppm=ppm, serial=serial, library=library, **given)
    except UnknownRadio:
        raise typer.BadParameter(text("scan.bad_radio"), param_hint="--radio") from None


@contextmanager
def opened(settings: "RadioSettings") -> "Iterator[Radio]":
    """What is refused is told, also what is refused within."""
    import time

    from hardware.clock import SystemClock
    from sensor.radios import open_radio
    from wavewarden.log import take_notes

    with told(language()):
        take_notes(language())
        radio = open_radio(settings, SystemClock(), time.sleep)
        try:
            yield radio
        finally:
            radio.close()
