"""What went wrong, as one sentence on stderr and the right exit code."""

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import msgspec
import typer

from dsp.errors import SignalError
from shell import words
from shell.exits import Exit
from shell.settings import SettingsError, read_settings
from wavewarden.beside import beside

T = TypeVar("T", bound=msgspec.Struct)


class NoSettingsFile(SettingsError):
    def __init__(self, *, file: str, program: str) -> None:
        super().__init__(words.say("error.NoSettingsFile", "en", file=file, program=program))
        self.file, self.program = file, program


class SystemRefused(Exception):
    """What the system said of a file, without its numbers."""

    def __init__(self, *, file: str, reason: str) -> None:
        super().__init__(f"{file}: {reason}")
        self.file, self.reason = file, reason


def settings_of(config: Path, as_type: type[T], *, program: str) -> T:
    """A program's settings file. Raises SettingsError."""
    if not config.exists():
        raise NoSettingsFile(file=str(config), program=program)
    return beside(config, read_settings(config, as_type))


NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def exit_code(error: Exception) -> Exit | None:
    """The exit code of a known refusal; None for what should not happen."""
    from hardware.errors import RadioError
    from recordings.errors import RecordingError
    from sensor.errors import SensorError
    from sensor.outbox_file import OutboxInUse
    from server.auth import AccountError
    from server.errors import NotReachable, ServerError
    from server.store import DatabaseFull
    from wire.errors import WireError

    if isinstance(error, DatabaseFull) or (isinstance(error, OSError) and error.errno in NO_SPACE):
        return Exit.NO_SPACE
    if isinstance(error, RadioError | NotReachable | OutboxInUse):
        return Exit.UNREACHABLE
    known = (SettingsError, SignalError, RecordingError, SensorError, ServerError, AccountError, WireError, OSError)
    return Exit.BAD_INPUT if isinstance(error, known) else None


def _plain(error: Exception) -> Exception:
    """The system's own errors say their file as Python writes it; ours say theirs themselves."""
    if type(error).__module__ == "builtins" and isinstance(error, OSError) and error.filename and error.strerror:
        return SystemRefused(file=str(error.filename), reason=error.strerror)
    return error


@contextmanager
def told(language: str) -> Iterator[None]:
    """Turn a known refusal into its sentence and exit code; let everything else through."""
    try:
        yield
    except typer.Exit:
        raise  # a command's own ending
    except Exception as error:
        code = exit_code(error)
        if code is None:
            raise
        print(f"wavewarden: {words.clean(words.explain(_plain(error), language))}", file=sys.stderr)  # noqa: T201
        raise SystemExit(int(code)) from error
