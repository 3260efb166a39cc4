"""Moving emitters, several on a channel, names that are kept, innocents, and what a thousand live emitters cost."""

import time
from itertools import permutations
from typing import TypeVar

import msgspec
import numpy as np
from scipy.optimize import least_squares

from dsp.signatures.weights import Weights
from fusion.channel.hypotheses import hypotheses
from fusion.channel.places import map_of
from fusion.channel.receivers import receivers
from fusion.locate.joint import joined
from fusion.locate.power import propagation
from fusion.track.follow import Following, followed
from fusion.track.roads import roads_of
from fusion.values import BearingSighting, Emitter, FiledReport, Rules, Sighting, World
from fusion.world import take
from tests.benchmarks import two_by_levels
from tests.benchmarks.channel_scenes import PLANE, channel
from tests.benchmarks.moving import drives, scenes
from tests.benchmarks.moving.run import SETTLED_S, Followed, follow
from tests.dsp.signatures.made import cell, network, rogue
from tests.fusion.city import START_NS, City, Sensor, Transmitter, five_sensors, open_cases
from wire.report import Report, TimeSource

GSM = propagation("gsm", scenes.FREQ_HZ)
SECONDS = 420
Measured = TypeVar("Measured", BearingSighting, Sighting)


def main() -> None:
    moving(20)
    two_on_a_channel(25)
    names_kept(12)
    innocents(6)
    thousand_live()


# ------------------------------------------------------------------------------------------------ moving


def moving(seeds: int) -> None:
    print("| a rogue in a car, 8 sensors, a vehicle | median m | p90 m | in region | worst seed | km² | CPU ms |")
    print("|---|---|---|---|---|---|---|")
    lines = [[tuple(map(float, scenes.PLANE.to_degrees(*point))) for point in line] for line in drives.street_lines()]
    mapped = Rules(roads=roads_of(lines))
    cases = (
        ("bearings 5°, every 5 s", "streets", {"levels": False}, Rules()),
        ("the same, streets known", "streets", {"levels": False}, mapped),
        ("bearings 5°, every 2 s", "streets", {"levels": False, "every_s": 2.0}, Rules()),
        ("bearings and levels, every 5 s", "streets", {}, Rules()),
        ("and time differences of 4", "streets", {"timed": 4}, Rules()),
        ("held out: 8°, 12 % reflected", "streets", {"bearing_deg": 8.0, "reflected": 0.12}, Rules()),
        ("held out: motorway, 4 timed", "highway", {"timed": 4}, Rules()),
        ("held out: works, drives on, 4 timed", "stop_and_go", {"timed": 4}, Rules()),
        ("levels only", "streets", {"bearing_deg": None}, Rules()),
    )
    for name, kind, options, rules in cases:
        runs = [drive(seed, kind, rules, **options) for seed in range(100, 100 + seeds)]
        print(track_row(name, runs), flush=True)
    for window_s in (15.0, 45.0):
        errors = np.concatenate([windowed(seed, window_s) for seed in range(100, 100 + seeds)])
        print(f"| robust least squares of bearings, {window_s:.0f} s | {np.median(errors):.0f} |"
              f" {np.percentile(errors, 90):.0f} | | | | |", flush=True)  # fmt: skip
    print("| asked | 50 | | 0.90–0.99 | | | |")
    print("| peers, on a scene of their own: tracker, window | 117, 75 | | 0.95 | | | |")


def made_scene(seed: int, kind: str, **options: object) -> scenes.Scene:
    rng = np.random.default_rng(seed)
    route = getattr(drives, kind)(rng, SECONDS)
    return scenes.Scene(route, scenes.sites(rng, 8), drives.streets(rng, SECONDS), rng, **options)  # type: ignore[arg-type]


def drive(seed: int, kind: str, rules: Rules, **options: object) -> Followed:
    return follow(made_scene(seed, kind, **options), SECONDS, rules=rules)


