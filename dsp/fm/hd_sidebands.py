"""Digital sidebands of an analogue station (HD Radio, NRSC-5): blocks of carriers 129 to 198 kHz on either side of it.

They are part of a licensed emission, 20 dB and more under their host and without a steady carrier. What lies there and
has one is a station of its own.
"""

from collections.abc import Sequence

from dsp.fm.look import FmReception

_INNER_HZ, _OUTER_HZ = 105e3, 215e3  # with the filter that finds them, and where one is cut by a neighbour
_UNDER_HOST_DB = 8.0
_MOST_SINR_DB = 3.0
_LEAST_WIDE_HZ, _MOST_WIDE_HZ = 30e3, 130e3


def is_hd_sideband(lump: FmReception, lumps: Sequence[FmReception]) -> bool:
    if lump.sinr_db is not None and lump.sinr_db > _MOST_SINR_DB:
        return False
    if not _LEAST_WIDE_HZ <= lump.carrier.occupied_hz <= _MOST_WIDE_HZ:
        return False
    return any(_is_host(other, lump) for other in lumps)


def _is_host(other: FmReception, lump: FmReception) -> bool:
    away_hz = abs(other.carrier.freq_hz - lump.carrier.freq_hz)
    stronger_db = other.carrier.level_dbfs - lump.carrier.level_dbfs
    steady = other.sinr_db is not None and other.sinr_db > _MOST_SINR_DB
    return steady and _INNER_HZ <= away_hz <= _OUTER_HZ and stronger_db >= _UNDER_HOST_DB
