"""What one look at a window gave: every cell read in it, block by block, and what was refused and why."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from dsp.gsm.frame import HYPERFRAME, Channel
from dsp.gsm.subscribers import SubscriberCounts, total


@dataclass(frozen=True, slots=True)
class Block:
    """One block of four bursts whose FIRE check holds."""

    frame_number: int  # of its first burst
    channel: Channel
    kind: str  # "si3", "fill", "paging1", "assignment"…; "refused" when its contents were not believed
    octets: bytes | None  # 23; None for paging and assignments, which are only counted
    digest4: str  # first four hex digits of the SHA-256 of the 23 octets: for comparing, too little to reverse
    quality: float  # mean log-likelihood of its coded bits
    subscribers: SubscriberCounts | None = None  # what a paging or assignment spoke of
    refusal: str | None = None  # class of what was wrong with its contents
    timeslot: int = 0  # 2, 4 and 6 where the cell has more than one common control channel
    repeats: int = 1  # transmissions whose soft bits were added to read it; 1: by itself
    reserved: tuple[str, ...] = ()  # fields of it that hold a code the standard reserves: they read as None

    @property
    def place(self) -> tuple[int, int]:
        """Frame number and time slot."""
        return self.frame_number, self.timeslot


@dataclass(frozen=True, slots=True, eq=False)
class WeakBlock:
    """A BCCH block whose FIRE check does not hold: kept to be added to its repeats."""

    frame_number: int
    soft: NDArray[np.float16]  # (456,) in coding order, log-likelihood, positive for 0
    timeslot: int = 0

    @property
    def place(self) -> tuple[int, int]:
        """Frame number and time slot."""
        return self.frame_number, self.timeslot


def half_precision(soft: NDArray[np.float32]) -> NDArray[np.float16]:
    """Soft bits as WeakBlock keeps them: beyond ±10⁴ a bit is certain anyway."""
    return np.clip(soft, -1e4, 1e4).astype(np.float16)


@dataclass(frozen=True, slots=True)
class SyncRead:
    frame_number: int
    sample: float  # where its frame began, since the receiver started


@dataclass(frozen=True, slots=True)
class Reception:
    """One cell in one look."""

    bsic: int
    measured_hz: float  # carrier by the receiver's own oscillator
    arfcn: int | None
    freq_hz: float  # nominal where there is a channel, else measured_hz
    carrier_offset_hz: float
    carrier_offset_sigma_hz: float
    level_dbfs: float
    cnr_db: float
    frame_number: int
    frame_sample: float  # since the receiver started
    frame_sample_sigma: float | None
    clock_ppm: float  # length of the cell's symbols by the receiver's sample clock, against nominal
    samples_per_frame: float
    seconds: float
    syncs: tuple[SyncRead, ...]
    blocks: tuple[Block, ...]
    failed: tuple[int, ...]  # frame numbers of the blocks of time slot 0 whose FIRE check does not hold
    relative_offset_ppm: float | None = None
    relative_offset_sigma_ppm: float | None = None
    relative_references: int = 0
    samples_per_frame_sigma: float | None = None  # None: too few bursts to tell
    delay_spread: float = 0.0  # samples, rms, of paths too near the first to be told apart; 0: none shows
    failed_on_others: tuple[tuple[int, int], ...] = ()  # (frame number, time slot) of such blocks on slots 2, 4, 6
    weak: tuple[WeakBlock, ...] = ()  # BCCH blocks among the failed

    @property
    def blocks_failed(self) -> int:
        return len(self.failed) + len(self.failed_on_others)

    @property
    def ccch_blocks_read(self) -> int:
        return sum(block.channel is Channel.CCCH for block in self.blocks)

    @property
    def subscribers(self) -> SubscriberCounts:
        return total(block.subscribers for block in self.blocks if block.subscribers is not None)

    def sample_of(self, frame_number: int) -> float:
        """Where a frame of this look began, on the scale of frame_sample."""
        away = (frame_number - self.frame_number + HYPERFRAME // 2) % HYPERFRAME - HYPERFRAME // 2
        return self.frame_sample + away * self.samples_per_frame


@dataclass(frozen=True, slots=True)
class GsmLook:
    receptions: tuple[Reception, ...]
    noise_dbfs_200k: float | None  # None: no samples to tell
    seconds: float
    time_utc_ns: int | None = None
    time_sigma_ns: int | None = None
    first_sample: int = 0
    rate_hz: float = 0.0
    suspicions: int = 0  # tone bursts looked into
    refused: tuple[tuple[str, int], ...] = field(default=())  # class of refusal, how often
