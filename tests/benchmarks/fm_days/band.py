"""A city's FM band: who is licensed, how strongly each arrives at the sensors, and the list that says so."""

import datetime
import math
from dataclasses import dataclass, field

import msgspec
import numpy as np

from dsp.signatures.licences import FmLicence, Licences
from tests.benchmarks.fm_days.transmitter import Transmitter, fading, professional

LOWEST_HZ, CHANNELS, STEP_HZ = 87.6e6, 203, 100e3
START = datetime.datetime(2026, 3, 2, tzinfo=datetime.UTC)
START_NS = int(START.timestamp()) * 10**9
CITY_M = 6000.0


@dataclass
class Band:
    """sensors: their places, m. free_hz: channels on which nobody is licensed, 300 kHz from everybody"""

    transmitters: list[Transmitter]
    licences: Licences
    sensors: tuple[tuple[float, float], ...]
    free_hz: list[float] = field(default_factory=list)

    def on_channel(self, freq_hz: float) -> list[Transmitter]:
        return [t for t in self.transmitters if abs(t.freq_hz - freq_hz) < 50e3]


def make_band(rng: np.random.Generator, *, sensors: int) -> Band:
    """20 to 32 channels: city stations, distant ones, a synchronous network, relays, a channel shared far apart."""
    places = tuple((float(e), float(n)) for e, n in rng.uniform(-CITY_M, CITY_M, (sensors, 2)))
    channels = _channels(rng, int(rng.integers(20, 33)))
    made: list[Transmitter] = []
    rows: list[FmLicence] = []
    for index, freq_hz in enumerate(channels):
        pi = 0x8000 | (int(rng.integers(1, 16)) << 8 & 0x0F00) | (0x10 + index)
        own = _near(rng, places, freq_hz, pi) if index < 0.7 * len(channels) else _far(rng, places, freq_hz, pi)
        if index in (2, 3):  # a relay of the first on its own frequency
            own.pi, own.ps = made[0].pi, made[0].ps
        made.append(own)
        rows.append(_row(own, rng, network="N1" if index < 4 else None))
        if index in (0, 1):  # synchronised: the same programme, pilot and PI from another mast, a hertz apart at most
            made.append(_partner(rng, own))
            rows.append(msgspec.structs.replace(rows[-1], name=f"{rows[-1].name}, second mast"))
        elif index == 4:  # another town's station, licensed on the same channel
            other = _far(rng, places, freq_hz, 0x8F00 | (0x80 + index))
            made.append(other)
            rows.append(_row(other, rng))
    free = [f for f in _raster() if all(abs(f - c) >= 300e3 for c in channels)]
    rng.shuffle(free)
    return Band(made, Licences(fm=tuple(rows)), places, free)


def level_dbm(erp_w: float, metres: float, rng: np.random.Generator) -> float:
    """Over roofs, 35 dB a decade beyond a kilometre, 5 dB of shadowing."""
    loss = 75.0 + 35.0 * math.log10(max(metres, 200.0) / 1000.0)
    return 10 * math.log10(erp_w) + 30.0 - loss - 18.0 + float(rng.normal(0, 5.0))


def distances(place: tuple[float, float], sensors: tuple[tuple[float, float], ...]) -> list[float]:
    return [math.hypot(place[0] - e, place[1] - n) for e, n in sensors]


def _near(rng: np.random.Generator, sensors: tuple[tuple[float, float], ...], freq_hz: float, pi: int) -> Transmitter:
    site, erp_w = (float(rng.uniform(-4000, 4000)), float(rng.uniform(-4000, 4000))), float(10 ** rng.uniform(2.5, 4))
    levels = tuple(min(-40.0, level_dbm(erp_w, m, rng)) for m in distances(site, sensors))
    return professional(rng, freq_hz, levels, pi)


def _far(rng: np.random.Generator, sensors: tuple[tuple[float, float], ...], freq_hz: float, pi: int) -> Transmitter:
    """40 to 90 km away: about as loud everywhere in the city, and weak."""
    level = float(rng.uniform(-92.0, -72.0))
    return professional(rng, freq_hz, tuple(level + float(rng.normal(0, 3.0)) for _ in sensors), pi)


def _partner(rng: np.random.Generator, own: Transmitter) -> Transmitter:
    levels = tuple(level + float(rng.normal(-4.0, 5.0)) for level in own.levels_dbm)
    twin = Transmitter(**{k: getattr(own, k) for k in own.__dataclass_fields__})
    twin.levels_dbm, twin.waves = levels, fading(rng, "tropo", len(levels))
    own.twin = twin
    twin.path, twin.carrier_hz = "tropo", own.carrier_hz + float(rng.uniform(-1, 1))
    return twin


def _row(t: Transmitter, rng: np.random.Generator, network: str | None = None) -> FmLicence:
    knows_pi = t.pi is not None and rng.random() < 0.8
    return FmLicence(
        freq_hz=t.freq_hz,
        name=t.name,
        pi=t.pi if knows_pi else None,
        rds=None if knows_pi else (t.pi is not None if rng.random() < 0.5 else None),
        stereo=t.stereo if rng.random() < 0.5 else None,
        network=network,
    )


def _raster() -> list[float]:
    return [LOWEST_HZ + STEP_HZ * k for k in range(CHANNELS)]


def _channels(rng: np.random.Generator, count: int) -> list[float]:
    chosen: list[float] = []
    raster = _raster()
    while len(chosen) < count:
        offer = raster[int(rng.integers(len(raster)))]
        if all(abs(offer - each) >= 390e3 for each in chosen):
            chosen.append(offer)
    return chosen
