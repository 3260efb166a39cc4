"""Programmes: the same sound found again, strangers kept apart, loops, relays, kinds of sound, evidence."""

import time
import zlib
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from dsp.fm.content import content_shares
from dsp.fm.programme import fingerprint
from dsp.fm.programme_search import LEAST_SIGMAS, distinctive, find
from fusion.programme_loop import is_loop
from recordings.fm.spec import FmBroadcast
from sensor.errands import FILL, as_cu8
from server.evidence_sound import from_cu8, sound_of
from tests.benchmarks.programme_air import fingerprint_of, received
from tests.benchmarks.programme_days import (
    Programme,
    advert,
    hits,
    live,
    loop_run,
    minutes_to_link,
    repeated,
    with_inserts,
)
from tests.benchmarks.programme_sounds import FITTED, RATE_HZ, Sound, made, music, speech, spoken, what_there_is
from tests.dsp.fm.made_window import Sent, make_window

PAIRS, TURNS, RELAYS, SEEDS = 12, 400, 16, 2
EVERY_S, HOURS = 47.3, 3.0


def main() -> None:
    print(f"Sound: {what_there_is()}; and made programmes.\n")
    _same_sound()
    _strangers()
    _loops()
    _relays()
    _kinds()
    _evidence()


def all_sound() -> dict[str, Sound]:
    made_ones = {f"made {kind} {n}": made(kind, n, 0.0, 90.0) for kind in ("speech", "music") for n in range(6)}  # type: ignore[arg-type]
    return (
        {f"speech {k}": v for k, v in speech().items()}
        | music()
        | {f"espeak {k}": v for k, v in spoken().items()}
        | made_ones
    )


def _same_sound() -> None:
    chance = np.random.default_rng(1)
    sounds = list(all_sound().values())
    print(f"| the same sound twice, {PAIRS} pairs each, overlap 0.75 s to all | 2 s looks | 3 s looks | 5 s looks |")
    print("|---|---|---|---|")
    for cnr_db in (8, 10, 15, 20, 40):
        cells = [_found(sounds, cnr_db, seconds, chance) for seconds in (2.0, 3.0, 5.0)]
        print(f"| CNR {cnr_db} dB against 30 dB: found, bits wrong (median) | {' | '.join(cells)} |", flush=True)


def _found(sounds: list[Sound], cnr_db: float, seconds: float, chance: np.random.Generator) -> str:
    found, rates, tried = 0, [], 0
    for _ in range(PAIRS):
        sound = sounds[int(chance.integers(len(sounds)))]
        reach_s = seconds - 0.35 - 0.85
        at_s = chance.uniform(reach_s, len(sound) / RATE_HZ - seconds - reach_s)
        first = fingerprint_of(_part(sound, at_s, seconds), 30.0, chance)
        second = fingerprint_of(_part(sound, at_s + chance.uniform(-reach_s, reach_s), seconds), cnr_db, chance)
        if first is None or not distinctive(first):
            continue
        tried += 1
        matches = [] if second is None else find(first, [second])
        found += len(matches)
        rates += [match.bit_error_rate for match in matches]
    return f"{found} of {tried}, {100 * np.median(rates):.0f} %" if rates else f"0 of {tried}"


def _part(sound: Sound, first_s: float, seconds: float) -> Sound:
    return sound[round(first_s * RATE_HZ) :][: round(seconds * RATE_HZ)]


def _strangers() -> None:
    chance = np.random.default_rng(2)
    print("\n| strangers | pairs | best of all, sigmas | over 6 | over 7 | found (8) | search, ms of CPU a look |")
    print("|---|---|---|---|---|---|---|")
    for seconds in (2.0, 3.0, 5.0):
        prints, owners, refused = _prints(seconds, chance)
        best, pairs, spent = [], 0, 0.0
        for index in chance.permutation(len(prints))[:TURNS]:
            others = [n for n, owner in enumerate(owners) if owner != owners[index]]
            kept = [prints[n] for n in others]
            began = time.process_time()
            matches = find(prints[index], kept, least_sigmas=5.0)
            spent += time.process_time() - began
            pairs += len(kept)
            best += [match.sigmas for match in matches]
        over = [sum(each >= least for each in best) for least in (6, 7, LEAST_SIGMAS)]
        cost = f"{1e3 * spent / min(TURNS, len(prints)):.0f} among {len(kept)}"
        print(
            f"| {seconds:g} s looks, {len(prints)} of {len(set(owners))} sounds ({refused} not distinctive) "
            f"| {pairs:,} | {max(best):.1f} | {over[0]} | {over[1]} | {over[2]} | {cost} |",
            flush=True,
        )
    _nothing_to_know(chance)


