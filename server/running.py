"""Where a running server can be reached: a small file in its data folder, there only while it runs."""

import fcntl
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from server.errors import DataInUse, NotReachable

NAME = "running.json"
LOCK = "running.lock"


@dataclass(frozen=True, slots=True)
class Addresses:
    pages: str
    link: str
    link_key: str  # the server's public key, Z85


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One server a data folder: two would judge every report twice. Ends with the process. Raises DataInUse."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DataInUse(folder=str(folder)) from None
        yield


def announce(folder: Path, addresses: Addresses) -> None:
    """Write the file whole or not at all."""
    part = folder / f"{NAME}.part"
    part.write_text(json.dumps(asdict(addresses)), encoding="utf-8")
    part.replace(folder / NAME)


def withdraw(folder: Path) -> None:
    (folder / NAME).unlink(missing_ok=True)


def wait_for(folder: Path, *, seconds: float, alive: Callable[[], bool]) -> Addresses:
    """The addresses, once the server has announced them. Raises NotReachable when it ends or takes too long."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and alive():
        if (folder / NAME).exists():
            return Addresses(**json.loads((folder / NAME).read_text(encoding="utf-8")))
        time.sleep(0.05)
    raise NotReachable(what=str(folder), reason="the server did not come up; its log says why")
