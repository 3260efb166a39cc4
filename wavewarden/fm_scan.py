"""The stations of recordings, or of the band as a radio hears it, each told once it is known well enough."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import typer

from dsp.errors import BadRate, BlockTooShort
from dsp.iq import IqBlock
from dsp.signatures.licences import Licences
from hardware.errors import SamplesLost
from hardware.radio import Radio, Window
from hardware.replay import Replay
from recordings.read import Recording
from sensor.bands import services
from shell.exits import Exit
from wavewarden import fm_table
from wavewarden.audio_file import STDOUT
from wavewarden.fm_hearing import FmHeard, FmHearing
from wavewarden.fm_ledger import SAME_CHANNEL_HZ, Entry, Ledger
from wavewarden.fm_lines import json_line
from wavewarden.fm_panorama import Panorama
from wavewarden.fm_place import Place, within_reach
from wavewarden.fm_silence import FmSilence
from wavewarden.given import Given
from wavewarden.language import language, text
from wavewarden.progress import progress_beside_lines
from wavewarden.stretches import stretches_of
from wavewarden.sweep import Heard, Sweeping, hear
from wavewarden.work_through import forget_output, note, tell_why, work_through

if TYPE_CHECKING:
    from wavewarden.fm_listen import Asked, FmListen

STRETCH_S = 3.0  # of one look: 34 RDS groups
STAY_S = 1.0  # of one look where a radio stays: shorter, so that a busy computer loses less at once
MOST_LOSSES = 3  # one after the other
PATIENCE_S = 10.0  # until a station of a recording is told: a name takes 1 s, a long text 6


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a scan shall give. band_hz: stations elsewhere are left out; None: whatever is there"""

    licences: Licences
    as_json: bool
    at: Place | None = None
    band_hz: tuple[float, float] | None = None
    listen: "Asked | None" = None
    picture: Path | None = None


