"""What each block of the common control channel carries, by the load and the seed (3GPP TS 45.002 §6.5)."""

import numpy as np

from recordings.gsm.assignment import immediate_assignment
from recordings.gsm.paging import FILLS, PAGED_AT_MOST, made_imsi, made_tmsi, paging_request
from recordings.gsm.spec import GsmBroadcast

MULTIFRAME_S = 51 * 0.12 / 26
BLOCKS_COMBINED, BLOCKS = 3, 9
PCH_ASSIGNED_AT_MOST = 0.9  # of the paging blocks may be taken by assignments when the reserved ones are full


class CommonControl:
    """Draws the blocks of one timeslot: the same (seed, timeslot, frame number) gives the same block."""

    def __init__(self, cell: GsmBroadcast, *, seed: int, timeslot: int = 0) -> None:
        self._cell, self._seed = cell, (seed, 0xCCC4, timeslot) if timeslot else (seed, 0xCCC4)
        total = BLOCKS_COMBINED if cell.combined else BLOCKS
        self._reserved = min(cell.bs_ag_blks_res, total)
        wanted = cell.assignments_per_s * MULTIFRAME_S / cell.ccch_channels  # a multiframe
        self._assigned_reserved = min(1.0, wanted / self._reserved) if self._reserved else 0.0
        left = wanted - self._reserved * self._assigned_reserved
        paging = total - self._reserved
        self._assigned_paging = min(PCH_ASSIGNED_AT_MOST, left / paging) if paging else 0.0
        free = paging * (1 - self._assigned_paging)
        self._paged = cell.paging_per_s * MULTIFRAME_S / cell.ccch_channels / free if free else 0.0

    def block(self, frame_number: int, index: int) -> bytes:
        """Block `index` of its multiframe, which starts in this frame."""
        rng = np.random.default_rng((*self._seed, frame_number))
        reserved = index < self._reserved
        if rng.random() < (self._assigned_reserved if reserved else self._assigned_paging):
            causes = self._cell.assignment_causes
            return immediate_assignment(self._cell, frame_number, causes[int(rng.integers(len(causes)))], rng)
        paged = 0 if reserved else min(PAGED_AT_MOST, int(rng.poisson(self._paged)))
        return self._page(paged, rng) if paged else FILLS[self._cell.fill]

    def _page(self, paged: int, rng: np.random.Generator) -> bytes:
        """As many of the identities as one block holds when some are IMSI."""
        by_imsi = min(2, int(rng.binomial(paged, self._cell.paging_imsi_share)))
        by_tmsi = min(paged - by_imsi, PAGED_AT_MOST if not by_imsi else 2 if by_imsi == 1 else 0)
        imsis = [made_imsi(self._cell, rng) for _ in range(by_imsi)]
        return paging_request(imsis, [made_tmsi(rng) for _ in range(by_tmsi)])
