"""Hours of signal near and under the RDS threshold: how often a PI is known, and how often a wrong one. `--hours 10`.

.venv/bin/python -m tests.benchmarks.fm_wrong_pi --hours 10

Samples of one channel, from the discriminator on everything is the receiver's own code, so the noise at 57 kHz has the
clicks of FM near its threshold. The stations are made once and sent again and again, each look with noise of its own.
"""

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dsp.channel_plan import Band
from dsp.channelise import channelise_bands
from dsp.fm.look import FmLook, FmReception
from dsp.fm.station import StationMemory
from dsp.fm.take_out import receive_channel
from dsp.fm.values import FmStation
from dsp.fm.widths import CLOSE, NARROW, NORMAL, Width
from dsp.signatures.station_record import trusted_pi
from dsp.spectrum import Carrier
from recordings.fm.spec import FmBroadcast, Rds
from recordings.fm.transmitter import FmTransmitter
from tests.benchmarks.fm_table import table

LOOK_S, STRETCH_S = 4.0, 24.0
MEMORY_LOOKS = 15  # of one frequency, one after the other: then another place on the dial
PIS = (0xC304, 0x1234, 0x9331, 0xD3A1)

Samples = NDArray[np.complex64]


@dataclass(frozen=True)
class Input:
    """One channel. level_db: of the station and of those beside it over one in 200 kHz of noise at CNR 0 dB."""

    name: str
    width: Width
    cnr_db: tuple[float, float]
    beside_hz: float = 0.0
    over_db: tuple[float, float] | None = None  # of a second station beside it
    wanted: bool = True


INPUTS = (
    Input("noise alone", NORMAL, (0, 0), wanted=False),
    Input("a station, 8 to 12 dB", NORMAL, (8, 12)),
    Input("8 to 12 dB, another 200 kHz beside it 15 to 25 dB stronger", NARROW, (8, 12), 200e3, (15, 25)),
    Input("8 to 20 dB, another 100 kHz beside it, −5 to +10 dB", CLOSE, (8, 20), 100e3, (-5, 10)),
    Input("10 to 25 dB, another on its channel, −6 to +6 dB", NORMAL, (10, 25), 300.0, (-6, 6)),
)


def made(pi: int, seed: int) -> FmBroadcast:
    rds = Rds(pi=pi, ps=f"NAME{seed:04d}", rt=f"What is said on number {seed}", af_hz=(98.5e6, 101.2e6))
    return FmBroadcast(programme=("music", "speech")[seed % 2], rds=rds)  # type: ignore[arg-type]


def stretches(each: Input) -> list[Samples]:
    """The clean station and the other, each through the channel's filter."""
    bands = [Band(0.0, each.width.rate_hz, each.width.pass_hz, each.width.stop_hz)]
    count = round(STRETCH_S * FmTransmitter.rate_hz)
    turn = np.exp(2j * np.pi * each.beside_hz / FmTransmitter.rate_hz * np.arange(count)).astype(np.complex64)
    out = []
    for k, pi in enumerate(PIS):
        sent = FmTransmitter(made(pi, k), seed=k).baseband(0, count)
        out.append(channelise_bands(sent, FmTransmitter.rate_hz, bands)[0].samples)
        out.append(channelise_bands(sent * turn, FmTransmitter.rate_hz, bands)[0].samples)
    return out


def look_at(each: Input, parts: Sequence[Samples], rng: np.random.Generator, which: tuple[int, int]) -> FmReception:
    rate_hz, size = each.width.rate_hz, round(LOOK_S * each.width.rate_hz)
    sigma = np.float32(np.sqrt(rate_hz / 200e3 / 2))
    white = (sigma * rng.standard_normal(2 * size, np.float32)).view(np.complex64)
    band = Band(0.0, rate_hz, each.width.pass_hz, each.width.stop_hz)
    samples = channelise_bands(white, rate_hz, [band])[0].samples
    cnr_db = rng.uniform(*each.cnr_db)
    if each.wanted:
        samples = samples + _piece(parts[2 * which[0]], size, cnr_db, rng)
    if each.over_db is not None:
        samples = samples + _piece(parts[2 * which[1] + 1], size, cnr_db + rng.uniform(*each.over_db), rng)
    carrier = Carrier(98e6, -60.0, cnr_db, 120e3, 150e3, 40e3)
    return receive_channel(np.asarray(samples, np.complex64), rate_hz, carrier, clipped_share=0.0)


def _piece(stretch: Samples, size: int, level_db: float, rng: np.random.Generator) -> Samples:
    begin = int(rng.integers(len(stretch) - size))
    gain = 10 ** (level_db / 20) * np.exp(2j * np.pi * rng.random())
    return np.asarray(np.complex64(gain) * stretch[begin : begin + size])


def known_pis(station: FmStation) -> dict[str, int]:
    """Each way to know it, by its name."""
    ways: dict[str, int | None] = {
        "trusted": trusted_pi(station),
        "added up": station.pi if station.pi_repeats else None,
    }
    return {way: pi for way, pi in ways.items() if pi is not None}


def listen(each: Input, *, hours: float, seed: int) -> Counter[str]:
    rng, parts = np.random.default_rng((seed, *each.name.encode())), stretches(each)
    tally: Counter[str] = Counter()
    memory, which = StationMemory(), (0, 1)
    while tally["looks"] < hours * 3600 / LOOK_S:
        if tally["looks"] % MEMORY_LOOKS == 0:
            first, second = rng.choice(len(PIS), 2, replace=False)
            memory, which = StationMemory(), (int(first), int(second))
        on_air = ({PIS[which[0]]} if each.wanted else set()) | ({PIS[which[1]]} if each.over_db else set())
        for station in memory.describe(_look(look_at(each, parts, rng, which))):
            known = known_pis(station)
            tally["looks"] += 1
            tally["known"] += bool(known)
            for way, pi in known.items():
                tally[f"wrong, {way}"] += pi not in on_air
            tally["others, wrong"] += any(pi not in on_air for pi in station.pi_others)
    return tally


def _look(reception: FmReception) -> FmLook:
    return FmLook(
        stations=(reception,),
        noise_dbfs_200k=-70.0,
        centre_hz=98e6,
        rate_hz=2.4e6,
        seconds=LOOK_S,
        time_utc_ns=None,
        clipped_share=0.0,
        rejected={},
    )


def main(hours: float = 0.1, seed: int = 1, row: Callable[[Input], bool] = lambda each: True) -> None:
    rows = []
    for each in filter(row, INPUTS):
        tally = listen(each, hours=hours / len(INPUTS), seed=seed)
        looks = tally["looks"]
        shares = (f"{looks * LOOK_S / 3600:.2f}", looks, f"{100 * tally['known'] / looks:.0f} %")
        rows.append((each.name, *shares, tally["wrong, trusted"], tally["wrong, added up"], tally["others, wrong"]))
        print(*rows[-1], sep="; ", file=sys.stderr, flush=True)
    heads = ("channel", "hours", "looks of 4 s", "PI known", "wrong, by groups", "wrong, added up", "wrong second PI")
    table(f"PI near the threshold, {hours:g} h in all", heads, rows)


if __name__ == "__main__":
    main(float(sys.argv[sys.argv.index("--hours") + 1]) if "--hours" in sys.argv else 0.1)