@dataclass
class Scan:
    """Prints stations as they become known, and the others at its end; keeps sound and picture where they are wanted.

    source : what each line of JSON says it is from
    """

    source: dict[str, str]
    wanted: Wanted
    say: Callable[[str], None]
    silence: FmSilence
    ledger: Ledger
    hearing: FmHearing
    sound: "FmListen | None"
    panorama: Panorama = field(default_factory=Panorama)
    titled: bool = False

    def take(self, block: IqBlock, dbm_at_full_scale: float | None) -> None:
        self.silence.measure(block)
        if "fm" not in services(block.centre_hz - block.rate_hz / 2, block.centre_hz + block.rate_hz / 2):
            return
        if self.wanted.picture is not None:
            self.panorama.add(block)
        heard = self._hear(block, dbm_at_full_scale)
        if self.sound is not None:
            self.sound.hear(block, None if heard is None else heard.look)
        if heard is not None:
            self.silence.rejected.update(heard.look.rejected)
            self._print(self.ledger.take(heard))

    def finish(self) -> None:
        self._print(self.ledger.rest())
        for warning in self.silence.warnings() if self.ledger else ():
            note(f"{self.name}: {warning}")
        self._finish_sound()
        if self.wanted.picture is not None and self.panorama.strips:
            from wavewarden.fm_picture import draw

            draw(self.wanted.picture, self.panorama, self.ledger.entries, language(), self.name)
            note(text("fm.picture", file=self.wanted.picture))

    @property
    def name(self) -> str:
        return next(iter(self.source.values()))

    def _hear(self, block: IqBlock, dbm_at_full_scale: float | None) -> FmHeard | None:
        """None: too short or too narrow, which the silence knows."""
        try:
            return _within(self.hearing.hear(block, dbm_at_full_scale), self.wanted.band_hz)
        except (BadRate, BlockTooShort):
            return None

    def _print(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            if self.wanted.as_json:
                self.say(json_line(self.source, entry, self.wanted.at))
                continue
            if not self.titled:
                self.titled = True
                self.say(f"{self.name}\n{fm_table.head()}")
            self.say("\n".join(fm_table.lines(entry, self.wanted.at)))

    def _finish_sound(self) -> None:
        if self.sound is None:
            return
        freq_hz = self.sound.asked.freq_hz
        near = [each for each in self.ledger.entries if abs(each.station.freq_hz - freq_hz) <= SAME_CHANNEL_HZ]
        written = self.sound.finish(self.source, near[-1] if near else None, self.wanted.at)
        if written is None:
            note(text("fm.no_sound", name=self.name, mhz=f"{freq_hz / 1e6:g}"))
        else:
            seconds = f"{written.seconds:.1f}"
            note(text("fm.sound", file=written.name, seconds=seconds, sha256=written.sha256))


def _within(heard: FmHeard, band_hz: tuple[float, float] | None) -> FmHeard:
    if band_hz is None:
        return heard
    low_hz, high_hz = band_hz[0] - SAME_CHANNEL_HZ, band_hz[1] + SAME_CHANNEL_HZ
    return replace(heard, sightings=tuple(s for s in heard.sightings if low_hz <= s.station.freq_hz <= high_hz))


def scan_files(files: Sequence[Path], wanted: Wanted, **given: Unpack[Given]) -> Exit:
    """What is wrong with a file is told."""
    try:
        return work_through(files, partial(_scan_file, wanted=wanted), FmSilence, **given)
    except KeyboardInterrupt:
        note(text("scan.interrupted"))
        return Exit.DONE


def _scan_file(file: Path, recording: Recording, silence: FmSilence, *, wanted: Wanted) -> bool:
    if not any(capture.centre_hz for capture in recording.captures):
        note(f"{file}: {text('fm.no_centre')}")
    title = text("replay.progress", file=file.name)
    with _scanning({"file": str(file)}, title, wanted, silence, patience_s=PATIENCE_S) as (scan, advance):
        for stretch in stretches_of(recording, stretch_s=STRETCH_S, overlap_s=0.0):
            scan.take(stretch.block, stretch.dbm_at_full_scale)
            advance(stretch.share)
    return len(scan.ledger) > 0


@contextmanager
def _scanning(
    source: dict[str, str], title: str, wanted: Wanted, silence: FmSilence, *, patience_s: float
) -> Iterator[tuple[Scan, Callable[[float], None]]]:
    """However it ends, what was found is printed, and sound and picture are whole."""
    licences = within_reach(wanted.licences, wanted.at)
    with progress_beside_lines(title) as (advance, say):
        to_stdout = wanted.listen is not None and wanted.listen.out == STDOUT
        tell = partial(typer.echo, err=True) if to_stdout else say  # where the sound goes nothing else may
        ledger = Ledger(listed=bool(licences.fm), patience_s=patience_s)
        scan = Scan(source, wanted, tell, silence, ledger, FmHearing(licences), _sound(wanted.listen))
        try:
            yield scan, advance
        finally:
            scan.finish()


def _sound(asked: "Asked | None") -> "FmListen | None":
    if asked is None:
        return None
    from wavewarden.fm_listen import FmListen

    return FmListen(asked)


def scan_radio(radio: Radio, wanted: Wanted, windows: list[Window], *, dwell_s: float) -> Exit:
    """Raises RadioError, what was found before being printed."""
    patience_s = PATIENCE_S if isinstance(radio, Replay) else 0.0  # in a sweep each window is heard once
    return _scan_radio(radio, wanted, hear(radio, windows, dwell_s=dwell_s), patience_s=patience_s)


def stay(radio: Radio, wanted: Wanted, window: Window) -> Exit:
    """Listens to one window, for its seconds or until Ctrl-C where they have no end. Raises RadioError."""
    return _scan_radio(radio, wanted, _looks(radio, window), patience_s=PATIENCE_S)


def _scan_radio(radio: Radio, wanted: Wanted, looks: Iterable[Heard], *, patience_s: float) -> Exit:
    silence, title = FmSilence(), text("scan.sweeping", radio=radio.name)
    try:
        with _scanning({"radio": radio.name}, title, wanted, silence, patience_s=patience_s) as (scan, advance):
            sweeping = Sweeping(radio, lambda heard, block, dbm: scan.take(block, dbm))
            sweeping.run(looks, advance)
    except BrokenPipeError:
        forget_output()
        return Exit.DONE
    sweeping.tell()
    if not scan.ledger and not sweeping.interrupted:
        tell_why(radio.name, silence, None)
    return Exit.DONE if scan.ledger else Exit.NOTHING_HEARD


def _looks(radio: Radio, window: Window) -> Iterator[Heard]:
    """Raises RadioError; a loss is told and the rest goes on, until nothing comes without one."""
    done_s, losses = 0.0, 0
    while done_s < window.seconds:
        left_s = window.seconds - done_s
        try:
            for block in radio.stream(window.centre_hz, window.rate_hz, block_seconds=min(STAY_S, left_s)):
                done_s, losses = done_s + block.seconds, 0
                yield Heard(window, block, min(done_s / window.seconds, 1.0))
                if done_s >= window.seconds:
                    return
        except SamplesLost as error:
            losses += 1
            if losses > MOST_LOSSES:
                raise
            yield Heard(window, None, min(done_s / window.seconds, 1.0), error)
