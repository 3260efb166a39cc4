"""How much noise there is in each window at one gain setting, so that a rise of all of it is noticed.

The usual is the median of the last quarter of a day, one level in ten minutes. While a window is louder it teaches
nothing, until it has been so for six hours: then that is the usual.
"""

import statistics

import msgspec

LEAST_RISE_DB = 6.0
EVERY_NS, MOST_LEVELS, LEAST_LEVELS = 600 * 10**9, 36, 3
USUAL_AFTER_NS = 6 * 3600 * 10**9


class Noise(msgspec.Struct, frozen=True, kw_only=True):
    """Of one look."""

    centre_hz: float
    rate_hz: float
    gain_db: float | None
    dbfs_200k: float

    @property
    def key(self) -> str:
        return f"{round(self.centre_hz / 1e3)}/{round(self.rate_hz / 1e3)}/{self.gain_db}"


class NoiseRecord(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """rose_ns : when it rose to where it is; None: it is as usual"""

    levels: tuple[float, ...] = ()
    level_ns: int = 0
    rose_ns: int | None = None
    rise_db: float = 0.0

    @property
    def usual_dbfs(self) -> float | None:
        return statistics.median(self.levels) if len(self.levels) >= LEAST_LEVELS else None


def with_noise(old: NoiseRecord | None, noise: Noise, now_ns: int) -> NoiseRecord:
    old = old or NoiseRecord()
    usual = old.usual_dbfs
    rise_db = 0.0 if usual is None else noise.dbfs_200k - usual
    if rise_db < LEAST_RISE_DB:
        return _learnt(old, noise.dbfs_200k, now_ns)
    rose_ns = now_ns if old.rose_ns is None else old.rose_ns
    if now_ns - rose_ns > USUAL_AFTER_NS:
        return _learnt(NoiseRecord(), noise.dbfs_200k, now_ns)
    return msgspec.structs.replace(old, rose_ns=rose_ns, rise_db=rise_db)


def _learnt(old: NoiseRecord, dbfs: float, now_ns: int) -> NoiseRecord:
    if old.levels and 0 <= now_ns - old.level_ns < EVERY_NS:
        return msgspec.structs.replace(old, rose_ns=None, rise_db=0.0)
    return NoiseRecord(levels=(*old.levels, dbfs)[-MOST_LEVELS:], level_ns=now_ns)
