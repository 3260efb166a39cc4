"""Three sensors' own programs around receivers of made air, and the server's desk: tasks out, snippets back."""

import hashlib
import json
import queue
import zlib
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec
import numpy as np
from sqlalchemy import Engine, select

from dsp.iq import IqBlock
from hardware.clock import ClockQuality, ClockSource
from hardware.radio import Radio, Window
from recordings.sigmf_time import iso_utc
from sensor.appointments import Appointments
from sensor.errands import LinkErrands
from sensor.plan import Plan
from sensor.settings import SampleClockSettings, SurveyedPosition
from sensor.survey import Survey
from sensor.whereabouts import surveyed
from server import snippets, tables, tasking
from server.difference_asking import Request
from tests.dsp.fm import difference_made as made
from tests.dsp.fm.retuned_made import Retuning
from tests.dsp.signatures.made import WEIGHTS
from tests.fusion.test_fm_differences import degrees
from tests.sensor.made import MadeEars, MadeOutbox
from tests.server.made import NOW, S
from wire.messages import SnippetOffer, Task

TUNE_S = 0.04  # what tuning takes


@dataclass
class Clock:
    source: ClockSource = ClockSource.NTP
    sigma_ns: int | None = 10_000_000
    now_ns: int = NOW

    def utc_ns(self) -> int:
        return self.now_ns

    def monotonic_ns(self) -> int:
        return self.now_ns - NOW

    def quality(self) -> ClockQuality:
        return ClockQuality(self.source, self.sigma_ns)

    def sleep(self, seconds: float) -> None:
        self.now_ns += round(seconds * 1e9)


@dataclass
class AirRadio:
    """A receiver of the made air that samples on while it is tuned; as wide as its rate, whatever was asked for."""

    of: Retuning
    clock: Clock
    dropped: int = 0  # samples lost at every tuning, which nobody is told
    looked: list[Window] = field(default_factory=list)
    name = "made air"
    epoch = 0

    def look(self, centre_hz: float, rate_hz: float, seconds: float) -> IqBlock:
        self.looked.append(Window(centre_hz, rate_hz, seconds))
        self.clock.sleep(TUNE_S)
        at_s = self.of.of.begin_s + (self.clock.now_ns - NOW) * 1e-9
        block = self.of.look(centre_hz, at_s=at_s, seconds=seconds)
        began_ns = self.clock.now_ns
        self.clock.sleep(seconds)
        lost = self.dropped * len(self.looked)
        return replace(block, time_utc_ns=began_ns, first_sample=block.first_sample - lost, time_sigma_ns=1_000_000)

    def close(self) -> None: ...


class DatabaseLink:
    """Where errands deliver: into the server's tables, as its link does."""

    def __init__(self, engine: Engine, sensor_id: int) -> None:
        self._engine, self._sensor_id = engine, sensor_id
        self.tasks: queue.Queue[Task] = queue.Queue()
        self.sizes: list[int] = []

    def fetch(self) -> None:
        with self._engine.connect() as connection:
            for due in tasking.due_tasks(connection, "x"):
                if due.sensor_id == self._sensor_id:
                    self.tasks.put(due.task)

    def finish_task(self, task: Task, outcome: str) -> None:
        with self._engine.begin() as connection:
            tasking.note_done(connection, _row(task), self._sensor_id, outcome, now_utc_ns=NOW)

    def deliver_snippet(self, task: Task, samples: bytes, *, sample_format: str, **about) -> None:  # type: ignore[no-untyped-def]
        packed = zlib.compress(samples)
        self.sizes.append(len(packed))
        offer = SnippetOffer(
            task=task.id,
            format=sample_format,
            sample_bytes=len(samples),
            sha256=hashlib.sha256(samples).hexdigest(),
            packed_bytes=len(packed),
            **about,
        )
        with self._engine.begin() as connection:
            assert snippets.check_offer(connection, _row(task), self._sensor_id, offer)
            snippets.store_snippet(connection, _row(task), self._sensor_id, offer, samples, now_utc_ns=NOW)


def _row(task: Task) -> int:
    return int(task.id.removeprefix("x-"))


def survey_of(number: int, link: DatabaseLink, clock: Clock, sample_clock: SampleClockSettings | None = None) -> Survey:
    lat_deg, lon_deg = degrees(made.SENSORS[number])
    return Survey(
        outbox=MadeOutbox(),
        clock=clock,
        new_memories=lambda: MadeEars(()),
        where=surveyed(SurveyedPosition(lat_deg=lat_deg, lon_deg=lon_deg, sigma_m=1.0)),
        weights=WEIGHTS,
        band_plan=None,
        sample_clock=sample_clock,
        errands=LinkErrands(link, appointments=Appointments(utc_ns=clock.utc_ns, sleep=clock.sleep)),
    )


def run_sensor(
    engine: Engine,
    number: int,
    radio: Radio,
    plan: Plan,
    clock: Clock,
    *,
    turns: int = 1,
    sample_clock: SampleClockSettings | None = None,
) -> DatabaseLink:
    """As many looks as asked for, shortly before the appointment."""
    link = DatabaseLink(engine, number + 1)
    link.fetch()
    clock.now_ns = request(engine).asked.at_utc_ns - 2 * S
    of = survey_of(number, link, clock, sample_clock)
    for _ in range(turns):
        of.turn(radio, plan)
    return link


def request(engine: Engine) -> Request:
    q = tables.difference_request.c
    with engine.connect() as connection:
        return msgspec.msgpack.decode(
            connection.execute(select(q.body).order_by(q.id.desc()).limit(1)).scalar_one(), type=Request
        )


def record(folder: Path, name: str, blocks: list[IqBlock], *, counted: bool) -> Path:
    """What a receiver heard, look by look, as a SigMF pair; with its running count or without."""
    stored = np.concatenate([block.samples for block in blocks]).view(np.float32)
    (folder / f"{name}.sigmf-data").write_bytes(np.rint(stored * 127.5 + 127.5).astype(np.uint8).tobytes())
    captures, start = [], 0
    for block in blocks:
        told = {"core:sample_start": start, "core:frequency": block.centre_hz}
        told |= {"core:datetime": iso_utc(block.time_utc_ns or 0)}
        told |= {"core:global_index": block.first_sample} if counted else {}
        captures.append(told)
        start += len(block.samples)
    about = {"core:datatype": "cu8", "core:sample_rate": blocks[0].rate_hz, "core:version": "1.2.0"}
    path = folder / f"{name}.sigmf-meta"
    path.write_text(json.dumps({"global": about, "captures": captures, "annotations": []}))
    return path
