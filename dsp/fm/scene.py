"""A strong station with those beside it: what is left without them; whether a lump in it is a station of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dsp.channel_plan import Band
from dsp.channelise import Channel, channelise_bands
from dsp.fm.carriers import BIN_HZ, find_close_carriers
from dsp.fm.close import stands
from dsp.fm.discriminator import discriminate
from dsp.fm.look import FmReception
from dsp.fm.take_off import take_off
from dsp.fm.take_out import receive_narrowly
from dsp.fm.widths import CLOSE
from dsp.iq import IqBlock
from dsp.spectrum import Carrier, welch_spectrum

NEAREST_HZ, FURTHEST_HZ = 45e3, 140e3  # a lump, from a strong one
BETWEEN_HZ = 230e3  # as far as others reach into the channel
_OWN_HZ, _OWN_BESIDE_HZ, _WEAK_HZ = 130e3, 100e3, 60e3  # half the band of a strong one, of it beside others, of a lump
_MOST_LUMPS = 2
_ROUNDS = 3
_LEAST_UNDER_DB = -40.0  # no carrier is made again more truly
_MOST_ALIKE = 0.5  # correlation of audio: services and images of a station 0.9, strangers 0.1, at worst 0.4
_AUDIO_HZ = 4e3


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A channel with a strong station in its middle, and those known beside it, the strongest first."""

    channel: Channel
    centre_hz: float
    known: tuple[FmReception, ...]
    clipped_share: float | None

    @classmethod
    def around(
        cls, one: FmReception, heard: Sequence[FmReception], channel: Channel, clipped_share: float | None
    ) -> "Scene":
        centre_hz = one.carrier.freq_hz
        near = [each for each in heard if abs(each.freq_hz - centre_hz) <= BETWEEN_HZ]
        known = tuple(sorted(near, key=lambda each: -each.carrier.level_dbfs))
        return cls(channel, centre_hz, known, clipped_share)

    def lumps(self, noise_dbfs_200k: float) -> list[Carrier]:
        """What is left when the known are taken off, well away from all of them; the strongest."""
        rate_hz = self.channel.rate_hz
        left = self.channel.samples - sum(self._taken_off(None))
        spectrum = welch_spectrum(IqBlock(left, rate_hz, self.centre_hz), bin_hz=BIN_HZ)
        search = find_close_carriers(spectrum, noise_dbfs_200k=noise_dbfs_200k)
        apart = filter(self._apart, search.carriers)
        return sorted(apart, key=lambda lump: -lump.level_dbfs)[:_MOST_LUMPS]

    def proved(self, lump: Carrier) -> FmReception | None:
        """The lump heard without the others, if it is a steady carrier that does not move as one of them does."""
        left = self.channel.samples - sum(self._taken_off(lump))
        band = Band(lump.freq_hz - self.centre_hz, CLOSE.rate_hz, CLOSE.pass_hz, CLOSE.stop_hz)
        (own,) = channelise_bands(left, self.channel.rate_hz, [band])
        seen = receive_narrowly(own.samples, own.rate_hz, lump, clipped_share=self.clipped_share)
        return replace(seen, uncovered=True) if stands(seen) and not self._moves_alike(own) else None

    def _apart(self, lump: Carrier) -> bool:
        away_hz = [abs(lump.freq_hz - each.freq_hz) for each in self.known]
        strongest_db = self.known[0].carrier.level_dbfs
        under_db = lump.level_dbfs - strongest_db
        return (
            min(away_hz) >= NEAREST_HZ
            and abs(lump.freq_hz - self.centre_hz) <= FURTHEST_HZ
            and under_db >= _LEAST_UNDER_DB
        )

    def _taken_off(self, lump: Carrier | None) -> list[NDArray[np.complex64]]:
        """What each of the known put into the channel; with a lump beside them, heard without it."""
        own_hz = _OWN_HZ if len(self.known) == 1 else _OWN_BESIDE_HZ
        at = [each.freq_hz - self.centre_hz for each in self.known]
        widths = [own_hz] * len(at)
        if lump is None:
            return take_off(self.channel.samples, self.channel.rate_hz, at, widths)
        beside = [*at, lump.freq_hz - self.centre_hz]
        return take_off(self.channel.samples, self.channel.rate_hz, beside, [*widths, _WEAK_HZ], rounds=_ROUNDS)[:-1]

    def _moves_alike(self, own: Channel) -> bool:
        audio = _audio(own)
        bands = [
            Band(each.freq_hz - self.centre_hz, CLOSE.rate_hz, _OWN_BESIDE_HZ, 1.35 * _OWN_BESIDE_HZ)
            for each in self.known
        ]
        others = channelise_bands(self.channel.samples, self.channel.rate_hz, bands)
        return any(_alike(audio, _audio(other)) > _MOST_ALIKE for other in others)


def _audio(channel: Channel) -> NDArray[np.float32]:
    """How it moves, up to 4 kHz or so."""
    size = round(channel.rate_hz / _AUDIO_HZ / 2)
    moved = discriminate(channel.samples, channel.rate_hz)
    steps = moved[: len(moved) // size * size].reshape(-1, size).mean(axis=1)
    return np.asarray(steps - steps.mean(), np.float32)


def _alike(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    size = min(len(a), len(b))
    a, b = a[:size], b[:size]
    return abs(float(a @ b)) / max(float(np.linalg.norm(a) * np.linalg.norm(b)), 1e-30)
