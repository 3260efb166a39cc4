"""Hours of programmes looked at for three seconds now and then: what is called a loop, and what is linked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from dsp.fm.programme import fingerprint
from fusion.programme_loop import is_loop
from fusion.programme_values import ProgrammeLoop, ProgrammeMemory
from fusion.programmes import hear_programmes
from fusion.values import Emitter, FiledReport
from tests.benchmarks.programme_sounds import RATE_HZ, Sound, made, music, speech
from tests.dsp.signatures.made import plain
from wire.report import Report, TimeSource

START_NS = 1_790_000_000 * 10**9
LOOK_S, BLOCK_S = 3.0, 4.0
Programme = Callable[[float, float], Sound]


@dataclass
class Watched:
    """Emitters by name, looked at by sensors."""

    licensed: dict[str, bool]
    memory: ProgrammeMemory = field(default_factory=ProgrammeMemory)
    emitters: dict[str, Emitter] = field(default_factory=dict)
    seq: int = 0

    def __post_init__(self) -> None:
        for number, (name, licensed) in enumerate(self.licensed.items()):
            known = {"first_seen_utc_ns": START_NS, "last_seen_utc_ns": START_NS, "licensed": licensed}
            self.emitters[name] = Emitter(id=name, service="fm", freq_hz=88e6 + 3e5 * number, **known)

    def look(
        self, sensor: str, at_s: float, heard: Sequence[tuple[str, Programme]], chance: np.random.Generator
    ) -> None:
        self.seq += 1
        now_ns = START_NS + round(at_s * 1e9)
        stations = []
        for name, programme in heard:
            sound = programme(at_s, LOOK_S)
            noisy = sound + (1e-3 * chance.standard_normal(len(sound))).astype(np.float32)
            print_ = fingerprint(noisy, RATE_HZ)
            freq_mhz = self.emitters[name].freq_hz / 1e6
            stations.append((name, plain(freq_mhz, cnr_db=30.0, programme=print_, programme_time_utc_ns=now_ns)))
        report = Report(
            boot="b",
            seq=self.seq,
            created_utc_ns=now_ns,
            created_monotonic_ns=now_ns,
            time_utc_ns=now_ns,
            time_sigma_ns=10**7,
            time_source=TimeSource.NTP,
            position=None,
        )
        filed = FiledReport(row=self.seq, sensor=sensor, received_utc_ns=now_ns, report=report)
        self.memory = hear_programmes(self.memory, self.emitters, stations, filed, now_ns=now_ns).memory


@dataclass(frozen=True)
class LoopRun:
    """called_min: minutes until it was called a loop; None: never. looks: in all; ever: how often it was one"""

    called_min: float | None
    ever: int
    looks: int
    last: ProgrammeLoop | None


def loop_run(programme: Programme, *, hours: float, every_s: float, chance: np.random.Generator) -> LoopRun:
    """One sensor, a look every `every_s`, give or take a second."""
    watched = Watched({"p": False})
    called, ever, looks = None, 0, 0
    for turn in range(round(hours * 3600 / every_s)):
        at_s = turn * every_s + chance.uniform(0, 2)
        watched.look("a", at_s, [("p", programme)], chance)
        looks += 1
        if is_loop(watched.emitters["p"].loop):
            ever += 1
            called = at_s / 60 if called is None else called
    return LoopRun(called, ever, looks, watched.emitters["p"].loop)


def minutes_to_link(*, delay_s: float, sensors: int, hours: float, chance: np.random.Generator) -> float | None:
    """Until a relay `delay_s` late was heard beside its station at two moments; rounds of 50 s, not in step."""
    seed = int(chance.integers(1 << 30))
    station = live(seed)
    relay: Programme = lambda first_s, seconds: station(first_s - delay_s, seconds)  # noqa: E731
    watched = Watched({"station": True, "relay": False})
    looks = []
    for number in range(sensors):
        begin_s, apart_s = chance.uniform(0, 50), LOOK_S * int(chance.integers(0, 6))
        apart_s *= 1 if chance.random() < 0.5 else -1
        period_s = 50 + chance.uniform(-2, 2)
        for turn in range(round(hours * 3600 / period_s)):
            at_s = 30 + begin_s + turn * period_s + chance.normal(0, 0.3)
            looks += [(at_s, number, "station", station), (at_s + apart_s, number, "relay", relay)]
    for at_s, number, name, programme in sorted(looks, key=lambda look: look[0]):
        watched.look(f"s{number}", at_s, [(name, programme)], chance)
        links = watched.emitters["relay"].programme_links
        if any(link.simultaneous and link.times >= 2 for link in links):
            return float(at_s / 60)
    return None


def live(seed: int) -> Programme:
    """Recorded sentences, each stretch at a speed of its own, so that none ever comes again; else made speech."""
    if not speech():
        return lambda first_s, seconds: made("speech", seed, 1e4 + first_s, seconds)

    def sound(first_s: float, seconds: float) -> Sound:
        blocks = range(int(first_s // BLOCK_S), int((first_s + seconds) // BLOCK_S) + 1)
        whole = np.concatenate([_stretch(seed, block) for block in blocks])
        begin = round((first_s - blocks[0] * BLOCK_S) * RATE_HZ)
        return whole[begin : begin + round(seconds * RATE_HZ)]

    return sound


def _stretch(seed: int, block: int) -> Sound:
    chance = np.random.default_rng((seed, block + 1000))
    voices = list(speech().values())
    voice, speed = voices[int(chance.integers(len(voices)))], chance.uniform(0.9, 1.1)
    start = chance.uniform(0, len(voice) - 1.2 * BLOCK_S * RATE_HZ)
    return _at_speed(voice[int(start) :][: round(1.2 * BLOCK_S * RATE_HZ)], speed, round(BLOCK_S * RATE_HZ))


def _at_speed(sound: Sound, speed: float, size: int) -> Sound:
    return np.interp(np.arange(size) * speed, np.arange(len(sound)), sound).astype(np.float32)


def repeated(recording: Sound) -> Programme:
    def sound(first_s: float, seconds: float) -> Sound:
        return recording[(round(first_s * RATE_HZ) + np.arange(round(seconds * RATE_HZ))) % len(recording)]

    return sound


def with_inserts(programme: Programme, inserts: Sequence[tuple[float, Sound]]) -> Programme:
    """Each sound in place of the programme from its second on."""
    begins = np.array([begin for begin, _ in inserts])

    def sound(first_s: float, seconds: float) -> Sound:
        out = programme(first_s, seconds).copy()
        for index in np.flatnonzero((begins > first_s - 400) & (begins < first_s + seconds)):
            begin_s, insert = inserts[int(index)]
            start = round((begin_s - first_s) * RATE_HZ)
            low, high = max(start, 0), min(start + len(insert), len(out))
            if low < high:
                out[low:high] = insert[low - start : high - start]
        return out

    return sound


def advert(seconds: float, chance: np.random.Generator) -> Sound:
    """Recorded speech over soft music where there is any, else made speech."""
    size, pieces = round(seconds * RATE_HZ), list(music().values())
    voice = live(int(chance.integers(1 << 30)))(0.0, seconds)
    if not pieces:
        return voice
    piece = pieces[int(chance.integers(len(pieces)))]
    return voice + 0.25 * np.tile(piece, -(-size // len(piece)))[:size]


def hits(hours: float, chance: np.random.Generator) -> Programme:
    """A station of music: each piece at three speeds, so three times the collection, in a new order each time."""
    pieces = list(music().values()) or [made("music", n, 0.0, 150.0) for n in range(40)]
    library = [_at_speed(piece, speed, int(len(piece) / speed)) for piece in pieces for speed in (0.94, 1.0, 1.06)]
    order: list[Sound] = []
    while sum(map(len, order)) < hours * 3600 * RATE_HZ:
        order += [library[n] for n in chance.permutation(len(library))]
    whole = np.concatenate(order)
    return lambda first_s, seconds: whole[round(first_s * RATE_HZ) :][: round(seconds * RATE_HZ)]
