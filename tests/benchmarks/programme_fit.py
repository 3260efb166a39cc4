"""Fit the weights of dsp.fm.content again, and print them: `python -m tests.benchmarks.programme_fit`.

Logistic regression on seconds of the sounds in FITTED, through FM at 15 to 40 dB CNR, a third of the speech over soft
music. Each kind counts alike. The sounds that are not in FITTED are never seen here.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from dsp.fm.content import measures, windows
from dsp.fm.mpx import sum_audio
from tests.benchmarks.programme_air import multiplex_of
from tests.benchmarks.programme_sounds import FITTED, RATE_HZ, Sound, music, speech

LOOK_S, LOOKS = 9.0, 300
CNRS_DB = (15, 18, 22, 27, 33, 40)
RIDGE = 2e-3
CLIP = 4.0


def main() -> None:
    chance = np.random.default_rng(3)
    voices = [sound for name, sound in speech().items() if name in FITTED]
    pieces = [sound for name, sound in music().items() if name.partition(" ")[0] in FITTED]
    if not voices or not pieces:
        print("the recorded sounds are not installed: see tests/benchmarks/programme_sounds.py")
        return
    talk = np.concatenate([_values(_talk(voices, pieces, n, chance), chance) for n in range(LOOKS)])
    tunes = np.concatenate([_values(_cut(pieces[n % len(pieces)], chance), chance) for n in range(LOOKS)])
    mean, spread = (f(np.concatenate([talk, tunes]), axis=0) for f in (np.mean, np.std))
    weight, bias = _fitted(*(np.clip((each - mean) / spread, -CLIP, CLIP) for each in (talk, tunes)))
    for name, values in (("mean", mean), ("spread", spread), ("weight", weight)):
        print(f"{name}=({', '.join(f'{value:.3f}' for value in values)}),")
    print(f"bias={bias:.2f},")


def _fitted(talk: NDArray[np.float64], tunes: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    def cost(x: NDArray[np.float64]) -> float:
        wrong = np.logaddexp(0, -(talk @ x[:-1] + x[-1])).mean() + np.logaddexp(0, tunes @ x[:-1] + x[-1]).mean()
        return float(wrong + RIDGE * np.sum(x[:-1] ** 2))

    best = minimize(cost, np.zeros(talk.shape[1] + 1)).x
    return best[:-1], float(best[-1])


def _talk(voices: list[Sound], pieces: list[Sound], number: int, chance: np.random.Generator) -> Sound:
    voice = _cut(voices[number % len(voices)], chance)
    if number % 3 != 2:
        return voice
    bed_db = chance.uniform(10, 18)
    return voice + _cut(pieces[int(chance.integers(len(pieces)))], chance) * np.float32(10 ** (-bed_db / 20))


def _cut(sound: Sound, chance: np.random.Generator) -> Sound:
    start = int(chance.uniform(0, len(sound) - LOOK_S * RATE_HZ))
    return sound[start : start + round(LOOK_S * RATE_HZ)]


def _values(sound: Sound, chance: np.random.Generator) -> NDArray[np.float64]:
    spectrum = multiplex_of(sound, float(chance.choice(CNRS_DB)), chance, loud=float(chance.uniform(0.7, 3.5)))
    audio_hz, rate_hz = sum_audio(spectrum, out_rate_hz=float(RATE_HZ))
    return measures(windows(audio_hz, rate_hz), rate_hz)


if __name__ == "__main__":
    main()
