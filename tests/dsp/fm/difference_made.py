"""Two or three sensors, two stations, a carrier-to-noise ratio that is exactly what is asked for: IQ and its truth."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dsp.iq import IqBlock
from recordings.fm.spec import FmBroadcast, Rds
from recordings.fm.transmitter import FmTransmitter
from recordings.propagation import SPEED_OF_LIGHT_M_S, Propagation, draw_echoes
from recordings.receive import Receiver
from recordings.receive_converter import Converter, Imperfections
from recordings.receive_grid import grid_for
from recordings.receive_link import Link
from recordings.world_emission import emit
from recordings.world_place import Site
from recordings.world_stretch import whole_batches

CENTRE_HZ, REFERENCE_HZ, TARGET_HZ = 98.05e6, 97.8e6, 98.3e6
WIDTH_HZ = 330e3
LEVEL = 0.25  # of each carrier, of full scale
REFERENCE, TARGET = Site(east_m=-2500.0, north_m=1800.0), Site(east_m=700.0, north_m=-400.0)
SENSORS = (
    Site(east_m=300.0, north_m=3200.0),
    Site(east_m=3400.0, north_m=-2300.0),
    Site(east_m=-3300.0, north_m=-1800.0),
)
PPM = (0.5, -0.5, 0.31)
OFFSETS_S = (0.0, 0.0213, -0.0147)


@dataclass(frozen=True, slots=True)
class Set:
    """What one set of snippets is made of. cnr_db : in 200 kHz, of both stations at every sensor."""

    programme: str
    seed: int
    cnr_db: float
    seconds: float = 1.0
    rate_hz: float = 0.96e6
    loudness_db: float = 5.0
    reference: str = "music"
    rds: bool = False
    stereo: bool = True
    ppm: tuple[float, ...] = PPM
    offsets_s: tuple[float, ...] = OFFSETS_S
    echoes: Propagation | None = None
    begin_s: float = 2.0


def distance_m(one: Site, other: Site) -> float:
    return float(np.linalg.norm(one.positions_m(0.0)[0] - other.positions_m(0.0)[0]))


def broadcast(made: Set, programme: str) -> FmBroadcast:
    kind = "music" if programme == "quiet" else programme
    loudness_db = -20.0 if programme == "quiet" else made.loudness_db
    rds = Rds(pi=0xC201, ps="MADE") if made.rds else None
    return FmBroadcast(programme=kind, loudness_db=loudness_db, rds=rds, stereo=made.stereo)  # type: ignore[arg-type]


def blocks(made: Set, *, sensors: int = 3) -> tuple[IqBlock, ...]:
    """One block a sensor; every one begins begin_s after the scenario's start by its own clock."""
    worst = max(map(abs, made.ppm))
    grid = grid_for(made.rate_hz, worst_clock_ppm=worst)
    samples = round(made.seconds * made.rate_hz)
    batches = range(0, -(-samples // grid.kept))
    noise = LEVEL**2 / 10 ** (made.cnr_db / 10) * made.rate_hz / 200e3
    receivers = [
        Receiver(
            grid=grid,
            begin_s=made.begin_s - made.offsets_s[k],
            clock=1 + made.ppm[k] * 1e-6,
            centre_hz=CENTRE_HZ,
            noise=noise,
            seed=(made.seed, k, 77),
            converter=Converter(Imperfections()),
        )
        for k in range(sensors)
    ]
    stations = ((REFERENCE, REFERENCE_HZ, made.reference, 1), (TARGET, TARGET_HZ, made.programme, 2))
    emissions = [_emission(made, each, grid, receivers) for each in stations]
    out = []
    for k, receiver in enumerate(receivers):
        links = tuple(_link(made, k, each, grid, emission) for each, emission in zip(stations, emissions, strict=True))
        bytes_ = np.concatenate([receiver.listen(links, batch) for batch in whole_batches(batches)])[: 2 * samples]
        iq = ((bytes_.astype(np.float32) - 127.5) / 127.5).view(np.complex64)
        begin_ns = round(made.begin_s * 1e9)
        out.append(IqBlock(samples=iq, rate_hz=made.rate_hz, centre_hz=CENTRE_HZ, time_utc_ns=begin_ns))
    return tuple(out)


def _emission(made: Set, station, grid, receivers):  # type: ignore[no-untyped-def]
    _, freq_hz, programme, number = station
    bins = round((freq_hz - CENTRE_HZ) * grid.seconds)
    begins = [receiver.begin_s for receiver in receivers]
    return emit(
        FmTransmitter(broadcast(made, programme), seed=1000 * made.seed + number),
        rate_hz=grid.low(WIDTH_HZ).rate_hz,
        begin_s=min(begins) - 0.01,
        end_s=max(begins) + made.seconds + 0.06,
        clock_ppm=0.0,
        shift_hz=freq_hz - CENTRE_HZ - bins / grid.seconds,
        on_s=None,
    )


def _link(made: Set, k: int, station, grid, emission) -> Link:  # type: ignore[no-untyped-def]
    place, freq_hz, _, number = station
    rules = made.echoes or Propagation(echoes=0)
    return Link(
        emission=emission,
        grid=grid.low(WIDTH_HZ),
        freq_hz=freq_hz,
        bins=round((freq_hz - CENTRE_HZ) * grid.seconds),
        emitter=place,
        sensor=SENSORS[k],
        echoes=draw_echoes(rules, seed=made.seed, emitter=str(number), sensor=str(k)),
        amplitude=lambda time_s: np.full(np.shape(time_s), LEVEL),
    )


def truth_s(a: int, b: int) -> tuple[float, float]:
    """How much later sensor b hears reference and target than sensor a does."""
    pairs = [(distance_m(place, SENSORS[a]), distance_m(place, SENSORS[b])) for place in (REFERENCE, TARGET)]
    reference, target = ((later - earlier) / SPEED_OF_LIGHT_M_S for earlier, later in pairs)
    return reference, target


def rms(values: list[float] | NDArray[np.float64]) -> float:
    return float(np.sqrt(np.mean(np.square(values))))


def path_s(a: int, b: int) -> float:
    """More than any path can differ by between two sensors."""
    return distance_m(SENSORS[a], SENSORS[b]) / SPEED_OF_LIGHT_M_S
