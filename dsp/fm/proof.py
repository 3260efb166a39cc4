"""Which of the lumps of a spectrum were FM carriers, once they have been demodulated."""

import itertools
from collections.abc import Collection, Sequence

from dsp.fm.kinds import EmissionKind, kind_of
from dsp.fm.look import FmReception
from dsp.fm.quality import MOST_CLIPPED_SHARE

OTHER_SERVICES = frozenset({EmissionKind.NARROW.value, EmissionKind.DATA.value})
_LEAST_SINR_DB = 0.0
_MOST_OFFSET_HZ = 60e3  # further off, the discriminator follows another station
_BARE_LEAST_CNR_DB = 20.0
_CRYSTAL_HZ = 28.8e6
_CRYSTAL_PPM = 150e-6
_SAME_HZ, _UNCOVERED_HZ = 50e3, 30e3
_PRODUCT_DB, _FAINT_PRODUCT_DB = 10.0, 25.0
_MUCH_CLIPPED_SHARE = 0.02
_PRODUCT_REACH_HZ = 60e3  # it carries two or three modulations at once and lies where their sum happens to be


def reason_against(reception: FmReception, *, unless: Collection[str] = ()) -> str | None:
    """Why this is no station; None: it is one. unless: reasons that do not count."""
    carrier = reception.carrier
    if reception.sinr_db is None or reception.sinr_db < _LEAST_SINR_DB:
        return "no_steady_carrier"
    if abs(reception.freq_hz - carrier.freq_hz) > _MOST_OFFSET_HZ:
        return "skirt"
    kind = kind_of(reception)
    if kind is EmissionKind.CARRIER:
        nearest_hz = round(reception.freq_hz / _CRYSTAL_HZ) * _CRYSTAL_HZ
        if abs(reception.freq_hz - nearest_hz) < _CRYSTAL_PPM * nearest_hz:
            return "crystal_spur"
        if carrier.cnr_db < _BARE_LEAST_CNR_DB:
            return "bare_line"
    return kind.value if kind.value in OTHER_SERVICES - set(unless) else None


def made_in_the_receiver(
    weak: FmReception, lumps: Sequence[FmReception], *, centre_hz: float, clipped_share: float
) -> bool:
    """Does it lie where third-order products of much stronger ones fall, in a window that was clipped?

    a + b − c, and where I and Q are clipped each by itself −(a + b + c), counted from the centre of the window. The
    less is clipped, the weaker the products: a station that much stronger than they can be stays one.
    """
    if clipped_share <= MOST_CLIPPED_SHARE:
        return False
    weaker_db = _PRODUCT_DB if clipped_share > _MUCH_CLIPPED_SHARE else _FAINT_PRODUCT_DB
    own_hz = weak.freq_hz - centre_hz
    strong = [each.freq_hz - centre_hz for each in lumps if each.carrier.cnr_db >= weak.carrier.cnr_db + weaker_db]
    threes = list(itertools.product(strong, repeat=3))
    products = [a + b - c for a, b, c in threes if c not in (a, b)] + [-(a + b + c) for a, b, c in threes]
    return any(abs(product - own_hz) <= _PRODUCT_REACH_HZ for product in products)


def without_doubles(found: Sequence[FmReception]) -> tuple[FmReception, ...]:
    """Lumps that led to the same carrier are one station, the one that needed least correcting."""
    kept: list[FmReception] = []
    for each in sorted(found, key=lambda r: (r.uncovered, abs(r.freq_hz - r.carrier.freq_hz))):
        least_hz = _UNCOVERED_HZ if each.uncovered else _SAME_HZ
        if all(abs(each.freq_hz - other.freq_hz) >= least_hz for other in kept):
            kept.append(each)
    return tuple(sorted(kept, key=lambda r: r.freq_hz))
