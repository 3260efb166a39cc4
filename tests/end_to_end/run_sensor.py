"""A sensor process for the kill tests: numbered reports, until it is killed or told to stop."""

import signal
import sys
import threading
from pathlib import Path

import msgspec

from sensor.link_settings import LinkSettings
from sensor.numbered import run_numbered

if __name__ == "__main__":
    settings = msgspec.json.decode(sys.argv[1], type=LinkSettings)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    run_numbered(
        settings, outbox_path=Path(sys.argv[2]), log_path=Path(sys.argv[3]), rate_hz=float(sys.argv[4]), stop=stop
    )
