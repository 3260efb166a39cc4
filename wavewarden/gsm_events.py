"""Every block and synchronisation burst of a recording, whatever its carrier, in the order in which they came."""

from collections.abc import Iterator
from dataclasses import dataclass

from dsp.gsm.frame import FRAME_SYMBOLS
from dsp.gsm.look import Block, GsmLook, Reception, SyncRead
from recordings.read import Recording
from sensor.level import dbm
from wavewarden.gsm_listening import Listening, when
from wavewarden.stretches import Stretch, stretches

SLOT_SYMBOLS = FRAME_SYMBOLS / 8


@dataclass(frozen=True, slots=True, eq=False)
class Event:
    """sample : at which its time slot began, since the receiver started; time_s : the same since the recording began"""

    what: Block | SyncRead
    of: Reception
    sample: float
    time_s: float
    time_utc_ns: int | None
    level_dbm: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Progress:
    """What one more stretch of the recording gave."""

    stretch: Stretch
    look: GsmLook
    events: tuple[Event, ...]


def listen_through(recording: Recording) -> Iterator[Progress]:
    """Stretch after stretch. What may yet be preceded by something of the next stretch waits for it."""
    listening, waiting = Listening(), list[Event]()
    for stretch in stretches(recording):
        look = listening.hear(stretch)
        waiting = sorted([*waiting, *_events(stretch, look)], key=lambda event: event.sample)
        settled = [event for event in waiting if event.sample < stretch.settled]
        waiting = waiting[len(settled) :]
        yield Progress(stretch, look, tuple(settled))


def _events(stretch: Stretch, look: GsmLook) -> Iterator[Event]:
    for each in look.receptions:
        for sync in each.syncs:
            yield _event(stretch, each, sync, slot=0)
        for block in each.blocks:
            yield _event(stretch, each, block, slot=block.timeslot)


def _event(stretch: Stretch, of: Reception, what: Block | SyncRead, *, slot: int) -> Event:
    block = stretch.block
    sample = when(of, what.frame_number) + slot * SLOT_SYMBOLS * of.samples_per_frame / FRAME_SYMBOLS
    since_s = (sample - block.first_sample) / block.rate_hz
    return Event(
        what=what,
        of=of,
        sample=sample,
        time_s=stretch.since_s + since_s,
        time_utc_ns=None if block.time_utc_ns is None else block.time_utc_ns + round(since_s * 1e9),
        level_dbm=dbm(of.level_dbfs, block.gain_db, stretch.dbm_at_full_scale),
    )
