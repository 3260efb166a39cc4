"""What sensor and server say to each other. Unknown fields are skipped, unknown kinds refused.

A sensor is known by its CURVE key. Nothing here names the speaker: it would prove nothing.
"""

import msgspec


class Item(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """One report on its way. The body is MessagePack of wire.report.Report and is stored as it came."""

    boot: str
    seq: int
    protocol: int  # the body was written in; it may have waited in the outbox through an update
    body: bytes


class Span(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """Reports first … last of one boot, both included, without a gap."""

    boot: str
    first: int
    last: int


class RefusedReport(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    boot: str
    seq: int
    reason: str  # WireError.reason


# sensor → server


class Hello(msgspec.Struct, frozen=True, kw_only=True, tag="hello"):
    """The first message of every connection."""

    boot: str
    software: str
    waiting: int  # reports in the outbox


class Batch(msgspec.Struct, frozen=True, kw_only=True, tag="batch"):
    packed: bytes  # zlib of MessagePack of list[Item]
    waiting: int


class Heartbeat(msgspec.Struct, frozen=True, kw_only=True, tag="heartbeat"):
    waiting: int


class TaskTaken(msgspec.Struct, frozen=True, kw_only=True, tag="task_taken"):
    task: str


class TaskDone(msgspec.Struct, frozen=True, kw_only=True, tag="task_done"):
    task: str
    outcome: str  # "done", or the name of what went wrong


class SnippetOffer(msgspec.Struct, frozen=True, kw_only=True, tag="snippet_offer"):
    """Samples that a task asked for, before they are sent in parts."""

    task: str
    centre_hz: float
    rate_hz: float
    time_utc_ns: int | None
    format: str  # of the samples: "cu8", …; "phases": wire.phase_snippet
    sample_bytes: int  # unpacked
    sha256: str  # of the unpacked samples, 64 hex digits
    packed_bytes: int  # zlib of the samples, the sum of all parts


class SnippetPart(msgspec.Struct, frozen=True, kw_only=True, tag="snippet_part"):
    task: str
    offset: int  # of `data` in the packed samples
    data: bytes


SensorSays = Hello | Batch | Heartbeat | TaskTaken | TaskDone | SnippetOffer | SnippetPart


# server → sensor


class Welcome(msgspec.Struct, frozen=True, kw_only=True, tag="welcome"):
    credit: int  # reports that may be on their way at once
    software: str


class Ack(msgspec.Struct, frozen=True, kw_only=True, tag="ack"):
    """Exactly these are stored. Nothing is said of any other report."""

    stored: tuple[Span, ...]
    refused: tuple[RefusedReport, ...]  # will never be stored: to be put aside
    credit: int


class Credit(msgspec.Struct, frozen=True, kw_only=True, tag="credit"):
    """The answer to a heartbeat."""

    credit: int


class Task(msgspec.Struct, frozen=True, kw_only=True, tag="task"):
    """Tune here for a while. The same task may arrive twice: its id tells."""

    id: str
    centre_hz: float
    rate_hz: float
    seconds: float
    snippet: bool = False  # send the samples too
    # without `snippet`; sensors of earlier versions listen, and send nothing
    stations_hz: tuple[float, ...] = ()  # send these as phases: wire.phase_snippet
    at_utc_ns: int | None = None  # begin then, as several sensors are to hear the same moment
    in_turn_hz: tuple[float, ...] = ()  # without stations_hz: these, one after the other by one sample count, as phases
    every_s: float = 0.0  # from the beginning of one to that of the next; each is heard for `seconds`


def appointed(task: Task) -> bool:
    """Whether it is for a moment that several sensors are to hear; what is sent are phases."""
    return bool(task.stations_hz or task.in_turn_hz)


class SnippetWanted(msgspec.Struct, frozen=True, kw_only=True, tag="snippet_wanted"):
    task: str
    offset: int  # everything before it has arrived


class SnippetStored(msgspec.Struct, frozen=True, kw_only=True, tag="snippet_stored"):
    task: str


class SnippetRefused(msgspec.Struct, frozen=True, kw_only=True, tag="snippet_refused"):
    task: str
    reason: str


class Refused(msgspec.Struct, frozen=True, kw_only=True, tag="refused"):
    """A message was not taken as a whole."""

    reason: str  # WireError.reason, "revoked", …
    text: str  # for a log


ServerSays = Welcome | Ack | Credit | Task | SnippetWanted | SnippetStored | SnippetRefused | Refused
