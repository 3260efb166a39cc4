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
from dsp.iq import IqBlock
from hardware.radio import Radio
from recordings.read import Recording
from sensor.level import calibrated
from shell.exits import Exit
from wavewarden import gsm_table
from wavewarden.given import Given
from wavewarden.gsm_ledger import Ledger
from wavewarden.gsm_listening import Listening
from wavewarden.gsm_silence import GsmSilence
from wavewarden.gsm_sweep import windows
from wavewarden.language import text
from wavewarden.progress import progress_beside_lines
from wavewarden.stretches import stretches
from wavewarden.sweep import Heard, Sweeping, hear
from wavewarden.work_through import note, tell_why, work_through


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
        return work_through(files, partial(_scan_file, as_json=as_json), GsmSilence, **given)
    except KeyboardInterrupt:
        note(text("scan.interrupted"))
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
    silence, wanted = GsmSilence(), windows(band, rate_hz=rate_hz, dwell_s=dwell_s)
    with _scanning({"radio": radio.name}, text("scan.sweeping", radio=radio.name), as_json=as_json) as (scan, advance):
        sweeping = Sweeping(radio, partial(_take, scan, silence))
        sweeping.run(hear(radio, wanted, dwell_s=dwell_s), advance)
    sweeping.tell()
    if not scan.ledger and not sweeping.interrupted:
        tell_why(radio.name, silence, None)
    return Exit.DONE if scan.ledger else Exit.NOTHING_HEARD


def _take(scan: Scan, silence: GsmSilence, heard: Heard, block: IqBlock, dbm_at_full_scale: float | None) -> None:
    silence.measure(block)
    scan.take(receive_gsm(block), gain_db=block.gain_db, dbm_at_full_scale=dbm_at_full_scale)
