"""From a scenario to a folder of recordings: one SigMF pair a sensor, and the truth about them."""

import concurrent.futures
import hashlib
import multiprocessing
from collections.abc import Callable, Iterable
from importlib import resources
from pathlib import Path

import msgspec

from recordings.make_folder import SetFolder
from recordings.make_work import Helper, Piece, data_bytes, data_path, do_piece, looks_of, pieces, settle
from recordings.scenario import Scenario
from recordings.scenario_listeners import SensorPlan
from recordings.sigmf_read import META
from recordings.sigmf_write import sigmf_metadata
from recordings.truth import truth_of
from recordings.world import World

TRUTH = "truth.json"
MAKER = "wavewarden make-recording"

Progress = Callable[[float], None]


def make(scenario: Scenario, out: Path, *, progress: Progress | None = None, workers: int = 1) -> tuple[Path, ...]:
    """The metadata files of the set, one a sensor, in `out` together with truth.json.

    The samples depend on the scenario alone: neither on `workers` nor on the machine's load. A set that is there
    already is not made again; one that a crash interrupted is. `progress` is told the share that is done, 0 to 1.
    Raises NoRoom, CannotWrite.
    """
    folder = SetFolder(out)
    with folder.alone():
        key = set_key(scenario)
        if not folder.holds(key):
            folder.clear()
            try:
                _make(scenario, folder, progress or _nobody_asks, workers)
                folder.publish(key)
            finally:
                folder.drop_part()
    if progress is not None:
        progress(1.0)
    return tuple(out / f"{sensor.name}{META}" for sensor in _sensors(scenario))


def set_key(scenario: Scenario) -> str:
    """Hash of the scenario and of the code that makes signals: when either changes, the set is made anew."""
    digest = hashlib.sha256(msgspec.json.encode(scenario))
    for file in _sources(resources.files("recordings")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _sources(folder: resources.abc.Traversable) -> Iterable[resources.abc.Traversable]:
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.is_dir():
            yield from _sources(item)
        elif item.name.endswith(".py"):
            yield item


def _sensors(scenario: Scenario) -> tuple[SensorPlan, ...]:
    return tuple(sensor for sensor in scenario.sensor if looks_of(scenario, sensor))


def _make(scenario: Scenario, folder: SetFolder, progress: Progress, workers: int) -> None:
    paths = {sensor.name: data_path(folder.part, sensor) for sensor in _sensors(scenario)}
    folder.reserve({paths[sensor.name]: data_bytes(scenario, sensor) for sensor in _sensors(scenario)})
    world = World(scenario)
    work = pieces(world)
    if workers <= 1:
        _tell(progress, work, (do_piece(world, folder.part, piece) for piece in work))
    else:
        _share_out(scenario, folder.part, progress, work, workers)
    for sensor in _sensors(scenario):
        looks = looks_of(scenario, sensor)
        text = sigmf_metadata(scenario, sensor, looks, sha512=settle(paths[sensor.name]), maker=MAKER)
        (folder.part / f"{sensor.name}{META}").write_bytes(text)
    (folder.part / TRUTH).write_bytes(msgspec.json.format(msgspec.json.encode(truth_of(scenario)), indent=1))


def _share_out(scenario: Scenario, part: Path, progress: Progress, work: tuple[Piece, ...], workers: int) -> None:
    """Among helper processes. They are started afresh: a fork would copy this one's threads and sockets half."""
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(
        min(workers, len(work)), mp_context=context, initializer=Helper.begin, initargs=(scenario, part)
    ) as pool:
        futures = [pool.submit(Helper.work, piece) for piece in work]
        try:
            _tell(progress, work, (future.result() for future in concurrent.futures.as_completed(futures)))
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _tell(progress: Progress, work: tuple[Piece, ...], done: Iterable[int]) -> None:
    total, so_far = sum(len(piece.blocks) for piece in work), 0
    for blocks in done:
        so_far += blocks
        progress(0.99 * so_far / total)


def _nobody_asks(_share: float) -> None:
    """Progress that is not wanted."""
