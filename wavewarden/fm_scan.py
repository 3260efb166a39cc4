"""The stations of recordings, or of the band as a radio hears it, each told once it is known well enough."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Unpack

from hardware.errors import SamplesLost
from hardware.radio import Radio, Window
from hardware.replay import Replay
from recordings.read import Recording
from shell.exits import Exit
from wavewarden.fm_scanning import Wanted, scanning
from wavewarden.fm_silence import FmSilence
from wavewarden.given import Given
from wavewarden.language import text
from wavewarden.stretches import stretches_of
from wavewarden.sweep import Heard, Sweeping, hear
from wavewarden.work_through import forget_output, note, tell_why, work_through

STRETCH_S = 3.0  # of one look: 34 RDS groups
STAY_S = 1.0  # of one look where a radio stays: shorter, so that a busy computer loses less at once
MOST_LOSSES = 3  # one after the other
PATIENCE_S = 10.0  # until a station of a recording is told: a name takes 1 s, a long text 6


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
    with scanning({"file": str(file)}, title, wanted, silence, patience_s=PATIENCE_S) as (scan, advance):
        for stretch in stretches_of(recording, stretch_s=STRETCH_S, overlap_s=0.0):
            scan.take(stretch.block, stretch.dbm_at_full_scale)
            advance(stretch.share)
    return len(scan.ledger) > 0


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
        with scanning({"radio": radio.name}, title, wanted, silence, patience_s=patience_s) as (scan, advance):
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
