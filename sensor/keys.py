"""The sensor's own key pair. The secret half never leaves its file, which only its owner may read."""

import os
from dataclasses import dataclass
from pathlib import Path

import zmq

from sensor.errors import SensorError

KEY_MODE = 0o600
REMEDY = "restore it, or delete it and enrol anew"
NO_KEY_FILE = f"this is not a key file: it holds two lines of 40 characters; {REMEDY}"


class KeyFileError(SensorError):
    """A key file that cannot be used."""


class NoKey(KeyFileError):
    def __init__(self, *, file: str) -> None:
        super().__init__(f"{file}: there is no key; make one with `wavewarden sensor enrol`")
        self.file = file


class BadKeyFile(KeyFileError):
    def __init__(self, *, file: str, reason: str) -> None:
        super().__init__(f"{file}: {reason}")
        self.file, self.reason = file, reason


@dataclass(frozen=True, slots=True)
class KeyPair:
    """Z85 text, 40 characters each."""

    public: str
    secret: str

    def __repr__(self) -> str:
        return f"KeyPair(public={self.public!r})"


def enrol(file: Path) -> str:
    """The public key to give to the server's keeper; the pair is made when there is none yet. Raises BadKeyFile."""
    try:
        return read_keys(file).public
    except NoKey:
        return make_keys(file).public


def make_keys(file: Path) -> KeyPair:
    """A new pair in a new file that only its owner can read. Raises BadKeyFile."""
    public, secret = _new_pair()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, KEY_MODE)
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(f"{public}\n{secret}\n")
            stream.flush()
            os.fsync(descriptor)
    except OSError as error:
        raise BadKeyFile(file=str(file), reason=f"cannot be written: {error.strerror}") from error
    return KeyPair(public=public, secret=secret)


def _new_pair() -> tuple[str, str]:
    """One whose public half does not look like an option of a command line: people hand it to `server enrol`."""
    while True:
        public, secret = (half.decode() for half in zmq.curve_keypair())
        if not public.startswith("-"):
            return public, secret


def read_keys(file: Path) -> KeyPair:
    """Raises NoKey, BadKeyFile; the latter too for a file that others can read."""
    try:
        mode = file.stat().st_mode
        lines = file.read_text(encoding="ascii").split()
    except FileNotFoundError:
        raise NoKey(file=str(file)) from None
    except OSError as error:
        raise BadKeyFile(file=str(file), reason=f"cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise BadKeyFile(file=str(file), reason=NO_KEY_FILE) from None
    if mode & 0o077:
        raise BadKeyFile(file=str(file), reason="others can read this key; chmod 600, and if unsure make a new one")
    return _checked(file, lines)


def _checked(file: Path, lines: list[str]) -> KeyPair:
    if len(lines) != 2 or any(len(line) != 40 for line in lines):
        raise BadKeyFile(file=str(file), reason=NO_KEY_FILE)
    try:
        public = zmq.curve_public(lines[1].encode()).decode()
    except (ValueError, zmq.ZMQError):
        public = ""
    if public != lines[0]:
        raise BadKeyFile(file=str(file), reason=f"the two keys in it do not belong together; {REMEDY}")
    return KeyPair(public=public, secret=lines[1])
