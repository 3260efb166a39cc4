"""False stations: what the FM receiver makes of signals that are none. `--hour` for an hour of them in all.

.venv/bin/python -m tests.benchmarks.fm_false_stations --hour

A line alone ("carrier without programme") is a fact of the air and counted apart; so is voice on narrow FM, which is
a modulated carrier though no broadcast. A PI must never be confirmed in any of them.
"""

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import scipy.fft

from dsp.fm.look import FmLook
from dsp.fm.receive import receive_fm
from dsp.fm.station import StationMemory
from dsp.fm.values import FmStation
from dsp.iq import IqBlock
from dsp.signatures.station_record import trusted_pi
from tests.benchmarks import other_signals, other_signals_digital
from tests.benchmarks.other_signals import Maker, Samples, noise, turning, unit_power

RATE_HZ = 1.2e6
COUNT = 1_200_000  # samples of a look: a length that transforms fast
PIECE_S = COUNT / RATE_HZ
CENTRE_HZ = 98e6
NARROW_HZ = 45e3  # 5 kHz deviation, drift and keying stay well inside; a station's programme does not
HOUR_S, SHORT_S = 3600.0, 40.0


def television(rng: np.random.Generator, count: int, rate_hz: float) -> Samples:
    """Analogue television's end of the band: a vision carrier of lines and fields in amplitude, and now and then its
    sound as narrow as a voice; or the flat block of a digital multiplex with a sharp edge in the window."""
    total = noise(rng, count, rate_hz) * np.float32(10 ** (-rng.uniform(10, 40) / 20))
    t = np.arange(count) / rate_hz
    if rng.random() < 0.5:
        line = t * 15_625.0 % 1.0
        picture = 0.3 + 0.25 * np.sin(2 * np.pi * rng.uniform(2, 9) * line) * (0.5 + 0.5 * np.sin(2 * np.pi * 50 * t))
        wave = np.where(line < 0.075, 1.0, picture).astype(np.float32) * turning(rng.uniform(-0.3, 0.3) * rate_hz * t)
    else:
        edge_hz, bins = rng.uniform(-0.3, 0.3) * rate_hz, scipy.fft.fft(noise(rng, count, rate_hz))
        bins[scipy.fft.fftfreq(count, 1 / rate_hz) < edge_hz] = 0
        wave = scipy.fft.ifft(bins)
    return unit_power(total + unit_power(wave))


def clipped(rng: np.random.Generator, count: int, rate_hz: float) -> Samples:
    """Any of the others through eight bits, at a level from a few steps to far beyond the rails."""
    name = str(rng.choice(list(SIGNALS)))
    rms = 10 ** rng.uniform(-1.7, 1.0)  # full scale 1
    whole = np.round(SIGNALS[name](rng, count, rate_hz).view(np.float32) * np.float32(rms * 127.5) - np.float32(0.5))
    return np.asarray((np.clip(whole, -128, 127) + np.float32(0.5)).view(np.complex64) / np.float32(127.5))


OTHERS = {**other_signals.SIGNALS, **other_signals_digital.SIGNALS}
SIGNALS: dict[str, Maker] = {name: maker for name, maker in OTHERS.items() if name != "FM broadcast"}
SIGNALS["television-like"] = television
ALL: dict[str, Maker] = {**SIGNALS, "eight bits, clipped": clipped}


@dataclass
class Heard:
    seconds: float = 0.0
    stations: int = 0
    narrow: int = 0
    lines: int = 0
    confirmed: int = 0

    def add(self, stations: Iterable[FmStation]) -> tuple[FmStation, ...]:
        """Counts those of one look; gives back the false ones."""
        false = []
        self.seconds += PIECE_S
        for station in stations:
            self.confirmed += trusted_pi(station) is not None
            if (station.occupied_hz or 0.0) < 10e3:
                self.lines += 1
            elif (station.occupied_hz or 0.0) < NARROW_HZ:
                self.narrow += 1
            else:
                self.stations += 1
                false.append(station)
        return tuple(false)


def look_at(name: str, *, seed: int, piece: int) -> FmLook:
    rng = np.random.default_rng((seed, piece, *name.encode()))
    samples = ALL[name](rng, COUNT, RATE_HZ)
    if name != "eight bits, clipped":
        return receive_fm(IqBlock(samples * np.float32(0.05), RATE_HZ, CENTRE_HZ))
    rails = int((np.abs(samples.view(np.float32)).reshape(-1, 2).max(axis=1) >= 127.5 / 127.5 - 1e-6).sum())
    return receive_fm(IqBlock(samples, RATE_HZ, CENTRE_HZ, clipped_samples=rails))


def listen(name: str, *, seconds: float, seed: int) -> Heard:
    heard = Heard()
    for piece in range(max(round(seconds / PIECE_S), 1)):
        for station in heard.add(StationMemory().describe(look_at(name, seed=seed, piece=piece))):
            occupied = f"{station.occupied_hz or 0:.0f} Hz wide, SINR {station.sinr_db or -99:.1f} dB"
            print(f"FALSE: {name} seed {seed} piece {piece}: {station.freq_hz:.0f} Hz, {occupied}", file=sys.stderr)
    return heard


def main(seconds: float = SHORT_S, seed: int = 1) -> None:
    print(f"\nfalse stations: {seconds:g} s in all of signals that are none, in looks of {PIECE_S:.2f} s")
    print("| signal | s | stations | narrower than 45 kHz | lines | PI confirmed |\n|---|---|---|---|---|---|")
    total: Counter[str] = Counter()
    for name in ALL:
        heard = listen(name, seconds=seconds / len(ALL), seed=seed)
        print(_row(name, heard), flush=True)
        total.update(vars(heard))
    print(_row("**all**", Heard(**total)), flush=True)


def _row(name: str, heard: Heard) -> str:
    counts = (f"{heard.seconds:.0f}", heard.stations, heard.narrow, heard.lines, heard.confirmed)
    return f"| {name} | {' | '.join(map(str, counts))} |"


if __name__ == "__main__":
    main(HOUR_S if "--hour" in sys.argv[1:] else SHORT_S)
