"""The pieces of work a set is cut into, and doing one of them. Runs in this process or in a helper's."""

import hashlib
import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from dataclasses import dataclass
from pathlib import Path

from recordings.scenario import Scenario
from recordings.scenario_listeners import Look, SensorPlan
from recordings.sigmf_read import DATA
from recordings.sigmf_write import BYTES_PER_SAMPLE
from recordings.world import World

_MOST_BLOCKS = 48  # of at most 26 ms each: what is held in memory at once; a multiple of BATCH


@dataclass(frozen=True, slots=True)
class Piece:
    """Some consecutive blocks of one look, for all sensors."""

    look: int
    blocks: range


def pieces(world: World) -> tuple[Piece, ...]:
    """All the work. How it is cut has no influence on the samples."""
    found: list[Piece] = []
    for number, look in enumerate(world.scenario.looks()):
        count = -(-look.samples // world.grid(look.plan).kept)
        found += [
            Piece(number, range(first, min(first + _MOST_BLOCKS, count))) for first in range(0, count, _MOST_BLOCKS)
        ]
    return tuple(found)


def looks_of(scenario: Scenario, sensor: SensorPlan) -> tuple[Look, ...]:
    """The looks that are in a sensor's file, in its order."""
    return tuple(look for look in scenario.looks() if sensor.front_end(look.plan.service) is not None)


def data_bytes(scenario: Scenario, sensor: SensorPlan) -> int:
    return BYTES_PER_SAMPLE * sum(look.samples for look in looks_of(scenario, sensor))


def data_path(folder: Path, sensor: SensorPlan) -> Path:
    return folder / f"{sensor.name}{DATA}"


def do_piece(world: World, folder: Path, piece: Piece) -> int:
    """Write a piece into the sensors' files, which have their full length already. Returns its blocks."""
    scenario, looks = world.scenario, world.scenario.looks()
    look = looks[piece.look]
    for sensor, made in world.blocks(look, piece.blocks):
        before = sum(earlier.samples for earlier in looks_of(scenario, sensor) if earlier.begin_s < look.begin_s)
        offset = before + piece.blocks.start * world.grid(look.plan).kept
        with data_path(folder, sensor).open("r+b") as file:
            file.seek(BYTES_PER_SAMPLE * offset)
            file.write(made.tobytes())
    return len(piece.blocks)


def settle(path: Path) -> str:
    """SHA-512 of a finished file that the disk is known to hold."""
    with path.open("rb") as file:
        os.fdatasync(file.fileno())
        return hashlib.file_digest(file, "sha512").hexdigest()


class Helper:
    """What a helper process remembers between pieces."""

    world: World
    folder: Path

    @classmethod
    def begin(cls, scenario: Scenario, folder: Path) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the maker's business: it ends its helpers
        threading.Thread(target=_leave_with_parent, daemon=True).start()
        cls.world, cls.folder = World(scenario), folder

    @classmethod
    def work(cls, piece: Piece) -> int:
        return do_piece(cls.world, cls.folder, piece)


def _leave_with_parent() -> None:
    """A maker that is killed cannot end its helpers: they see to it themselves."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)
