"""Sensors that the last self-test left out: fixes do without them, and what they measured is still shown."""

from collections.abc import Mapping

from fusion.locate.evidence import Checked, Evidence, LeftOut

CLOCK = "clock"  # the one fault that spoils arrival times only


def without_distrusted(usable: Checked, left_out: Mapping[str, str]) -> Checked:
    """left_out : sensor → why (`fusion.self_test`). Why is told as locating.why.self_test_<why>."""
    if not left_out:
        return usable
    wrong = {sensor for sensor, why in left_out.items() if why != CLOCK}
    whole = usable.evidence
    kept = Evidence(
        tuple(s for s in whole.sightings if s.sensor not in wrong),
        tuple(d for d in whole.differences if d.sensor_a not in left_out and d.sensor_b not in left_out),
        tuple(b for b in whole.bearings if b.sensor not in wrong),
    )
    told: dict[tuple[str, str, str], int] = {}
    for kind, sensor, of in _dropped(whole, left_out, wrong):
        key = kind, sensor, f"self_test_{left_out[of]}"
        told[key] = told.get(key, 0) + 1
    return Checked(kept, (*usable.left_out, *(LeftOut(*key, times) for key, times in told.items())))


def _dropped(whole: Evidence, left_out: Mapping[str, str], wrong: set[str]) -> list[tuple[str, str, str]]:
    """(kind, as whom it is told, the sensor that is to blame)."""
    found = [("power", s.sensor, s.sensor) for s in whole.sightings if s.sensor in wrong]
    for d in whole.differences:
        blame = next((name for name in (d.sensor_a, d.sensor_b) if name in left_out), None)
        if blame is not None:
            found.append(("difference", f"{d.sensor_a}–{d.sensor_b}", blame))
    return found + [("bearing", b.sensor, b.sensor) for b in whole.bearings if b.sensor in wrong]
