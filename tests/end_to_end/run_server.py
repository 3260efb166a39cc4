"""A server process for the kill tests: it receives, stores and judges, until it is killed or told to stop."""

import signal
import sys
import threading
from pathlib import Path

import msgspec

from fusion import world
from fusion.values import Rules
from server.casework import Casework
from server.ingest import Ingest
from server.settings import ServerSettings
from server.store import open_store
from tests.dsp.signatures.made import LAW

if __name__ == "__main__":
    settings = msgspec.json.decode(sys.argv[1], type=ServerSettings)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    engine = open_store(settings)
    casework = Casework(engine, world, Rules(**LAW), settings.alerts)
    ingest = Ingest(engine, settings, on_stored=casework.wake)
    casework.start()
    ingest.start()
    Path(sys.argv[2]).touch()
    stop.wait()
    ingest.stop()
    casework.stop()
    engine.dispose()
