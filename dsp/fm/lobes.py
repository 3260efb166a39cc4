"""A station driven far into clipping: two lobes in the spectrum and next to nothing where its carrier is.

The deviation then sits at one end or the other, 75 kHz and more on either side. Each lobe alone is no steady carrier;
the channel between them, heard as wide as both, is. Two stations as far apart are not: their envelope beats.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import replace

from dsp.fm.look import FmReception
from dsp.fm.proof import reason_against
from dsp.fm.take_out import receive_carriers
from dsp.fm.widths import WIDE
from dsp.iq import IqBlock
from dsp.spectrum import Carrier

_APART_HZ = (60e3, 240e3)
_ALIKE_DB = 12.0
_STEADY_DB, _STEADY_AT_MOST_DB = 4.0, 20.0  # of SINR under CNR


def joined(block: IqBlock, lumps: Sequence[FmReception], *, clipped_share: float | None) -> tuple[FmReception, ...]:
    """The lumps, two that are lobes of one station replaced by it. lumps: lowest frequency first."""
    left = list(lumps)
    for low, high in itertools.pairwise(lumps):
        if low not in left or high not in left or not _may_be_lobes(low, high, block):
            continue
        (middle,) = receive_carriers(block, [_between(low, high)], [WIDE], clipped_share=clipped_share)
        if _steady(middle) and reason_against(middle) is None:
            left = [each for each in left if each not in (low, high)] + [middle]
    return tuple(sorted(left, key=lambda each: each.carrier.freq_hz))


def _may_be_lobes(low: FmReception, high: FmReception, block: IqBlock) -> bool:
    apart_hz = high.carrier.freq_hz - low.carrier.freq_hz
    alike = abs(high.carrier.level_dbfs - low.carrier.level_dbfs) <= _ALIKE_DB
    wide_enough = block.rate_hz >= WIDE.rate_hz
    doubted = reason_against(low) is not None and reason_against(high) is not None
    return wide_enough and _APART_HZ[0] <= apart_hz <= _APART_HZ[1] and alike and doubted


def _between(low: FmReception, high: FmReception) -> Carrier:
    a, b = low.carrier, high.carrier
    both = 10 ** (a.cnr_db / 10) + 10 ** (b.cnr_db / 10)
    apart_hz = b.freq_hz - a.freq_hz
    share = 10 ** (b.cnr_db / 10) / both
    return replace(
        a,
        freq_hz=a.freq_hz + share * apart_hz,
        level_dbfs=a.level_dbfs - a.cnr_db + _db(both),
        cnr_db=_db(both),
        occupied_hz=apart_hz + (a.occupied_hz + b.occupied_hz) / 2,
        spread_hz=(a.spread_hz or 0.0) + (b.spread_hz or 0.0),
    )


def _steady(seen: FmReception) -> bool:
    return seen.sinr_db is not None and seen.sinr_db >= min(seen.carrier.cnr_db, _STEADY_AT_MOST_DB) - _STEADY_DB


def _db(ratio: float) -> float:
    return 10 * math.log10(ratio)
