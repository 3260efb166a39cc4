"""What went wrong, as one sentence on stderr and the right exit code."""

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from dsp.errors import SignalError
from shell import words
from shell.exits import Exit
from shell.settings import SettingsError

NO_SPACE = (errno.ENOSPC, errno.EDQUOT)


def exit_code(error: Exception) -> Exit | None:
    """The exit code of a known refusal; None for what should not happen."""
    from hardware.errors import RadioError
    from recordings.errors import RecordingError
    from sensor.errors import SensorError
    from server.auth import AccountError
    from server.errors import NotReachable, ServerError
    from server.store import DatabaseFull
    from wire.errors import WireError

    if isinstance(error, DatabaseFull) or (isinstance(error, OSError) and error.errno in NO_SPACE):
        return Exit.NO_SPACE
    if isinstance(error, RadioError | NotReachable):
        return Exit.UNREACHABLE
    known = (SettingsError, SignalError, RecordingError, SensorError, ServerError, AccountError, WireError, OSError)
    return Exit.BAD_INPUT if isinstance(error, known) else None


@contextmanager
def told(language: str) -> Iterator[None]:
    """Turn a known refusal into its sentence and exit code; let everything else through."""
    try:
        yield
    except Exception as error:
        code = exit_code(error)
        if code is None:
            raise
        print(f"wavewarden: {words.clean(words.explain(error, language))}", file=sys.stderr)  # noqa: T201
        raise SystemExit(int(code)) from error
