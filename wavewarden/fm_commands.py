"""`wavewarden fm`: the stations of the FM band, measured, named and judged; their sound and a picture of them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
from wavewarden.replay_command import AsJson, Centre, Format, LicenceFile, recordings_of

if TYPE_CHECKING:
    from dsp.signatures.licences import Licences
    from wavewarden.fm_listen import Asked
    from wavewarden.fm_place import Place

At = Annotated[str | None, typer.Option("--at", metavar="LAT,LON", help=text("cli.fm.at"))]
Listen = Annotated[float | None, typer.Option("--listen", metavar="MHZ", help=text("cli.fm.listen"))]
Out = Annotated[str | None, typer.Option("--out", metavar="FILE", help=text("cli.fm.out"))]
Deemphasis = Annotated[int, typer.Option("--deemphasis", metavar="US", help=text("cli.fm.deemphasis"))]
Picture = Annotated[Path | None, typer.Option("--picture", metavar="FILE.png", help=text("cli.fm.picture"))]
Band = Annotated[str | None, typer.Option("--band", metavar="MHZ-MHZ", help=text("cli.fm.band"))]
Dwell = Annotated[float, typer.Option("--dwell", metavar="S", min=0.1, max=60.0, help=text("cli.fm.dwell"))]
Seconds = Annotated[float | None, typer.Option("--seconds", metavar="S", min=0.5, help=text("cli.fm.seconds"))]
Ppm = Annotated[int, typer.Option("--ppm", help=text("cli.fm.ppm"))]
BAND_HZ = (87e6, 108e6)
DEEMPHASIS_US = (50, 75)
BESIDE_HZ = 250e3  # from a radio's own centre to the station that is listened to
WIDEST_MHZ = 1000.0  # more is meant in Hz

app = typer.Typer(help=text("cli.fm"), no_args_is_help=True)


@app.callback()
def group() -> None:
    """A group, although it has one command yet."""


@app.command(help=text("cli.fm.scan"))
def scan(
    files: MaybeFiles = None,
    rate: ScanRate = None,
    centre: Centre = None,
    sample_format: Format = None,
    licences: LicenceFile = None,
    at: At = None,
    as_json: AsJson = False,
    listen: Listen = None,
    out: Out = None,
    deemphasis: Deemphasis = 50,
    seconds: Seconds = None,
    picture: Picture = None,
    radio: RadioName = None,
    band: Band = None,
    dwell: Dwell = 3.0,
    gain: Gain = 32.8,
    ppm: Ppm = 0,
    serial: Serial = None,
    library: Library = None,
) -> None:
    from wavewarden.fm_scan import scan_files
    from wavewarden.fm_scanning import Wanted

    refuse_files_and_radio(files, radio)
    recordings = recordings_of(files or [])
    if len(recordings) > 1 and (picture or listen is not None):
        raise typer.BadParameter(text("fm.one_file"), param_hint="--picture / --listen")
    asked, place, band_hz = _asked(listen, out, deemphasis), _place(at), _band(band)
    with told(language()):
        wanted = Wanted(_licences(licences), as_json, place, band_hz, asked, picture)
    given: Given = {"rate_hz": rate, "centre_hz": centre, "sample_format": sample_format}
    if radio is None:
        raise typer.Exit(int(scan_files(recordings, wanted, **given)))
    settings = settings_of(radio, given, gain_db=gain, ppm=ppm, serial=serial, library=library)
    with opened(settings) as heard_by:
        from hardware.radio import Window
        from hardware.replay import Replay
        from wavewarden.fm_scan import scan_radio, stay
        from wavewarden.fm_sweep import windows

        rate_hz = rate or RADIO_RATE_HZ
        if asked is not None and not isinstance(heard_by, Replay):
            code = stay(heard_by, wanted, Window(asked.freq_hz - BESIDE_HZ, rate_hz, seconds or float("inf")))
        else:
            code = scan_radio(heard_by, wanted, windows(band_hz or BAND_HZ, rate_hz, dwell), dwell_s=dwell)
    raise typer.Exit(int(code))


def _licences(file: Path | None) -> "Licences":
    """Raises SettingsError."""
    from dsp.signatures.licences import Licences
    from shell.settings import read_settings

    return read_settings(file, Licences) if file is not None else Licences()


def _asked(listen: float | None, out: str | None, deemphasis: int) -> "Asked | None":
    if listen is None:
        if out is not None:
            raise typer.BadParameter(text("fm.out_alone"), param_hint="--out")
        return None
    from wavewarden.audio_file import FORMATS, STDOUT
    from wavewarden.fm_listen import Asked

    freq_hz = listen * 1e6 if listen < WIDEST_MHZ else listen
    if not 1e6 <= freq_hz <= 2e9:
        raise typer.BadParameter(text("fm.bad_frequency"), param_hint="--listen")
    if deemphasis not in DEEMPHASIS_US:
        raise typer.BadParameter("50 | 75", param_hint="--deemphasis")
    name = out or STDOUT
    if name != STDOUT and Path(name).suffix.lower() not in FORMATS:
        raise typer.BadParameter(text("fm.bad_sound", endings=" ".join(FORMATS)), param_hint="--out")
    if name != STDOUT and Path(name).exists():
        raise typer.BadParameter(text("fm.sound_exists"), param_hint="--out")
    _refuse_sound_on_a_terminal(name)
    return Asked(freq_hz, name, deemphasis)


def _refuse_sound_on_a_terminal(name: str) -> None:
    import sys

    from wavewarden.audio_file import STDOUT

    if name == STDOUT and sys.stdout.isatty():
        raise typer.BadParameter(text("fm.sound_on_terminal"), param_hint="--out")


def _place(at: str | None) -> "Place | None":
    from wavewarden.fm_place import NoPlace, place

    try:
        return None if at is None else place(at)
    except NoPlace:
        raise typer.BadParameter(text("fm.bad_place"), param_hint="--at") from None


def _band(band: str | None) -> tuple[float, float] | None:
    if band is None:
        return None
    low, _, high = band.partition("-")
    try:
        low_mhz, high_mhz = float(low), float(high)
    except ValueError:
        low_mhz, high_mhz = 0.0, 0.0
    if not 1 <= low_mhz <= high_mhz <= WIDEST_MHZ:
        raise typer.BadParameter(text("fm.bad_band"), param_hint="--band")
    return low_mhz * 1e6, high_mhz * 1e6


def add_to(parent: typer.Typer) -> None:
    parent.add_typer(app, name="fm")
