"""`wavewarden gsm`: what the receiver hears, block by block and cell by cell."""

from pathlib import Path
from typing import Annotated

import typer

from wavewarden.given import Given
from wavewarden.language import language, text
from wavewarden.radio_options import (
    RADIO_RATE_HZ,
    Gain,
    Library,
    MaybeFiles,
    RadioName,
    ScanRate,
    Serial,
    opened,
    refuse_files_and_radio,
    settings_of,
)
from wavewarden.refusals import told
from wavewarden.replay_command import AsJson, Centre, Files, Format, Rate, recordings_of

Pcap = Annotated[Path | None, typer.Option("--pcap", metavar="FILE", help=text("cli.gsm.pcap"))]
Gsmtap = Annotated[str | None, typer.Option("--gsmtap", metavar="HOST[:PORT]", help=text("cli.gsm.gsmtap"))]
Band = Annotated[str, typer.Option("--band", metavar="BAND", help=text("cli.gsm.band"))]
Dwell = Annotated[float, typer.Option("--dwell", metavar="S", min=0.1, max=60.0, help=text("cli.gsm.dwell"))]
Ppm = Annotated[int, typer.Option("--ppm", help=text("cli.gsm.ppm"))]
BANDS = ("gsm900", "gsm850", "dcs1800", "pcs1900", "all")
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
    from wavewarden.gsm_scan import scan_files, scan_radio

    refuse_files_and_radio(files, radio)
    given: Given = {"rate_hz": rate, "centre_hz": centre, "sample_format": sample_format}
    if files:
        raise typer.Exit(int(scan_files(recordings_of(files), as_json=as_json, **given)))
    if band not in BANDS:
        raise typer.BadParameter(" | ".join(BANDS), param_hint="--band")
    settings = settings_of(radio or "", given, gain_db=gain, ppm=ppm, serial=serial, library=library)
    with opened(settings) as heard_by:
        code = scan_radio(heard_by, band=band, rate_hz=rate or RADIO_RATE_HZ, dwell_s=dwell, as_json=as_json)
    raise typer.Exit(int(code))


def _refuse_bad_address(address: str) -> None:
    from wavewarden.gsm_tap import BadTapAddress, host_and_port

    try:
        host_and_port(address)
    except BadTapAddress:
        raise typer.BadParameter(text("gsm.bad_address"), param_hint="--gsmtap") from None


def add_to(parent: typer.Typer) -> None:
    parent.add_typer(app, name="gsm")
