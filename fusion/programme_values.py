"""What is remembered of programmes: looks with their fingerprints, links between emitters, loops."""

import msgspec


class ProgrammeLook(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """One look at an emitter and the fingerprint of what it played."""

    emitter: str
    sensor: str
    boot: str
    seq: int
    time_utc_ns: int  # when the fingerprint begins
    freq_hz: float
    cnr_db: float
    programme: bytes
    compared_s: float = 0.0  # shifts at which it could have been found in earlier looks of the same emitter
    matches: int = 0  # earlier looks that had the same sound
    ago_s: tuple[float, ...] = ()  # how long before it, of no more than 16 of those


class ProgrammeLink(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """Another emitter carried the same sound: at the same time, or the same recording at another."""

    other: str
    simultaneous: bool
    times: int  # moments, at least 5 s apart, in which it was found
    first_utc_ns: int
    last_utc_ns: int
    delay_s: float  # of this emitter behind the other, the last time; for a recording how much later it came here
    delay_low_s: float
    delay_high_s: float
    overlap_s: float  # of sound compared, all moments together
    bit_error_rate: float  # the best of them
    one_look: int = 0  # moments in which one look of one sensor had both
    cnr_above_other_db: float = 0.0  # in the last such look, else 0
    reports: tuple[tuple[str, str, int], ...] = ()  # (sensor, boot, seq) of the last few, of either emitter


class ProgrammeLoop(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """How much an emitter's programme repeats itself, by the looks of the last hours."""

    looks: int
    recurring: int  # looks whose sound had come 8 minutes or more before, or came again so
    matches: int  # pairs of looks with the same sound
    repertoire_s: float  # of different sound: as often would pairs match that are drawn from so much
    period_s: float | None  # where it comes again by the clock
    since_utc_ns: int  # of the oldest look behind this
    last_utc_ns: int


class ProgrammeMemory(msgspec.Struct, frozen=True, kw_only=True):
    """kept   : of each unlicensed emitter, oldest first, seldom and for hours
    recent : of all FM emitters, oldest first, for as long as a relay may be late
    """

    kept: dict[str, tuple[ProgrammeLook, ...]] = {}
    recent: tuple[ProgrammeLook, ...] = ()
