"""One station heard in several looks: its measurements put together, field by field.

What was said (RDS) is the last look's: the receiver has put it together already. What was measured is the mean, each
look by its length; powers are averaged as powers. A field not named here is the last look's, where that knows it.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from dsp.fm.deviation_spread import together
from dsp.fm.modulation_minute import and_then
from dsp.fm.values import FmStation

Mean = Callable[[float, float, float, float], float]  # value and weight, twice


def _mean(a: float, a_s: float, b: float, b_s: float) -> float:
    return (a * a_s + b * b_s) / (a_s + b_s)


def _power_mean_db(a: float, a_s: float, b: float, b_s: float) -> float:
    return 10 * math.log10(_mean(10 ** (a / 10), a_s, 10 ** (b / 10), b_s))


MEANS: Mapping[str, Mean] = {
    "level_dbfs": _power_mean_db,
    "level_dbm": _power_mean_db,
    "cnr_db": _power_mean_db,
    "sinr_db": _power_mean_db,
    "modulation_power_dbr": _power_mean_db,  # of the whole time, as BS.412 asks of any 60 s
    "occupied_hz": _mean,
    "occupied_26db_hz": _mean,
    "deviation_hz": _mean,
    "pilot_hz": _mean,
    "pilot_deviation_hz": _mean,
    "rds_deviation_hz": _mean,
    "rds_block_error_rate": _mean,
    "silence_share": _mean,
    "speech_share": _mean,
    "music_share": _mean,
    "unknown_share": _mean,
}

SUMS: Mapping[str, Callable[[Any, Any], Any]] = {"deviation_spread": together, "modulation_minute": and_then}


def merged(old: FmStation, new: FmStation) -> FmStation:
    """Both, as if they were one look."""
    values: dict[str, Any] = {name: _known(getattr(old, name), value) for name, value in _fields(new).items()}
    for name, mean in MEANS.items():
        a, b = getattr(old, name), getattr(new, name)
        if a is not None and b is not None:
            values[name] = mean(a, max(old.seconds, 1e-9), b, max(new.seconds, 1e-9))
    values |= _carrier(old, new) | {
        "seconds": old.seconds + new.seconds,
        "rds_groups": old.rds_groups + new.rds_groups,
        "pi_repeats": max(old.pi_repeats, new.pi_repeats),
    }
    for name, add in SUMS.items():
        a, b = getattr(old, name), getattr(new, name)
        if a is not None and b is not None:
            values[name] = add(a, b)
    if values["deviation_hz"] is not None:
        values["deviation_reason"] = None
    return FmStation(**values)


def _fields(station: FmStation) -> dict[str, Any]:
    return {field.name: getattr(station, field.name) for field in msgspec.structs.fields(FmStation)}


def _known(old: Any, new: Any) -> Any:
    return old if new is None or (new == () and old != ()) else new


def _carrier(old: FmStation, new: FmStation) -> dict[str, float]:
    """By their sigmas, which grow where the two disagree by more (Birge). A look without one counts for nothing."""
    if not math.isfinite(new.freq_sigma_hz):
        return {"freq_hz": old.freq_hz, "freq_sigma_hz": old.freq_sigma_hz}
    if not math.isfinite(old.freq_sigma_hz):
        return {}
    a, b = (1 / max(each.freq_sigma_hz, 1e-3) ** 2 for each in (old, new))
    disagree = abs(old.freq_hz - new.freq_hz) / (1 / a + 1 / b) ** 0.5
    return {
        "freq_hz": _mean(old.freq_hz, a, new.freq_hz, b),
        "freq_sigma_hz": max(disagree, 1.0) * (a + b) ** -0.5,
    }
