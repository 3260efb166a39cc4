"""Several receivers of several senders, every carrier as strong as asked for at each: IQ whose every delay is known."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dsp.iq import IqBlock
from recordings.propagation import SPEED_OF_LIGHT_M_S, Propagation, draw_echoes
from recordings.receive import Receiver
from recordings.receive_converter import Converter, Imperfections
from recordings.receive_grid import Grid, grid_for
from recordings.receive_link import Link
from recordings.transmitter import Transmitter
from recordings.world_emission import Emission, emit
from recordings.world_place import Site
from recordings.world_stretch import whole_batches


@dataclass(frozen=True, slots=True)
class Sender:
    name: str
    place: Site
    freq_hz: float
    width_hz: float
    transmitter: Transmitter
    ppm: float = 0.0


@dataclass(frozen=True, slots=True)
class Ear:
    """ahead_s : by which its computer's clock is ahead of true time"""

    name: str
    place: Site
    ppm: float
    ahead_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Window:
    """level : amplitude of every carrier, of full scale; cnr_db : of each, in noise_width_hz"""

    centre_hz: float
    rate_hz: float
    cnr_db: float
    noise_width_hz: float
    level: float = 0.2
    echoes: Propagation | None = None


def listen(
    senders: Sequence[Sender], ears: Sequence[Ear], window: Window, *, begin_s: float, seconds: float, seed: int
) -> tuple[IqBlock, ...]:
    """One block an ear; all begin at begin_s by their own clocks, and say so."""
    grid = grid_for(window.rate_hz, worst_clock_ppm=max(abs(ear.ppm) for ear in ears))
    samples = round(seconds * window.rate_hz)
    receivers = [_receiver(ear, window, grid, begin_s, (seed, k, round(begin_s * 1e3))) for k, ear in enumerate(ears)]
    emissions = [_emission(sender, window, grid, receivers, seconds) for sender in senders]
    out = []
    for ear, receiver in zip(ears, receivers, strict=True):
        links = tuple(_link((s, e), ear, window, grid, seed) for s, e in zip(senders, emissions, strict=True))
        batches = whole_batches(range(-(-samples // grid.kept)))
        stored = np.concatenate([receiver.listen(links, batch) for batch in batches])[: 2 * samples]
        iq = ((stored.astype(np.float32) - np.float32(127.5)) / np.float32(127.5)).view(np.complex64)
        out.append(
            IqBlock(
                samples=iq,
                rate_hz=window.rate_hz,
                centre_hz=window.centre_hz,
                first_sample=round(begin_s * window.rate_hz),
                time_utc_ns=round(begin_s * 1e9),
            )
        )
    return tuple(out)


def path_s(one: Site, other: Site) -> float:
    apart = one.positions_m(0.0)[0] - other.positions_m(0.0)[0]
    return float(np.linalg.norm(apart)) / SPEED_OF_LIGHT_M_S


def _receiver(ear: Ear, window: Window, grid: Grid, begin_s: float, seed: tuple[int, ...]) -> Receiver:
    return Receiver(
        grid=grid,
        begin_s=begin_s - ear.ahead_s,
        clock=1 + ear.ppm * 1e-6,
        centre_hz=window.centre_hz,
        noise=window.level**2 / 10 ** (window.cnr_db / 10) * window.rate_hz / window.noise_width_hz,
        seed=seed,
        converter=Converter(Imperfections()),
    )


def _emission(sender: Sender, window: Window, grid: Grid, receivers: Sequence[Receiver], seconds: float) -> Emission:
    begins = [receiver.begin_s for receiver in receivers]
    sent_hz = sender.freq_hz * (1 + sender.ppm * 1e-6)
    return emit(
        sender.transmitter,
        rate_hz=grid.low(sender.width_hz).rate_hz,
        begin_s=min(begins) - 0.01,
        end_s=max(begins) + seconds + 0.06,
        clock_ppm=sender.ppm,
        shift_hz=sent_hz - window.centre_hz - _bins(sender, window, grid) / grid.seconds,
        on_s=None,
    )


def _link(sent: tuple[Sender, Emission], ear: Ear, window: Window, grid: Grid, seed: int) -> Link:
    sender, emission = sent
    rules = window.echoes or Propagation(echoes=0)
    return Link(
        emission=emission,
        grid=grid.low(sender.width_hz),
        freq_hz=sender.freq_hz * (1 + sender.ppm * 1e-6),
        bins=_bins(sender, window, grid),
        emitter=sender.place,
        sensor=ear.place,
        echoes=draw_echoes(rules, seed=seed, emitter=sender.name, sensor=ear.name),
        amplitude=lambda time_s: np.full(np.shape(time_s), window.level),
    )


def _bins(sender: Sender, window: Window, grid: Grid) -> int:
    return round((sender.freq_hz - window.centre_hz) * grid.seconds)
