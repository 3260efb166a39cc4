"""On how many days a cell broadcast just this: its System Information as short hashes, and its name.

Hashes are of what everybody may hear, the Broadcast Control Channel; nothing of a subscriber is in it. The random
access part is left out: networks change it with their load. Days are counted when they come, never subtracted, so that
a clock which leaps five years adds one day.
"""

from collections.abc import Iterator
from hashlib import blake2b

import msgspec

from dsp.gsm.values import GsmCell

MOST_SEEN = 16
DAY_NS = 86400 * 10**9
NAME, FIELDS = "id", "fields"
# octets of the random access part in each message, 3GPP TS 44.018 §9.1.31, 9.1.32, 9.1.35, 9.1.36
RANDOM_ACCESS = {"1": slice(19, 22), "2": slice(20, 23), "3": slice(16, 19), "4": slice(10, 13)}
# System Information 3 by its fields, where a source of cells gives no octets
SI3_FIELDS = (
    *("mcc", "mnc", "lac", "ci", "mscr", "att", "bs_ag_blks_res", "ccch_conf", "bs_pa_mfrms", "t3212", "pwrc", "dtx"),
    *("radio_link_timeout", "cell_reselect_hysteresis_db", "ms_txpwr_max_cch", "rxlev_access_min", "neci", "cbq"),
    *("cell_reselect_offset_db", "temporary_offset_db", "penalty_time", "power_offset_db", "gprs_announced"),
)


class Seen(msgspec.Struct, frozen=True, array_like=True):
    kind: str  # of message: "1", "2", "3", "4"; or "fields" for System Information 3; or "id"
    digest: int
    days: int  # on which it was broadcast and nothing spoke against the cell
    last_day: int  # of these
    heard_days: int = 0  # on which it was broadcast at all
    heard_day: int = 0


def digests(cell: GsmCell) -> Iterator[tuple[str, int]]:
    """What the cell broadcasts, as (kind, hash)."""
    if cell.ci is not None and cell.mcc is not None:
        yield NAME, _digest(f"{cell.mcc}-{cell.mnc}-{cell.ci}".encode())
    whole = {si.kind: si.hex for si in cell.system_information if si.kind in RANDOM_ACCESS}
    for kind, octets in whole.items():
        part = RANDOM_ACCESS[kind]
        yield kind, _digest((octets[: 2 * part.start] + octets[2 * part.stop :]).encode())
    if "3" not in whole and cell.ci is not None and cell.t3212 is not None:
        yield FIELDS, _digest(repr([getattr(cell, name) for name in SI3_FIELDS]).encode())


def with_seen(seen: tuple[Seen, ...], cell: GsmCell, now_ns: int, *, counted: bool) -> tuple[Seen, ...]:
    """`counted`: nothing speaks against the cell, the day may count."""
    day = now_ns // DAY_NS
    known = {(each.kind, each.digest): each for each in seen}
    changed = dict(known)
    for key in digests(cell):
        old = known.get(key) or Seen(*key, days=0, last_day=-1, heard_day=-1)
        if old.heard_day != day or (counted and old.last_day != day):
            changed[key] = _on_day(old, day, counted=counted)
    if changed == known:
        return seen
    longest = sorted(changed.values(), key=lambda each: (each.days, each.last_day))
    return tuple(longest[-MOST_SEEN:])


def _on_day(old: Seen, day: int, *, counted: bool) -> Seen:
    """A day that lies before the last one counted is a clock set back: noted, not counted."""
    return Seen(
        kind=old.kind,
        digest=old.digest,
        days=old.days + (counted and day > old.last_day),
        last_day=day if counted else old.last_day,
        heard_days=old.heard_days + (day > old.heard_day),
        heard_day=day,
    )


def days_unchanged(seen: tuple[Seen, ...], cell: GsmCell) -> int:
    """On how many days its System Information 3 was just this; 0 where it was not read."""
    return max((_days(seen, key) for key in digests(cell) if key[0] in {"3", FIELDS}), default=0)


def days_named(seen: tuple[Seen, ...], cell: GsmCell) -> int | None:
    """On how many days this cell identity was heard here, suspected or not; None where it was not read."""
    key = next((key for key in digests(cell) if key[0] == NAME), None)
    if key is None:
        return None
    return next((each.heard_days for each in seen if (each.kind, each.digest) == key), 0)


def _days(seen: tuple[Seen, ...], key: tuple[str, int]) -> int:
    return next((each.days for each in seen if (each.kind, each.digest) == key), 0)


def _digest(octets: bytes) -> int:
    return int.from_bytes(blake2b(octets, digest_size=6).digest())
