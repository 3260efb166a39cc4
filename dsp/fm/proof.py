"""Which of the lumps of a spectrum were FM carriers, once they have been demodulated."""

from collections.abc import Sequence

from dsp.fm.look import FmReception

_LEAST_SINR_DB = 0.0
_MOST_OFFSET_HZ = 60e3  # further off, the discriminator follows another station
_BARE_HZ = 10e3
_BARE_LEAST_CNR_DB = 20.0
_CRYSTAL_HZ = 28.8e6
_CRYSTAL_PPM = 150e-6
_SAME_HZ = 50e3


def reason_against(reception: FmReception) -> str | None:
    """Why this is no station; None: it is one."""
    carrier = reception.carrier
    if reception.sinr_db is None or reception.sinr_db < _LEAST_SINR_DB:
        return "no_steady_carrier"
    if abs(reception.freq_hz - carrier.freq_hz) > _MOST_OFFSET_HZ:
        return "skirt"
    if carrier.occupied_hz < _BARE_HZ and reception.multiplex.pilot is None:
        nearest_hz = round(reception.freq_hz / _CRYSTAL_HZ) * _CRYSTAL_HZ
        if abs(reception.freq_hz - nearest_hz) < _CRYSTAL_PPM * nearest_hz:
            return "crystal_spur"
        if carrier.cnr_db < _BARE_LEAST_CNR_DB:
            return "bare_line"
    return None


def without_doubles(found: Sequence[FmReception]) -> tuple[FmReception, ...]:
    """Lumps that led to the same carrier are one station, the one that needed least correcting."""
    kept: list[FmReception] = []
    for each in sorted(found, key=lambda r: abs(r.freq_hz - r.carrier.freq_hz)):
        if all(abs(each.freq_hz - other.freq_hz) >= _SAME_HZ for other in kept):
            kept.append(each)
    return tuple(sorted(kept, key=lambda r: r.freq_hz))
