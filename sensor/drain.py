"""Send what waits in an outbox, and nothing new."""

import time
from pathlib import Path

from sensor.link import Link
from sensor.link_settings import LinkSettings
from sensor.outbox import Outbox
from shell.exits import Exit

POLL_S = 0.02


def drain(settings: LinkSettings, *, outbox_path: Path, timeout_s: float) -> Exit:
    """DONE once the server has stored everything, UNREACHABLE when that takes longer than the timeout.

    Raises OutboxError, KeyFileError, LinkSetupError.
    """
    outbox = Outbox.open(outbox_path)
    try:
        link = Link(settings, outbox)
        link.start()
        try:
            return Exit.DONE if _settled(link, timeout_s) else Exit.UNREACHABLE
        finally:
            link.stop()
    finally:
        outbox.close()


def _settled(link: Link, timeout_s: float) -> bool:
    deadline = time.monotonic() + timeout_s
    while not link.settled():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_S)
    return True
