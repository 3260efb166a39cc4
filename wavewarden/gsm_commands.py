"""`wavewarden gsm`: what the receiver hears, block by block and cell by cell."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shell.exits import Exit
from wavewarden.gsm_given import Given
from wavewarden.language import language, text
from wavewarden.refusals import told
from wavewarden.replay_command import AsJson, Centre, Files, Format, Rate, recordings_of

if TYPE_CHECKING:
    from sensor.settings import RadioSettings

Pcap = Annotated[Path | None, typer.Option("--pcap", metavar="FILE", help=text("cli.gsm.pcap"))]
Gsmtap = Annotated[str | None, typer.Option("--gsmtap", metavar="HOST[:PORT]", help=text("cli.gsm.gsmtap"))]
MaybeFiles = Annotated[list[Path] | None, typer.Argument(metavar="[FILE…]", help=text("cli.replay.files"))]
RadioName = Annotated[str | None, typer.Option("--radio", metavar="RADIO", help=text("cli.gsm.radio"))]
Band = Annotated[str, typer.Option("--band", metavar="BAND", help=text("cli.gsm.band"))]
ScanRate = Annotated[float | None, typer.Option("--rate", metavar="HZ", help=text("cli.gsm.rate"))]
Dwell = Annotated[float, typer.Option("--dwell", metavar="S", min=0.1, max=60.0, help=text("cli.gsm.dwell"))]
Gain = Annotated[float, typer.Option("--gain", metavar="DB", help=text("cli.gsm.gain"))]
Ppm = Annotated[int, typer.Option("--ppm", help=text("cli.gsm.ppm"))]
Serial = Annotated[str | None, typer.Option("--serial", help=text("cli.gsm.serial"))]
Library = Annotated[str | None, typer.Option("--library", metavar="FILE", help=text("cli.gsm.library"))]
BANDS = ("gsm900", "gsm850", "dcs1800", "pcs1900", "all")
RADIO_RATE_HZ = 2.4e6
BCCH_CYCLE_S = 2.1  # 8 · 51 frames are 1.88 s; a block is lost at each end

app = typer.Typer(help=text("cli.gsm"), no_args_is_help=True)


@app.command(help=text("cli.gsm.blocks"))
def blocks(
    files: Files,
    rate: Rate = None,
    centre: Centre = None,
    sample_format: Format = None,
    as_json: AsJson = False,
    pcap: Pcap = None,
    gsmtap: Gsmtap = None,
) -> None:
    from wavewarden.gsm_blocks import print_blocks

    if gsmtap is not None:
        _refuse_bad_address(gsmtap)
    given: Given = {"rate_hz": rate, "centre_hz": centre, "sample_format": sample_format}
    with told(language()):
        code = print_blocks(recordings_of(files), as_json=as_json, pcap=pcap, gsmtap=gsmtap, **given)
    raise typer.Exit(int(code))


@app.command(help=text("cli.gsm.scan"))
def scan(
    files: MaybeFiles = None,
    rate: ScanRate = None,
    centre: Centre = None,
    sample_format: Format = None,
    as_json: AsJson = False,
    radio: RadioName = None,
    band: Band = "gsm900",
    dwell: Dwell = BCCH_CYCLE_S,
    gain: Gain = 32.8,
    ppm: Ppm = 0,
    serial: Serial = None,
    library: Library = None,
) -> None:
    from wavewarden.gsm_scan import scan_files

    if bool(files) == bool(radio):
        raise typer.BadParameter(text("gsm.files_or_radio"), param_hint="FILE… / --radio")
    given: Given = {"rate_hz": rate, "centre_hz": centre, "sample_format": sample_format}
    if files:
        raise typer.Exit(int(scan_files(recordings_of(files), as_json=as_json, **given)))
    if band not in BANDS:
        raise typer.BadParameter(" | ".join(BANDS), param_hint="--band")
    from wavewarden.gsm_radio import UnknownRadio, radio_settings

    try:
        settings = radio_settings(radio or "", gain_db=gain, ppm=ppm, serial=serial, library=library, **given)
    except UnknownRadio:
        raise typer.BadParameter(text("gsm.bad_radio"), param_hint="--radio") from None
    with told(language()):
        code = _scan_with(settings, band=band, rate_hz=rate or RADIO_RATE_HZ, dwell_s=dwell, as_json=as_json)
    raise typer.Exit(int(code))


def _scan_with(settings: "RadioSettings", *, band: str, rate_hz: float, dwell_s: float, as_json: bool) -> Exit:
    import time

    from hardware.clock import SystemClock
    from sensor.radios import open_radio
    from wavewarden.gsm_scan import scan_radio
    from wavewarden.log import take_notes

    take_notes(language())
    radio = open_radio(settings, SystemClock(), time.sleep)
    try:
        return scan_radio(radio, band=band, rate_hz=rate_hz, dwell_s=dwell_s, as_json=as_json)
    finally:
        radio.close()


def _refuse_bad_address(address: str) -> None:
    from wavewarden.gsm_tap import BadTapAddress, host_and_port

    try:
        host_and_port(address)
    except BadTapAddress:
        raise typer.BadParameter(text("gsm.bad_address"), param_hint="--gsmtap") from None


def add_to(parent: typer.Typer) -> None:
    parent.add_typer(app, name="gsm")