def _prints(seconds: float, chance: np.random.Generator) -> tuple[list[bytes], list[str], int]:
    prints, owners, refused = [], [], 0
    for name, sound in all_sound().items():
        for at_s in np.arange(0, len(sound) / RATE_HZ - seconds, seconds):
            made_print = _print(_part(sound, float(at_s), seconds), chance)
            if made_print is None or not distinctive(made_print):
                refused += 1
                continue
            prints.append(made_print)
            owners.append(name)
    return prints, owners, refused


def _print(sound: Sound, chance: np.random.Generator) -> bytes | None:
    noisy = sound + (2e-4 * chance.standard_normal(len(sound))).astype(np.float32)
    return fingerprint(noisy, RATE_HZ)


def _nothing_to_know(chance: np.random.Generator) -> None:
    """Tones, pips, hiss and hum: not one programme, whoever sends them."""
    t = np.arange(3 * RATE_HZ) / RATE_HZ
    kinds = {
        "1 kHz tone": lambda: 0.1 * np.sin(2 * np.pi * 1000 * t + chance.uniform(0, 6)),
        "hum 50 Hz and harmonics": lambda: sum(0.1 / n * np.sin(2 * np.pi * 50 * n * t) for n in range(1, 30)),
        "hiss": lambda: 0.1 * chance.standard_normal(len(t)),
        "pips every second": lambda: 0.1 * np.sin(2 * np.pi * 1000 * t) * ((t + chance.uniform(0, 1)) % 1.0 < 0.1),
        "busy tone": lambda: 0.1 * np.sin(2 * np.pi * 450 * t) * ((t + chance.uniform(0, 0.7)) % 0.7 < 0.35),
    }
    print("\n| no programme, 60 looks each | distinctive | pairs that match |\n|---|---|---|")
    for name, sound in kinds.items():
        prints = [each for _ in range(60) if (each := _print(np.asarray(sound(), np.float32), chance)) is not None]
        usable = [each for each in prints if distinctive(each)]
        matches = sum(len(find(each, usable[:index])) for index, each in enumerate(usable))
        print(f"| {name} | {len(usable)} of {len(prints)} | {matches} |", flush=True)


def _programmes(chance: np.random.Generator) -> Iterator[tuple[str, bool, Programme]]:
    """What is on the air, and whether it is a loop."""
    for seconds in (30, 62, 120, 300, 1200, 2700):
        yield f"loop of {seconds} s", True, repeated(advert(seconds, chance))
    for share, pause_s in ((0.6, 40), (0.33, 120)):
        begins = np.cumsum(60 + chance.uniform(0.5, 1.5, 400) * pause_s)
        one = advert(60, chance)
        inserts = [(float(begin), one) for begin in begins]
        yield (
            f"60 s advert at odd moments, {share:.0%}, live speech between",
            True,
            with_inserts(live(_seed(chance)), inserts),
        )
    yield "live speech", False, live(_seed(chance))
    jingle = advert(6, chance)
    quarters = [(900.0 * n, jingle) for n in range(24)]
    yield "live speech, the same 6 s every 15 min", False, with_inserts(live(_seed(chance)), quarters)
    spots = [advert(20, chance) for _ in range(12)]
    block = [(1200.0 * n + 20 * k, spots[int(chance.integers(12))]) for n in range(int(HOURS * 3)) for k in range(6)]
    yield "live speech, six of 12 adverts every 20 min", False, with_inserts(live(_seed(chance)), block)
    yield "hits, each again after about 3 h", False, hits(HOURS + 0.1, chance)
    yield "hits, jingle and adverts", False, with_inserts(hits(HOURS + 0.1, chance), [*block, *quarters])


def _loops() -> None:
    print(
        f"\n| one look of 3 s in {EVERY_S:g} s for {HOURS:g} h, {SEEDS} runs each | called a loop at the end "
        "| first after, min | of all looks | repertoire, min | period, s |"
    )
    print("|---|---|---|---|---|---|")
    rows: dict[str, list] = {}
    for seed in range(SEEDS):
        chance = np.random.default_rng((3, seed))
        for name, _, programme in _programmes(chance):
            rows.setdefault(name, []).append(loop_run(programme, hours=HOURS, every_s=EVERY_S, chance=chance))
    for name, runs in rows.items():
        after = [run.called_min for run in runs if run.called_min is not None]
        sound = [run.last.repertoire_s / 60 for run in runs if run.last is not None]
        periods = {round(run.last.period_s, 1) for run in runs if run.last is not None and run.last.period_s}
        ever = sum(run.ever for run in runs) / sum(run.looks for run in runs)
        called = sum(is_loop(run.last) for run in runs)
        print(
            f"| {name} | {called} of {len(runs)} | {_median(after)} | {ever:.0%} | {_median(sound)} "
            f"| {', '.join(map(str, sorted(periods))) or '–'} |",
            flush=True,
        )


