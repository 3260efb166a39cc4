"""Recordings one after the other: opened, warned of, each with its own ending."""

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar, Unpack

import typer

from recordings.read import Multiplex, Recording, open_recording
from shell.exits import Exit
from shell.words import clean
from wavewarden.given import Given
from wavewarden.language import language, text
from wavewarden.refusals import told
from wavewarden.silence import ServiceSilence

S = TypeVar("S", bound=ServiceSilence)
Work = Callable[[Path, Recording, S], bool]


def work_through(files: Sequence[Path], work: Work[S], new_silence: Callable[[], S], **given: Unpack[Given]) -> Exit:
    """A file that is refused does not keep the others from being heard. `work` says whether it heard anything."""
    codes = [_one(file, work, new_silence, **given) for file in files]
    refused = [code for code in codes if code not in (Exit.DONE, Exit.NOTHING_HEARD)]
    return refused[0] if refused else min(codes)


def _one(file: Path, work: Work[S], new_silence: Callable[[], S], **given: Unpack[Given]) -> Exit:
    try:
        with told(language()):
            heard = _until_nobody_reads(file, work, new_silence(), **given)
    except SystemExit as refusal:
        return Exit(int(refusal.code or 0))
    return Exit.DONE if heard else Exit.NOTHING_HEARD


def _until_nobody_reads(file: Path, work: Work[S], silence: S, **given: Unpack[Given]) -> bool:
    try:
        return _heard(file, work, silence, **given)
    except BrokenPipeError:
        forget_output()
        raise typer.Exit(int(Exit.DONE)) from None


def _heard(file: Path, work: Work[S], silence: S, **given: Unpack[Given]) -> bool:
    recording = open_recording(file, **given)
    for warning in recording.warnings:
        why = text(f"recording.warning.{warning.name}", **warning.values)
        note(text("replay.warning", file=file, why=why))
    if isinstance(recording, Multiplex):
        note(text(f"{silence.service}.nothing", name=file, why=text(f"{silence.service}.why.multiplex")))
        return False
    heard = work(file, recording, silence)
    if not heard:
        tell_why(str(file), silence, recording)
    return heard


def tell_why(name: str, silence: ServiceSilence, recording: Recording | None) -> None:
    reason, service = silence.why(recording), silence.service
    note(text(f"{service}.nothing", name=name, why=text(f"{service}.why.{reason.name}", **reason.values)))


def note(line: str) -> None:
    typer.echo(clean(line), err=True)


def forget_output() -> None:
    """Whoever read our lines has closed them: nothing more may be written, not even what is left at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
