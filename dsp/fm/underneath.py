"""Weak stations 50 to 140 kHz from a strong one, under its sidebands: heard once it has been taken off.

Where a station's envelope varies more than its noise explains, there is something else in its channel. It and its
neighbours are taken off (`dsp.fm.take_off`); a lump that is left, well away from all of them, is heard together with
them, each without the others, and has to prove itself: a steady carrier where its lump is, which does not move as one
of the others does. What is left of a station, its services above the multiplex, its image, its reflections: all of
that moves as it moves, or is not steady.
"""

from collections.abc import Sequence
from dataclasses import replace

from dsp.channel_plan import Band
from dsp.channelise import Channel, channelise_bands
from dsp.fm.look import FmReception
from dsp.fm.scene import BETWEEN_HZ, FURTHEST_HZ, NEAREST_HZ, Scene
from dsp.iq import IqBlock

RATE_HZ, PASS_HZ, STOP_HZ = 480e3, 200e3, 235e3
_MOST_LOOKED_AT = 4  # of a look: in a full window that is 0.04 CPU s a second
_GLANCE_S = 0.3
_LEAST_CNR_DB = 20.0
_UNSTEADY_DB, _STEADY_DB = 5.0, 38.0  # of SINR under CNR, and the CNR from which on other things take their part
_NEIGHBOUR_DB = 6.0  # over it: then it is not the one to take off


def uncovered(
    block: IqBlock, heard: Sequence[FmReception], *, noise_dbfs_200k: float, clipped_share: float | None
) -> tuple[FmReception, ...]:
    """Those heard, and those under them that were not. heard: each with its carrier.

    Sought and proved in the first third of a second; what that gives is heard in the whole look.
    """
    strong = _disturbed(heard, block) if block.rate_hz >= RATE_HZ else []
    glance = replace(block, samples=block.samples[: round(_GLANCE_S * block.rate_hz)])
    found = list(heard)
    for one, channel in zip(strong, _channels(glance, strong), strict=True):
        scene = Scene.around(one, found, channel, clipped_share)
        lumps = [lump for lump in scene.lumps(noise_dbfs_200k) if scene.proved(lump) is not None]
        if lumps:
            whole = Scene.around(one, found, _channels(block, [one])[0], clipped_share)
            found += filter(None, map(whole.proved, lumps))
    return tuple(sorted(found, key=lambda each: each.carrier.freq_hz))


def cleared(block: IqBlock, heard: Sequence[FmReception], *, clipped_share: float | None) -> tuple[FmReception, ...]:
    """Those heard; what a much stronger one close by disturbs is heard again without it."""
    out = []
    for each in heard:
        strong = [other for other in heard if _disturbs(other, each)]
        if not strong or block.rate_hz < RATE_HZ or not _inside(strong[0], block):
            out.append(each)
            continue
        others = [other for other in heard if other is not each]
        again = Scene.around(strong[0], others, _channels(block, strong[:1])[0], clipped_share).proved(each.carrier)
        out.append(again if again is not None and (again.sinr_db or 0.0) > (each.sinr_db or 0.0) else each)
    return tuple(out)


def _disturbs(strong: FmReception, weak: FmReception) -> bool:
    apart_hz = abs(strong.carrier.freq_hz - weak.carrier.freq_hz)
    over_db = strong.carrier.level_dbfs - weak.carrier.level_dbfs
    if weak.uncovered:
        return False
    return NEAREST_HZ <= apart_hz <= FURTHEST_HZ and over_db >= _NEIGHBOUR_DB and _unsteady_db(weak) >= _UNSTEADY_DB


def _channels(block: IqBlock, strong: Sequence[FmReception]) -> tuple[Channel, ...]:
    bands = [Band(each.carrier.freq_hz - block.centre_hz, RATE_HZ, PASS_HZ, STOP_HZ) for each in strong]
    return channelise_bands(block.samples, block.rate_hz, bands)


def _disturbed(heard: Sequence[FmReception], block: IqBlock) -> list[FmReception]:
    """Those in whose channel there is something else, and that stand out; the most disturbed first."""
    some = [
        each
        for each in heard
        if each.carrier.cnr_db >= _LEAST_CNR_DB
        and _unsteady_db(each) >= _UNSTEADY_DB
        and _inside(each, block)
        and not _overwhelmed(each, heard)
    ]
    return sorted(some, key=lambda each: -_unsteady_db(each))[:_MOST_LOOKED_AT]


def _unsteady_db(seen: FmReception) -> float:
    return min(seen.carrier.cnr_db, _STEADY_DB) - (seen.sinr_db or 0.0)


def _inside(seen: FmReception, block: IqBlock) -> bool:
    return abs(seen.carrier.freq_hz - block.centre_hz) <= block.rate_hz / 2 - PASS_HZ


def _overwhelmed(one: FmReception, heard: Sequence[FmReception]) -> bool:
    return any(
        abs(each.carrier.freq_hz - one.carrier.freq_hz) <= BETWEEN_HZ
        and each.carrier.level_dbfs > one.carrier.level_dbfs + _NEIGHBOUR_DB
        for each in heard
    )