def _relays() -> None:
    print(
        f"\n| relay 0 to 10 s late, rounds of 50 s, {RELAYS} each | known within 10 min | 30 min | 60 min "
        "| median of those, min |"
    )
    print("|---|---|---|---|---|")
    for sensors in (1, 2, 4):
        chance = np.random.default_rng((4, sensors))
        times = [
            minutes_to_link(delay_s=chance.uniform(0, 10), sensors=sensors, hours=1.0, chance=chance)
            for _ in range(RELAYS)
        ]
        within = [sum(each is not None and each <= least for each in times) for least in (10, 30, 60)]
        known = [each for each in times if each is not None]
        cells = " | ".join(f"{each} of {RELAYS}" for each in within)
        print(f"| {sensors} sensor{'s' if sensors > 1 else ''} | {cells} | {_median(known)} |", flush=True)


def _kinds() -> None:
    chance = np.random.default_rng(5)
    groups = {
        "recorded speech, voices fitted to": [s for k, s in speech().items() if k in FITTED],
        "recorded speech, other voices": [s for k, s in speech().items() if k not in FITTED],
        "espeak-ng": list(spoken().values()),
        "recorded music fitted to": [s for k, s in music().items() if k.partition(" ")[0] in FITTED],
        "recorded music, other": [s for k, s in music().items() if k.partition(" ")[0] not in FITTED],
        "made speech": [made("speech", n, 0.0, 30.0) for n in range(8)],
        "made music": [made("music", n, 0.0, 30.0) for n in range(8)],
    }
    print(
        "\n| sound through FM at 15 to 40 dB CNR, silence left out | seconds | speech | music | unknown |\n"
        "|---|---|---|---|---|"
    )
    for name, sounds in groups.items():
        if not sounds:
            print(f"| {name} | none here | | | |")
            continue
        shares = np.array([share for n in range(24) if (share := _shares(sounds[n % len(sounds)], chance)) is not None])
        told = shares[:, :3].sum(axis=0) / shares[:, :3].sum()
        print(f"| {name} | {4 * len(shares)} | {told[0]:.0%} | {told[1]:.0%} | {told[2]:.0%} |", flush=True)
    _cost_of_a_look()


def _shares(sound: Sound, chance: np.random.Generator) -> tuple[float, float, float] | None:
    at_s = chance.uniform(0, len(sound) / RATE_HZ - 4.1)
    cnr_db = float(chance.choice([15, 18, 22, 27, 33, 40]))
    heard = received(_part(sound, at_s, 4.0), cnr_db, chance, loud=float(chance.uniform(0.7, 3.5)))
    content = None if heard is None else heard.multiplex.content
    return None if content is None else (content.speech, content.music, content.unknown)


def _cost_of_a_look() -> None:
    sound = 5e4 * made("speech", 1, 0.0, 3.0)
    costs = []
    for task in (lambda: fingerprint(sound, RATE_HZ), lambda: content_shares(sound, RATE_HZ, noise_hz=20.0)):
        began = time.process_time()
        for _ in range(50):
            task()
        costs.append((time.process_time() - began) / 50 * 1e3)
    print(
        f"\nA look of 3 s: fingerprint {costs[0]:.1f} ms of CPU, kinds of sound {costs[1]:.1f} ms; "
        f"{len(fingerprint(sound, RATE_HZ) or b'')} octets."
    )


def _evidence() -> None:
    what = FmBroadcast(programme="music")
    block = make_window([Sent(-15e3, 30.0, what)], seconds=10.0, rate_hz=240e3)
    loud = replace(block, samples=block.samples * np.float32(FILL / np.abs(block.samples).max()))
    samples = as_cu8(loud)
    began = time.process_time()
    sound = sound_of(from_cu8(samples), 240e3, offset_hz=-15e3)
    spent = time.process_time() - began
    packed = len(zlib.compress(samples, 6))
    print("\n| evidence of 10 s | |\n|---|---|")
    print(f"| samples of the carrier, 240 kS/s; on the link | {len(samples) / 1e6:.2f} MB; {packed / 1e6:.2f} MB |")
    print(f"| FLAC, Opus | {len(sound.flac) / 1e6:.2f} MB, {len(sound.opus) / 1e3:.0f} kB |")
    print(f"| made at the server | {spent:.2f} CPU s |")


def _seed(chance: np.random.Generator) -> int:
    return int(chance.integers(1 << 30))


def _median(values: list[float]) -> str:
    return f"{np.median(values):.1f}" if values else "–"
