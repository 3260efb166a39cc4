"""The cells of recordings, or of a band as a radio hears it, each told as soon as it is complete."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Unpack

import msgspec

from dsp.gsm.cell import CellMemory
from dsp.gsm.look import GsmLook
from dsp.gsm.receive import receive_gsm
from dsp.gsm.values import GsmCell
from hardware.errors import SamplesLost
from hardware.radio import Radio, Window
from hardware.replay import Replay
from recordings.read import Recording
from sensor.level import calibrated
from shell.exits import Exit
from shell.words import explain
from wavewarden import gsm_table
from wavewarden.gsm_files import note, tell_why, work_through
from wavewarden.gsm_given import Given
from wavewarden.gsm_ledger import Ledger
from wavewarden.gsm_listening import Listening
from wavewarden.gsm_silence import GsmSilence
from wavewarden.gsm_stretches import stretches
from wavewarden.gsm_sweep import Heard, follow, sweep, windows
from wavewarden.language import language, text
from wavewarden.progress import progress_beside_lines


@dataclass
class Scan:
    """Prints cells as they become complete, and the others at its end.

    source : what each line of JSON says it is from
    """

    source: dict[str, str]
    as_json: bool
    say: Callable[[str], None]
    ledger: Ledger = field(default_factory=Ledger)
    memory: CellMemory = field(default_factory=CellMemory)
    titled: bool = False

    def take(self, look: GsmLook, *, gain_db: float | None, dbm_at_full_scale: float | None) -> None:
        cells = calibrated(self.memory.describe(look), gain_db, dbm_at_full_scale)
        for cell in self.ledger.take(cells):
            self._print(cell)

    def finish(self) -> None:
        for cell in self.ledger.rest():
            self._print(cell)

    def _print(self, cell: GsmCell) -> None:
        if self.as_json:
            self.say(json.dumps(self.source | msgspec.to_builtins(cell), ensure_ascii=False))
            return
        if not self.titled:
            self.titled = True
            self.say(f"{next(iter(self.source.values()))}\n{gsm_table.head()}")
        self.say(gsm_table.row(cell))


def scan_files(files: Sequence[Path], *, as_json: bool, **given: Unpack[Given]) -> Exit:
    """What is wrong with a file is told."""
    try:
        return work_through(files, partial(_scan_file, as_json=as_json), **given)
    except KeyboardInterrupt:
        note(text("gsm.interrupted"))
        return Exit.DONE


def _scan_file(file: Path, recording: Recording, silence: GsmSilence, *, as_json: bool) -> bool:
    listening = Listening()
    title = text("replay.progress", file=file.name)
    with _scanning({"file": str(file)}, title, as_json=as_json) as (scan, advance):
        for stretch in stretches(recording):
            silence.measure(stretch.block)
            look = listening.hear(stretch)
            scan.take(look, gain_db=stretch.block.gain_db, dbm_at_full_scale=stretch.dbm_at_full_scale)
            advance(stretch.share)
    return len(scan.ledger) > 0


@contextmanager
def _scanning(source: dict[str, str], title: str, *, as_json: bool) -> Iterator[tuple[Scan, Callable[[float], None]]]:
    """However it ends, what was found is printed."""
    with progress_beside_lines(title) as (advance, say):
        scan = Scan(source, as_json, say)
        try:
            yield scan, advance
        finally:
            scan.finish()


def scan_radio(radio: Radio, *, band: str, rate_hz: float, dwell_s: float, as_json: bool) -> Exit:
    """Raises RadioError and BandNotUsable, what was found before being printed."""
    sweeping = Sweeping(radio)
    wanted = windows(band, rate_hz=rate_hz, dwell_s=dwell_s)
    heard = follow(radio, dwell_s=dwell_s) if isinstance(radio, Replay) else sweep(radio, wanted)
    interrupted = False
    with _scanning({"radio": radio.name}, text("gsm.sweeping", radio=radio.name), as_json=as_json) as (scan, advance):
        try:
            for each in heard:
                sweeping.take(each, scan)
                advance(each.share)
        except KeyboardInterrupt:
            interrupted = True
    if interrupted:
        note(text("gsm.interrupted"))
    sweeping.tell_unheard()
    if not scan.ledger and not interrupted:
        tell_why(radio.name, sweeping.silence, None)
    return Exit.DONE if scan.ledger else Exit.NOTHING_HEARD


@dataclass
class Sweeping:
    """What the windows of a sweep gave besides cells."""

    radio: Radio
    silence: GsmSilence = field(default_factory=GsmSilence)
    unheard: list[Window] = field(default_factory=list)

    def take(self, heard: Heard, scan: Scan) -> None:
        block = heard.block
        if block is not None:
            self.silence.measure(block)
            dbm = self.radio.dbm_at_full_scale() if isinstance(self.radio, Replay) else None
            scan.take(receive_gsm(block), gain_db=block.gain_db, dbm_at_full_scale=dbm)
        elif isinstance(heard.error, SamplesLost):
            note(explain(heard.error, language()))
        else:
            self.unheard.append(heard.window)

    def tell_unheard(self) -> None:
        if self.unheard:
            low_hz, high_hz = min(w.low_hz for w in self.unheard), max(w.high_hz for w in self.unheard)
            low, high = f"{low_hz / 1e6:.1f}", f"{high_hz / 1e6:.1f}"
            note(text("gsm.unheard", radio=self.radio.name, low=low, high=high))