def track_row(name: str, runs: list[Followed]) -> str:
    shown = [s for run in runs for s in run.shown]
    errors = [s.error_m for s in shown if s.error_m is not None]
    worst = min(np.mean([s.covered for s in run.shown]) for run in runs)
    return (
        f"| {name} | {np.median(errors):.0f} | {np.percentile(errors, 90):.0f} "
        f"| {np.mean([s.covered for s in shown]):.3f} | {worst:.2f} | {np.median([s.area_km2 for s in shown]):.3f} "
        f"| {1e3 * np.mean([run.cpu_s for run in runs]):.1f} |"
    )


def windowed(seed: int, window_s: float) -> list[float]:
    """The usual way: bearings of the last seconds as if it stood, robust least squares, against where it is now."""
    scene = made_scene(seed, "streets", levels=False)
    looks = scene.looks(SECONDS)
    rows = np.array([(t, *scene.place(n, t), *_rad(scene, n, t)) for t, n in looks])
    place, errors = np.zeros(2), []
    for now_s in np.arange(SETTLED_S, SECONDS, 10.0):
        seen = rows[(rows[:, 0] <= now_s) & (rows[:, 0] > now_s - window_s)]

        def misfit(p: np.ndarray, seen: np.ndarray = seen) -> np.ndarray:
            off = np.arctan2(p[0] - seen[:, 1], p[1] - seen[:, 2]) - seen[:, 3]
            return np.asarray(((off + np.pi) % (2 * np.pi) - np.pi) / seen[:, 4])

        starts = (least_squares(misfit, start, loss="cauchy", f_scale=2.0) for start in (place, np.zeros(2)))
        place = min(starts, key=lambda found: float(found.cost)).x
        errors.append(float(np.hypot(*(place - scene.drive.at(now_s)))))
    return errors


def _rad(scene: scenes.Scene, name: str, time_s: float) -> tuple[float, float]:
    bearing = scene.bearing(name, time_s)
    assert bearing is not None and bearing.sigma_deg is not None
    return float(np.radians(bearing.azimuth_deg)), float(np.radians(bearing.sigma_deg))


# ------------------------------------------------------------------------------------------------ several on a channel


def two_on_a_channel(seeds: int) -> None:
    print("\n| one channel | runs | number right | invented | association precision | recall | median m | CPU ms |")
    print("|---|---|---|---|---|---|---|---|")
    for sensors, kinds, name in (
        (8, "pbt", "8 sensors: levels, bearings, times"),
        (6, "pbt", "6 sensors: levels, bearings, times"),
        (8, "pb", "8 sensors: levels, bearings"),
        (28, "p", "28 sensors: levels only"),
    ):
        for emitters in (2, 1):
            print(channel_row(f"{name}, {emitters} on the air", seeds, emitters, sensors, kinds), flush=True)
    print("| asked, 2 | | both found | 0 | ≥ 0.9 | ≥ 0.9 | ≤ 250 | |\n| peers: one estimate | | 0 | | | | 494 | |")
    two_by_levels.table(28, range(200, 200 + seeds))


def channel_row(name: str, seeds: int, emitters: int, sensors: int, kinds: str) -> str:
    """Of what was not found, the sightings count as missed."""
    right = invented = hits = claimed = wanted = 0
    errors: list[float] = []
    spent = 0.0
    for seed in range(200, 200 + seeds):
        made = channel(seed, emitters, sensors=sensors, kinds=kinds)
        started = time.process_time()
        joint = joined(made.evidence, prior=GSM, area=None)
        assert joint is not None
        seen = receivers(made.evidence, joint.plane)
        best = hypotheses(map_of(seen, GSM, joint.box))[0]
        spent += time.process_time() - started
        right, invented = right + (len(best.members) == emitters), invented + max(0, len(best.members) - emitters)
        hears = [[int(made.hears[int(seen.sensors[n][1:])]) for n in members] for members in best.members]
        order = max(
            permutations(range(max(emitters, len(hears))), len(hears)),
            key=lambda p: sum(group.count(k) for group, k in zip(hears, p, strict=True)),
        )
        hits += sum(group.count(k) for group, k in zip(hears, order, strict=True))
        claimed, wanted = claimed + sum(map(len, hears)), wanted + sensors
        for fitted, k in zip(best.emitters, order, strict=True):
            if k < emitters:
                at = PLANE.to_metres(*joint.plane.to_degrees(*fitted.mean_m))
                errors.append(float(np.hypot(*(np.array(at) - made.emitters[k]))))
    return (
        f"| {name} | {seeds} | {right} | {invented} | {hits / claimed:.3f} | {hits / wanted:.3f} "
        f"| {np.median(errors):.0f} | {1e3 * spent / seeds:.0f} |"
    )


