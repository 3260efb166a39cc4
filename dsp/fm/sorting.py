"""Lumps that were demodulated, sorted: stations, emissions of other services, and what was no emission at all."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from dsp.fm.hd_sidebands import is_hd_sideband
from dsp.fm.look import FmReception
from dsp.fm.proof import OTHER_SERVICES, made_in_the_receiver, reason_against, without_doubles

_NEIGHBOUR_HZ = 400e3  # as far as protection ratios go: ITU-R BS.412
_NONE_NEAR = "reflections"


@dataclass(frozen=True, slots=True)
class Sorted:
    stations: tuple[FmReception, ...]
    others: tuple[FmReception, ...]
    rejected: dict[str, int]


def sort_lumps(
    lumps: Sequence[FmReception], own_products: Collection[int], *, centre_hz: float, clipped_share: float
) -> Sorted:
    """own_products: indices of those that the receiver made of others."""
    rejected: dict[str, int] = {}
    stations, others = [], []
    for index, lump in enumerate(lumps):
        if index in own_products or made_in_the_receiver(lump, lumps, centre_hz=centre_hz, clipped_share=clipped_share):
            reason: str | None = reason_against(lump, unless=OTHER_SERVICES) or "intermodulation"
        else:
            reason = _reason(lump, lumps)
        if reason is None:
            stations.append(_with_neighbour(lump, lumps))
            continue
        rejected[reason] = rejected.get(reason, 0) + 1
        others += [_with_neighbour(lump, lumps)] if reason in OTHER_SERVICES else []
    return Sorted(without_doubles(stations), tuple(others), rejected)


def _reason(lump: FmReception, lumps: Sequence[FmReception]) -> str | None:
    reason = reason_against(lump)
    if reason is not None and is_hd_sideband(lump, lumps):
        return "hd_sideband"
    return reason


def _with_neighbour(lump: FmReception, lumps: Sequence[FmReception]) -> FmReception:
    """What stands beside it: one of the conditions under which its deviation may be stated (ITU-R SM.1268)."""
    near = list(_neighbours(lump, lumps))
    if not near:
        return _disturbed_alone(lump)
    over_db, away_hz = max(near)
    return replace(lump, neighbour_db=over_db, neighbour_away_hz=away_hz)


def _neighbours(lump: FmReception, lumps: Sequence[FmReception]) -> Iterator[tuple[float, float]]:
    for other in lumps:
        away_hz = other.carrier.freq_hz - lump.carrier.freq_hz
        if other is not lump and abs(away_hz) <= _NEIGHBOUR_HZ:
            yield other.carrier.level_dbfs - lump.carrier.level_dbfs, away_hz


def _disturbed_alone(lump: FmReception) -> FmReception:
    modulation = lump.multiplex.modulation
    if modulation.reason != "neighbour":
        return lump
    return replace(lump, multiplex=replace(lump.multiplex, modulation=replace(modulation, reason=_NONE_NEAR)))
