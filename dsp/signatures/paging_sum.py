"""Paging counters of one cell over the last ten to twenty minutes. Counters only: there are no identities here."""

import math

import msgspec

from dsp.gsm.values import PagingCounts

PAGING_WINDOW_NS = 600 * 10**9


class PagingSum(msgspec.Struct, frozen=True, kw_only=True):
    """Two windows, so that old silence is forgotten."""

    since_ns: int
    blocks: int = 0
    paged: int = 0  # mobile identities of any type
    assignments: int = 0
    location_updates: int = 0
    imsi: int = 0  # of the identities, permanent ones
    hopping: int = 0  # of the assignments, to hopping channels
    older_blocks: int = 0
    older_paged: int = 0
    older_assignments: int = 0
    older_location_updates: int = 0
    older_imsi: int = 0
    older_hopping: int = 0

    @property
    def all_blocks(self) -> int:
        return self.blocks + self.older_blocks

    @property
    def all_paged(self) -> int:
        return self.paged + self.older_paged

    @property
    def all_assignments(self) -> int:
        return self.assignments + self.older_assignments

    @property
    def all_location_updates(self) -> int:
        return self.location_updates + self.older_location_updates

    @property
    def all_imsi(self) -> int:
        return self.imsi + self.older_imsi

    @property
    def all_hopping(self) -> int:
        return self.hopping + self.older_hopping


LEAST_BLOCKS = 100  # behind a rate that is remembered


def paging_db(paging: PagingSum | None) -> float | None:
    """Identities paged a block, as decibels, so that busy and quiet hours compare; None from too little."""
    if paging is None or paging.all_blocks < LEAST_BLOCKS:
        return None
    return 10 * math.log10((paging.all_paged + 0.5) / paging.all_blocks)


def add_paging(old: PagingSum | None, counts: PagingCounts | None, now_ns: int) -> PagingSum | None:
    if counts is None:
        return old
    if old is None or not 0 <= now_ns - old.since_ns <= 2 * PAGING_WINDOW_NS:
        old = PagingSum(since_ns=now_ns)
    elif now_ns - old.since_ns > PAGING_WINDOW_NS:
        old = PagingSum(
            since_ns=now_ns,
            older_blocks=old.blocks,
            older_paged=old.paged,
            older_assignments=old.assignments,
            older_location_updates=old.location_updates,
            older_imsi=old.imsi,
            older_hopping=old.hopping,
        )
    return msgspec.structs.replace(
        old,
        blocks=old.blocks + counts.blocks_read,
        paged=old.paged + counts.imsi + counts.tmsi,
        assignments=old.assignments + counts.assignments,
        location_updates=old.location_updates + counts.assignments_location_update,
        imsi=old.imsi + counts.imsi,
        hopping=old.hopping + counts.assignments_hopping,
    )
