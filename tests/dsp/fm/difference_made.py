"""Three receivers, a reference and a target: snippets of IQ, and by how much each station is later at which."""

from dataclasses import dataclass

from dsp.iq import IqBlock
from recordings.fm.spec import FmBroadcast, Rds
from recordings.fm.transmitter import FmTransmitter
from recordings.propagation import Propagation
from recordings.world_place import Site
from tests import air

CENTRE_HZ, REFERENCE_HZ, TARGET_HZ = 98.05e6, 97.8e6, 98.3e6
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
    """cnr_db : in 200 kHz, of both stations at every sensor; `quiet` is music 25 dB softer."""

    programme: str
    seed: int
    cnr_db: float
    seconds: float = 1.0
    rate_hz: float = 0.96e6
    reference: str = "music"
    rds: bool = False
    stereo: bool = True
    ppm: tuple[float, ...] = PPM
    echoes: Propagation | None = None
    begin_s: float = 2.0


def broadcast(made: Set, programme: str) -> FmBroadcast:
    return FmBroadcast(
        programme="music" if programme == "quiet" else programme,  # type: ignore[arg-type]
        loudness_db=-20.0 if programme == "quiet" else 5.0,
        rds=Rds(pi=0xC201, ps="MADE") if made.rds else None,
        stereo=made.stereo,
    )


def blocks(made: Set, *, sensors: int = 3) -> tuple[IqBlock, ...]:
    """One block a sensor; every one begins begin_s after the scenario's start by its own clock."""
    ears = [air.Ear(str(k), SENSORS[k], made.ppm[k], OFFSETS_S[k]) for k in range(sensors)]
    senders = [
        air.Sender("1", REFERENCE, REFERENCE_HZ, 330e3, transmitter(made, made.reference, 1)),
        air.Sender("2", TARGET, TARGET_HZ, 330e3, transmitter(made, made.programme, 2)),
    ]
    window = air.Window(CENTRE_HZ, made.rate_hz, made.cnr_db, 200e3, level=0.25, echoes=made.echoes)
    return air.listen(senders, ears, window, begin_s=made.begin_s, seconds=made.seconds, seed=made.seed)


def transmitter(made: Set, programme: str, number: int) -> FmTransmitter:
    return FmTransmitter(broadcast(made, programme), seed=1000 * made.seed + number)


def truth_s(a: int, b: int) -> tuple[float, float]:
    """How much later sensor b hears reference and target than sensor a does."""
    reference, target = (air.path_s(place, SENSORS[b]) - air.path_s(place, SENSORS[a]) for place in (REFERENCE, TARGET))
    return reference, target


def path_s(a: int, b: int) -> float:
    """More than any path can differ by between two sensors."""
    return air.path_s(SENSORS[a], SENSORS[b])
