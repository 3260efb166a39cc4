"""The server's own CURVE key pair, in its data folder, readable by its owner only."""

import os
from dataclasses import dataclass, field
from pathlib import Path

import zmq

from server.errors import ServerError

FILE, KEY_MODE = "server.key", 0o600


class BadKeyOfServer(ServerError):
    def __init__(self, *, file: str, reason: str) -> None:
        super().__init__(f"{file}: {reason}")
        self.file, self.reason = file, reason


NO_PAIR = "this is not a key pair; restore it, or delete it and enrol anew"


@dataclass(frozen=True, slots=True)
class ServerKeys:
    """Z85 text, 40 characters each."""

    public: str
    secret: str = field(repr=False)


def server_keys(folder: Path) -> ServerKeys:
    """The pair of this data folder, made at the first call. Raises BadKeyOfServer."""
    file = folder / FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _read(file) if file.exists() else _make(file)
    except OSError as error:
        raise BadKeyOfServer(file=str(file), reason=f"cannot be used: {error.strerror or error}") from error
    except UnicodeDecodeError:
        raise BadKeyOfServer(file=str(file), reason=NO_PAIR) from None


def _make(file: Path) -> ServerKeys:
    public, secret = (half.decode() for half in zmq.curve_keypair())
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, KEY_MODE)
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(f"{public}\n{secret}\n")
        stream.flush()
        os.fsync(descriptor)
    try:
        os.link(part, file)  # fails if another process was first: then theirs is the key
    except FileExistsError:
        return _read(file)
    finally:
        part.unlink()
    return ServerKeys(public, secret)


def _read(file: Path) -> ServerKeys:
    if file.stat().st_mode & 0o077:
        raise BadKeyOfServer(file=str(file), reason="others can read this key; chmod 600 it")
    lines = file.read_text(encoding="ascii").split()
    try:
        public, secret = lines
        matches = zmq.curve_public(secret.encode()).decode() == public
    except (ValueError, zmq.ZMQError):
        matches = False
    if not matches:
        raise BadKeyOfServer(file=str(file), reason=NO_PAIR)
    return ServerKeys(public, secret)
