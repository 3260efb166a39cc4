"""What one look at a window gave: every cell read in it, block by block, and what was refused and why."""

from dataclasses import dataclass, field

from dsp.gsm.frame import Channel
from dsp.gsm.subscribers import SubscriberCounts


@dataclass(frozen=True, slots=True)
class Block:
    """One block of four bursts whose FIRE check holds."""

    frame_number: int  # of its first burst
    channel: Channel
    kind: str  # "si3", "fill", "paging1", "assignment"…; "refused" when its contents were not believed
    octets: bytes | None  # 23; None for paging and assignments, which are only counted
    digest4: str  # first four hex digits of the SHA-256 of the 23 octets: for comparing, too little to reverse
    quality: float  # mean log-likelihood of its coded bits


@dataclass(frozen=True, slots=True)
class SyncRead:
    frame_number: int
    sample: float  # where its frame began, from the first sample of the block


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
    clock_ppm: float  # symbol clock against the receiver's sample clock
    seconds: float
    syncs: tuple[SyncRead, ...]
    blocks: tuple[Block, ...]
    blocks_failed: int
    ccch_blocks_read: int
    subscribers: SubscriberCounts
    relative_offset_ppm: float | None = None
    relative_offset_sigma_ppm: float | None = None
    relative_references: int = 0


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
