"""Programmes as long timelines of sound, and the reports of sensors that look at them now and then."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from dsp.fm.programme import fingerprint
from dsp.signatures.licences import FmLicence, Licences
from fusion.values import FiledReport, Rules, World
from fusion.world import take
from tests.dsp.signatures.made import plain
from wire.report import Report, TimeSource

RATE_HZ = 8_000.0
BLOCK_S = 3.5
START_NS = 1_790_000_000 * 10**9
Sound = NDArray[np.float32]
Programme = Callable[[float, float], Sound]  # from second, seconds


def chatter(seed: int, seconds: float) -> Sound:
    """Noise of changing colour and loudness, a new syllable every 90 to 250 ms: what no two programmes share."""
    chance = np.random.default_rng((seed, 7))
    pieces, count = [], 0
    while count < seconds * RATE_HZ:
        n = round(RATE_HZ * chance.uniform(0.09, 0.25))
        t = np.arange(n) / RATE_HZ
        voice = sum(np.sin(2 * np.pi * f * t + chance.uniform(0, 6)) for f in chance.uniform(220, 3300, 4))
        pieces.append(chance.uniform(0.1, 1.0) * voice * np.hanning(n) + 0.03 * chance.normal(size=n))
        count += n
    return np.concatenate(pieces).astype(np.float32)[: round(seconds * RATE_HZ)]


def live(seed: int) -> Programme:
    """Never the same again; made in blocks of some seconds."""

    def sound(first_s: float, seconds: float) -> Sound:
        blocks = range(int(first_s // BLOCK_S), int((first_s + seconds) // BLOCK_S) + 1)
        whole = np.concatenate([chatter(seed * 100_003 + block, BLOCK_S) for block in blocks])
        begin = round((first_s - blocks[0] * BLOCK_S) * RATE_HZ)
        return whole[begin : begin + round(seconds * RATE_HZ)]

    return sound


def looped(recording: Sound) -> Programme:
    def sound(first_s: float, seconds: float) -> Sound:
        index = (round(first_s * RATE_HZ) + np.arange(round(seconds * RATE_HZ))) % len(recording)
        return recording[index]

    return sound


def late(programme: Programme, by_s: float) -> Programme:
    return lambda first_s, seconds: programme(first_s - by_s, seconds)


def between(programme: Programme, insert: Sound, begins_s: list[float]) -> Programme:
    """The insert in place of the programme from each of these seconds on."""

    def sound(first_s: float, seconds: float) -> Sound:
        out = programme(first_s, seconds).copy()
        for begin_s in begins_s:
            start = round((begin_s - first_s) * RATE_HZ)
            low, high = max(start, 0), min(start + len(insert), len(out))
            if low < high:
                out[low:high] = insert[low - start : high - start]
        return out

    return sound


@dataclass
class Air:
    """Who sends what where, and what fusion made of the looks at it. Programmes begin at second 10,000."""

    stations: dict[float, Programme]  # MHz
    licensed: dict[float, str] = field(default_factory=dict)
    noise: float = 0.05
    cnr_db: dict[float, float] = field(default_factory=dict)  # 35 where not said
    world: World = field(default_factory=World)
    seq: int = 0

    @property
    def rules(self) -> Rules:
        listed = tuple(FmLicence(freq_hz=mhz * 1e6, name=name) for mhz, name in self.licensed.items())
        return Rules(licences=Licences(fm=listed or (FmLicence(freq_hz=107.9e6, name="far away"),)))

    def look(self, sensor: str, at_s: float, *mhz: float, seconds: float = 3.0) -> None:
        """One look that has all of these in its window."""
        self.seq += 1
        chance = np.random.default_rng((self.seq, 3))
        began_ns = START_NS + round(at_s * 1e9)
        heard = []
        for each in mhz:
            sound = self.stations[each](10_000 + at_s, seconds)
            noisy = sound + self.noise * chance.standard_normal(len(sound)).astype(np.float32)
            print_ = fingerprint(noisy, RATE_HZ)
            cnr_db = self.cnr_db.get(each, 35.0)
            heard.append(plain(each, programme=print_, programme_time_utc_ns=began_ns, cnr_db=cnr_db))
        report = Report(
            boot="b1",
            seq=self.seq,
            created_utc_ns=began_ns + 10**9,
            created_monotonic_ns=began_ns,
            position=None,
            time_utc_ns=began_ns,
            time_sigma_ns=10**6,
            time_source=TimeSource.NTP,
            heard=tuple(heard),
        )
        filed = FiledReport(row=self.seq, sensor=sensor, received_utc_ns=began_ns + 2 * 10**9, report=report)
        self.world = take(self.world, filed, self.rules).world

    def emitter(self, mhz: float):
        return next(e for e in self.world.emitters.values() if abs(e.freq_hz - mhz * 1e6) < 30e3)

    def finding(self, mhz: float, name: str):
        return next((s.finding for s in self.emitter(mhz).findings if s.finding.name == name), None)
