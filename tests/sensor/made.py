"""Doubles for tests of the sensor's shell: a radio, ears and an outbox that do what they are told."""

from collections import deque
from collections.abc import Callable, Iterable

import msgspec
import numpy as np

from dsp.fm.values import FmStation
from dsp.gsm.values import GsmCell
from dsp.iq import IqBlock
from hardware.clock import ClockQuality, ClockSource
from hardware.errors import EndOfRecording
from hardware.radio import Place, Window
from sensor.ears import FmHeard, GsmHeard
from wire.report import Report

START_NS = 1_800_000_000_000_000_000
SECOND_NS = 1_000_000_000


def cell(**fields) -> GsmCell:
    known = {
        "freq_hz": 940e6,
        "arfcn": 25,
        "level_dbfs": -30.0,
        "cnr_db": 25.0,
        "carrier_offset_hz": 10.0,
        "carrier_offset_sigma_hz": 2.0,
        "bsic": 12,
        "frame_number": 1000,
        "frame_sample": 10.0,
        "seconds": 2.0,
        "sch_read": 40,
        "blocks_read": 80,
        "blocks_failed": 0,
    }
    return GsmCell(**(known | fields))


def station(**fields) -> FmStation:
    known = {"freq_hz": 98.1e6, "freq_sigma_hz": 5.0, "level_dbfs": -25.0, "cnr_db": 30.0, "seconds": 2.0}
    return FmStation(**(known | fields))


WINDOW = Window(940e6, 1e6, 0.001)


def block(window: Window = WINDOW, **fields) -> IqBlock:
    count = round(window.rate_hz * window.seconds)
    noise = np.random.default_rng(1).normal(scale=0.1, size=(count, 2))
    known = {
        "samples": (noise[:, 0] + 1j * noise[:, 1]).astype(np.complex64),
        "rate_hz": window.rate_hz,
        "centre_hz": window.centre_hz,
        "time_utc_ns": START_NS,
        "gain_db": 30.0,
        "clipped_samples": 0,
    }
    return IqBlock(**(known | fields))


class MadeClock:
    def __init__(self) -> None:
        self.now_ns = START_NS
        self.source = ClockSource.NTP

    def utc_ns(self) -> int:
        return self.now_ns

    def monotonic_ns(self) -> int:
        return self.now_ns - START_NS

    def quality(self) -> ClockQuality:
        return ClockQuality(self.source, None if self.source is ClockSource.NONE else 3_000_000)


class MadeRadio:
    """Delivers blocks or raises errors, in the order given; then it is over."""

    def __init__(self, says: Iterable[IqBlock | Exception] = (), *, clock: MadeClock | None = None) -> None:
        self.says = deque(says)
        self.clock = clock
        self.looked: list[Window] = []
        self.epoch = 0
        self.closed = False

    name = "made radio"

    def look(self, centre_hz: float, rate_hz: float, seconds: float) -> IqBlock:
        self.looked.append(Window(centre_hz, rate_hz, seconds))
        if not self.says:
            raise EndOfRecording(radio=self.name)
        said = self.says.popleft()
        if self.clock is not None:
            self.clock.now_ns += round(seconds * SECOND_NS)
        if isinstance(said, Exception):
            raise said
        return said

    def stream(self, centre_hz: float, rate_hz: float, *, block_seconds: float):
        yield self.look(centre_hz, rate_hz, block_seconds)

    def close(self) -> None:
        self.closed = True


class RecordedRadio(MadeRadio):
    dated = True
    missed = 3

    def place(self) -> Place | None:
        return Place(39.9, 116.4, 5.0)

    def dbm_at_full_scale(self) -> float | None:
        return -10.0

    def next_window(self, longest_s: float) -> Window:
        return Window(940e6, 1e6, min(longest_s, 2.0))


class MadeEars:
    """Hears what it is given, whatever the samples are."""

    def __init__(self, cells: tuple[GsmCell, ...] = (), stations: tuple[FmStation, ...] = ()) -> None:
        self.cells, self.stations = cells, stations
        self.heard: list[str] = []

    def hear_gsm(self, block: IqBlock) -> GsmHeard:
        self.heard.append("gsm")
        return GsmHeard(self.cells, -60.0, {"WrongProtocol": 2})

    def hear_fm(self, block: IqBlock) -> FmHeard:
        self.heard.append("fm")
        return FmHeard(self.stations, -50.0)


class MadeOutbox:
    durable = True

    def __init__(self, refuse: Callable[[Report], None] = lambda report: None) -> None:
        self.promised: list[Report] = []
        self._refuse = refuse

    def promise(self, report: Report) -> Report:
        self._refuse(report)
        numbered = msgspec.structs.replace(report, boot="0" * 32, seq=len(self.promised) + 1)
        self.promised.append(numbered)
        return numbered

    def waiting(self) -> int:
        return len(self.promised)

    def counters(self) -> dict[str, int]:
        return {"outbox_dropped": 0, "report_set_aside": 1}