# ------------------------------------------------------------------------------------------------ names kept


def names_kept(seeds: int) -> None:
    print("\n| a rogue that drives and changes channel, colour, location area and cell every 80 s, 400 s | name kept |")
    print("|---|---|")
    for name, restarts in (("frame clock goes on", False), ("restarts each time: another clock", True)):
        kept = [one_name(seed, restarts=restarts) for seed in range(seeds)]
        print(f"| {name} | {np.mean(kept):.2f} of changes |", flush=True)
    wrong = np.mean([mistaken(seed) for seed in range(seeds)])
    print(f"| two rogues, one ends as the other begins: taken for one | {wrong:.2f} |")


def one_name(seed: int, *, restarts: bool) -> float:
    """Share of the changes after which it still had its first name."""
    rng = np.random.default_rng(seed)
    ppm, changes, phases = float(rng.normal(0, 0.8)), {}, [rng.uniform(0, 1e13)]
    for number in range(1, 5):
        arfcn = int(rng.integers(1, 124))
        changes[80.0 * number] = {
            "arfcn": arfcn, "freq_hz": 935e6 + 0.2e6 * arfcn, "bsic": int(rng.integers(0, 63)),
            "lac": 40000 + 11 * number, "ci": 10 + number,
        }  # fmt: skip
        phases.append(float(rng.uniform(0, 1e13)) if restarts else phases[0])
    first = msgspec.structs.replace(rogue(), relative_offset_ppm=ppm, relative_offset_sigma_ppm=0.02)
    turns = [0.0, *changes]
    parts = [
        Transmitter(
            msgspec.structs.replace(first, **changes.get(at, {})), 900.0 + 7 * at, -1200.0 + 4 * at, eirp_dbm=42.0,
            speed_m_s=(7.0, 4.0), phase_ns=phase, on_s=(at + (3.0 if restarts and at else 0.0), at + 80.0),
        )
        for at, phase in zip(turns, phases, strict=True)
    ]  # fmt: skip
    for part, at in zip(parts, turns, strict=True):
        part.east_m, part.north_m = part.east_m - 7 * at, part.north_m - 4 * at
    city = City(five_sensors(), [*_cells(), *parts], seed=seed)
    world, names = World(), []
    for filed in city.reports(400, every_s=10.0):
        world = take(world, filed, city.rules).world
        names += [
            (int((filed.report.created_utc_ns - START_NS) / 80e9), e.id)
            for e in world.emitters.values()
            if (e.ci or 0) < 100 and e.last_seen_utc_ns == filed.report.created_utc_ns
        ]
    last = dict(names)
    return float(np.mean([last.get(turn) == last.get(turn - 1) for turn in range(1, 5)]))


def mistaken(seed: int) -> bool:
    """Two strangers of one maker with the same settings; their oscillators differ as oscillators do."""
    rng = np.random.default_rng(seed)
    ends = [
        Transmitter(
            msgspec.structs.replace(
                rogue(arfcn, ci=ci, bsic=bsic), relative_offset_ppm=float(rng.normal(0, 0.8)),
                relative_offset_sigma_ppm=0.02,
            ),
            east, -1200.0, eirp_dbm=42.0, phase_ns=float(rng.uniform(0, 1e13)), on_s=on,
        )
        for arfcn, ci, bsic, east, on in ((75, 10, 7, 900.0, (0.0, 100.0)), (81, 11, 9, -1500.0, (105.0, 200.0)))
    ]  # fmt: skip
    world = City(five_sensors(), [*_cells(), *ends], seed=seed).run(200)
    return sum((e.ci or 0) < 100 for e in world.emitters.values()) < 2


