"""FM: how true carrier, sigma and deviation are; which neighbours are told apart; which odd pirates are found."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from dsp.fm.look import FmReception
from dsp.fm.receive import receive_fm
from dsp.iq import IqBlock
from recordings.fm.multiplex import BLOCK, RATE_HZ, Multiplex
from recordings.fm.spec import FmBroadcast
from tests.benchmarks.fm_table import table
from tests.dsp.fm.clipped import clipped
from tests.dsp.fm.made_window import CENTRE_HZ, Sent, Source, make_window, rds
from tests.dsp.fm.services import with_services

Paths = tuple[tuple[float, complex], ...]
ECHOES: Paths = ((4e-6, 0.35j), (9e-6, -0.2 + 0.1j))
KINDS = {
    "speech": FmBroadcast(programme="speech", rds=rds(), loudness_db=9),
    "music": FmBroadcast(programme="music", loudness_db=12),
    "mono advert": FmBroadcast(programme="advert_loop", stereo=False),
    "too far": FmBroadcast(programme="music", stereo=False, peak_deviation_hz=110e3, loudness_db=12),
}
ODD = {
    "mono speech": FmBroadcast(programme="speech", stereo=False),
    "mono music": FmBroadcast(programme="music", stereo=False),
    "a tone": FmBroadcast(programme="tone", stereo=False),
    "130 kHz deviation": FmBroadcast(programme="music", stereo=False, peak_deviation_hz=130e3, loudness_db=12),
    "25 kHz deviation": FmBroadcast(programme="speech", stereo=False, peak_deviation_hz=25e3),
    "15 dB too quiet": FmBroadcast(programme="speech", stereo=False, loudness_db=-10.0),
    "silent, with pilot": FmBroadcast(programme="silence"),
    "silent, without": FmBroadcast(programme="silence", stereo=False),
}
CLIPPED = {
    f"{programme} {drive_db:g} dB into clipping": (programme, drive_db)
    for programme in ("speech", "music")
    for drive_db in (6.0, 12.0, 18.0)
}


LOUD = {"music driven 7 dB harder": FmBroadcast(programme="music", loudness_db=12)}
NORMAL = {
    "speech": FmBroadcast(programme="speech", rds=rds()),
    "music": FmBroadcast(programme="music", rds=rds()),
    "mono advert": FmBroadcast(programme="advert_loop", stereo=False),
    "silence": FmBroadcast(programme="silence"),
}


def carrier_error() -> None:
    rows = []
    for name, kind in (NORMAL | LOUD).items():
        found = [_carrier(kind, seed) for seed in range(6)]
        size = np.abs([error_hz for error_hz, _ in found])
        scores = np.abs([error_hz / sigma_hz for error_hz, sigma_hz in found])
        within = [f"{np.mean(scores < k):.0%}" for k in (1, 2)]
        sigma_hz = float(np.median([sigma for _, sigma in found]))
        rows.append((name, f"{np.sqrt(np.mean(size**2)):.1f}", f"{size.max():.1f}", "20", f"{sigma_hz:.1f}", *within))
    heads = ("programme", "RMS Hz", "worst Hz", "asked Hz", "σ stated", "within 1 σ", "within 2 σ")
    table("carrier error over 2 s at 25 dB CNR, 6 looks each, against the carrier without programme", heads, rows)


def _carrier(kind: FmBroadcast, seed: int) -> tuple[float, float]:
    """Error and stated sigma, Hz."""
    offset_hz = -150e3 + 17_131.0 * seed
    block = make_window([Sent(offset_hz, 25, kind, 10 * seed)], seconds=2.0, rate_hz=600e3, seed=seed)
    (station,) = receive_fm(block).stations
    placed_hz = _placed_hz(offset_hz, block.rate_hz, block.seconds)
    return station.freq_hz - CENTRE_HZ - placed_hz, station.freq_sigma_hz


def _placed_hz(offset_hz: float, rate_hz: float, seconds: float) -> float:
    """The window is put together from whole bins: this is where the station really is."""
    count = round((seconds + 0.02) * rate_hz)
    count = round(count * RATE_HZ / rate_hz) * round(rate_hz) // round(RATE_HZ)
    return round(offset_hz * count / rate_hz) * rate_hz / count


def deviation_error() -> None:
    rows = []
    for cnr_db in (20, 22, 25, 30, 40):
        wrong, refused = [], 0
        for seed in range(2):
            for kind in KINDS.values():
                heard = _alone(kind, cnr_db, seed)
                truth_hz = _truth_hz(kind, seed)
                stated = [each.multiplex.modulation.deviation_hz for each in heard]
                wrong += [abs(hz - truth_hz) for hz in stated if hz is not None]
                refused += sum(hz is None for hz in stated)
        worst = f"{max(wrong) / 1e3:.1f}" if wrong else "–"
        rms = f"{np.sqrt(np.mean(np.square(wrong))) / 1e3:.1f}" if wrong else "–"
        rows.append((cnr_db, len(wrong), refused, rms, worst, "2" if cnr_db >= 25 else "5"))
    heads = ("CNR dB", "stated", "not measurable", "RMS error kHz", "worst kHz", "asked kHz")
    table("deviation exceeded 0.1 % of the time, looks of 1.5 s", heads, rows)


def _alone(what: FmBroadcast, cnr_db: float, seed: int) -> Sequence[FmReception]:
    block = make_window([Sent(100e3, cnr_db, what, seed)], seconds=1.5, rate_hz=1.2e6, seed=seed)
    return receive_fm(block).stations


def _truth_hz(broadcast: FmBroadcast, seed: int) -> float:
    made = Multiplex(broadcast, seed=seed)
    count = int(1.5 * RATE_HZ)
    mpx_hz = np.concatenate([made.block(number) for number in range(count // BLOCK + 1)])[:count]
    return float(np.quantile(np.abs(mpx_hz), 0.999))


def told_apart() -> None:
    """Seeds that nothing was fitted to."""
    below, spacings = (0, 5, 10, 14, 17, 20, 25, 30), (50e3, 60e3, 75e3, 100e3, 125e3, 150e3, 200e3)
    heads = ("kHz apart", *(f"−{db} dB" for db in below))
    title = "both stations found, of 6 / the weaker and its pilot, if it has one; it lies so far under one of 45 dB CNR"
    for what, paths in (("", ()), (", both by three paths", ECHOES)):
        rows = [(f"{away / 1e3:.0f}", *(_both_found(away, db, paths) for db in below)) for away in spacings]
        table(title + what, heads, rows)
    table("stations heard that were none, beside one of 45 dB CNR, 24 looks of 1 s a row", ("what", "false"), _none())


def _both_found(away_hz: float, below_db: float, paths: Paths) -> str:
    found = named = 0
    for seed in range(40, 46):
        weak_rds = rds(0x2200 + seed) if seed % 2 else None
        strong = FmBroadcast(programme=("music", "speech")[seed % 2], rds=rds(0x1100 + seed))  # type: ignore[arg-type]
        weak = FmBroadcast(
            programme=("speech", "advert_loop", "music")[seed % 3],  # type: ignore[arg-type]
            stereo=bool(seed // 2 % 2) or weak_rds is not None,
            rds=weak_rds,
        )
        second_hz = -20e3 + away_hz + (-1) ** seed * 3e3
        sent = [Sent(-20e3, 45, strong, seed), Sent(second_hz, 45 - below_db, weak, seed + 9)]
        block = with_paths(make_window(sent, seconds=1.0, rate_hz=1.2e6, seed=seed), paths)
        look = receive_fm(block)
        near = [[s for s in look.stations if abs(s.freq_hz - CENTRE_HZ - each.offset_hz) < 25e3] for each in sent]
        found += all(near)
        named += any(s.multiplex.pilot is not None for s in near[1]) or (not weak.stereo and bool(near[1]))
    return f"{found} / {named}"


def with_paths(block: IqBlock, paths: Paths) -> IqBlock:
    """Each a delay in seconds and a complex gain, beside the direct one."""
    samples = block.samples.copy()
    for late_s, gain in paths:
        late = round(late_s * block.rate_hz)
        samples[late:] += np.complex64(gain) * block.samples[: len(samples) - late]
    return replace(block, samples=samples)


def _none() -> Iterable[tuple[str, int]]:
    plain = FmBroadcast(programme="music", rds=rds())
    loud = FmBroadcast(programme="music", stereo=False, peak_deviation_hz=110e3, loudness_db=12)
    kinds: dict[str, tuple[FmBroadcast | Source, Paths]] = {
        "a station": (plain, ()),
        "by three paths": (plain, ECHOES),
        "110 kHz deviation, by three paths": (loud, ECHOES),
        "with services at 67 and 92 kHz, 7 kHz each": (with_services(plain, 7e3), ()),
        "the same by three paths": (with_services(plain, 7e3), ECHOES),
        "with services of 15 kHz each": (with_services(plain, 15e3), ()),
    }
    for name, (what, paths) in kinds.items():
        false = 0
        for seed in range(24):
            window = make_window([Sent(17e3 * seed - 200e3, 45, what, seed)], seconds=1.0, rate_hz=1.2e6, seed=seed)
            false += len(receive_fm(with_paths(window, paths)).stations) - 1
        yield name, false


def odd_pirates() -> None:
    cnrs = (4, 5, 6, 8, 12, 20, 30)
    rows = [(name, *(_found(what, cnr_db) for cnr_db in cnrs)) for name, what in (ODD | CLIPPED).items()]
    table("odd pirates told as stations, of 4, in 2 s", ("what, CNR dB", *cnrs), rows)


def driven_into_lobes() -> None:
    """Exciters without a filter behind their clipping; seeds that nothing was fitted to."""
    cnrs = (6, 8, 12, 20, 30)
    rows = [
        (f"{programme}, {drive_db} dB", *(_found_driven(programme, drive_db, cnr_db) for cnr_db in cnrs))
        for programme in ("music", "speech")
        for drive_db in (12, 18, 20, 24, 30)
    ]
    table("driven into clipping: told as one station where it is, of 4, in 2 s", ("what, CNR dB", *cnrs), rows)


def _found_driven(programme: str, drive_db: float, cnr_db: float) -> int:
    found = 0
    for seed in range(80, 84):
        sent = Sent(-140e3 + 61e3 * (seed % 4), cnr_db, clipped(programme, drive_db, seed=seed), seed)
        stations = receive_fm(make_window([sent], seconds=2.0, rate_hz=1.2e6, seed=seed)).stations
        found += [abs(s.freq_hz - CENTRE_HZ - sent.offset_hz) < 30e3 for s in stations] == [True]
    return found


def _found(what: FmBroadcast | tuple[str, float], cnr_db: float) -> int:
    found = 0
    for seed in range(4):
        sent_by = clipped(*what, seed=seed) if isinstance(what, tuple) else what
        sent = Sent(140e3 - 61e3 * seed, cnr_db, sent_by, seed)
        stations = receive_fm(make_window([sent], seconds=2.0, rate_hz=600e3, seed=10 * seed + int(cnr_db))).stations
        found += len(stations) == 1
    return found
