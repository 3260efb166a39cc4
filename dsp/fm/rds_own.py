"""Which groups of a look are one station's own, where two take turns on a frequency or a coder slips in another PI."""

from collections.abc import Sequence

from dsp.fm.rds_blocks import Group
from dsp.fm.rds_groups import pis_of

_COVERAGE = 0xF0FF  # all but the second digit: national, regional and local editions of one programme


def regional_variant(a: int, b: int) -> bool:
    """Two PIs of one programme that differ in their coverage area only. IEC 62106 annex D."""
    return a & _COVERAGE == b & _COVERAGE


def own_groups(groups: Sequence[Group], pi: int) -> tuple[Group, ...]:
    """Those with this PI or a regional variant of it, and those without a PI between two of these."""
    own = [_owned(group, pi) for group in groups]
    before = _filled(own)
    after = _filled(own[::-1])[::-1]
    return tuple(
        group
        for group, mine, left, right in zip(groups, own, before, after, strict=True)
        if mine or (mine is None and left is not False and right is not False)
    )


def _owned(group: Group, pi: int) -> bool | None:
    said = pis_of(group)
    return any(regional_variant(each, pi) for each in said) if said else None


def _filled(own: Sequence[bool | None]) -> list[bool | None]:
    """The last one known at each place."""
    last: bool | None = None
    out = []
    for each in own:
        last = last if each is None else each
        out.append(last)
    return out