def _cells() -> list[Transmitter]:
    places = ((-2000, 0), (2000, 500), (0, 2500), (500, -3000))
    return [
        Transmitter(c, float(e), float(n), eirp_dbm=50.0, phase_ns=97e9 * (i + 1))
        for i, (c, (e, n)) in enumerate(zip(network(4), places, strict=True))
    ]


# ------------------------------------------------------------------------------------------------ innocents, cost


def innocents(seeds: int) -> None:
    """A network's cells heard by fixed sensors and one that drives, for ten minutes each."""
    emitters = transmitters = cases = moved = 0
    for seed in range(seeds):
        car = Sensor("car", -3000.0, 500.0, speed_m_s=(9.0, 2.0))
        world = City([*five_sensors(), car], _cells(), seed=seed).run(600)
        emitters, transmitters = emitters + len(world.emitters), transmitters + 4
        cases, moved = cases + len(open_cases(world)), moved + sum(bool(e.moving) for e in world.emitters.values())
    print("\n| innocents only | transmitters | emitters | cases | said to move | asked |\n|---|---|---|---|---|---|")
    print(f"| {seeds} towns of 600 s, a car listens too | {transmitters} | {emitters} | {cases} | {moved} | 0 rogues |")


def thousand_live(seconds: int = 3) -> None:
    """1 000 emitters, each heard once a second in reports of 20; 20 of them are suspects and looked for."""
    rules = Rules(weights=Weights())
    world = World()
    for filed in live(0, 1):
        world = take(world, filed, rules).world
    reports = live(1, seconds)
    started = time.process_time()
    for filed in reports:
        world = take(world, filed, rules).world
    spent = (time.process_time() - started) / seconds
    clouds = cloud_cost()
    print("\n| 1 000 live emitters, each heard each second | CPU s per s | asked |\n|---|---|---|")
    print(f"| association, judging, memory ({len(world.emitters)} emitters) | {spent:.2f} | ≤ 1 |")
    print(f"| tracks: one update of one emitter each second, 9 bearings and levels in 5 s | {clouds:.2f} | ≤ 1 |")


def live(first: int, seconds: int) -> list[FiledReport]:
    found = []
    for second in range(first, first + seconds):
        for part in range(50):
            now_ns = START_NS + second * 10**9 + part * 20_000_000
            heard = tuple(
                cell(1 + (part * 20 + k) % 124, bsic=(part * 20 + k) // 124, ci=1000 + part * 20 + k) for k in range(20)
            )
            report = Report(
                boot="0" * 32, seq=second + 1, time_utc_ns=now_ns, time_sigma_ns=1000, time_source=TimeSource.GNSS,
                created_utc_ns=now_ns, created_monotonic_ns=now_ns, position=None, heard=heard,
            )  # fmt: skip
            found.append(FiledReport(row=len(found), sensor=f"s{part}", received_utc_ns=now_ns, report=report))
    return found


def cloud_cost() -> float:
    """CPU s per s of a thousand emitters followed, each carried on once a second."""
    scene = made_scene(1, "streets")
    run = follow(scene, 120)
    emitter, told = run.emitter, Following(GSM)
    start_ns = emitter.cloud.time_utc_ns if emitter.cloud is not None else 0
    rows: list[Emitter] = []
    for n in range(20):
        now_ns = start_ns + (n + 1) * 10**9
        bearings = tuple(_at(b, now_ns - 400_000_000 * k) for k, b in enumerate(emitter.bearings[-2:]))
        levels = tuple(_at(s, now_ns - 400_000_000 * k) for k, s in enumerate(emitter.sightings[-2:]))
        bearings, levels = (*emitter.bearings[-60:], *bearings), (*emitter.sightings[-60:], *levels)
        rows.append(msgspec.structs.replace(emitter, bearings=bearings, sightings=levels))
    started = time.process_time()
    cloud = emitter.cloud
    for n, row in enumerate(rows):
        cloud = followed(msgspec.structs.replace(row, cloud=cloud), told, now_ns=start_ns + (n + 2) * 10**9).cloud
    return 1000 * (time.process_time() - started) / len(rows)


def _at(measured: Measured, time_utc_ns: int) -> Measured:
    return msgspec.structs.replace(measured, time_utc_ns=time_utc_ns)


if __name__ == "__main__":
    main()
