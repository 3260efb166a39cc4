"""One scan for FM stations: what it shall give, and how each look of it is worked through."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from dsp.errors import BadRate, BlockTooShort
from dsp.iq import IqBlock
from dsp.signatures.licences import Licences
from sensor.bands import services
from wavewarden import fm_table
from wavewarden.audio_file import STDOUT
from wavewarden.fm_hearing import FmHeard, FmHearing
from wavewarden.fm_ledger import SAME_CHANNEL_HZ, Entry, Ledger
from wavewarden.fm_lines import json_line
from wavewarden.fm_others import OtherEmissions
from wavewarden.fm_panorama import Panorama
from wavewarden.fm_place import Place, within_reach
from wavewarden.fm_silence import FmSilence
from wavewarden.language import language, text
from wavewarden.progress import progress_beside_lines
from wavewarden.work_through import note

if TYPE_CHECKING:
    from wavewarden.fm_listen import Asked, FmListen


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
    others: OtherEmissions = field(default_factory=OtherEmissions)
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
            self.others.take(heard.look)
            self._print(self.ledger.take(heard))

    def finish(self) -> None:
        self._print(self.ledger.rest())
        for warning in self.silence.warnings() if self.ledger else ():
            note(f"{self.name}: {warning}")
        others = self.others.said()
        if others is not None:
            note(f"{self.name}: {others}")
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


@contextmanager
def scanning(
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
