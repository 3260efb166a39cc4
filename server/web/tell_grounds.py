"""What each measurement says against a fix, and the planner's advice, in one language."""

from fusion.locate.residuals import Residual
from fusion.planner import Advice, Next
from fusion.values import Emitter
from server.people import PREFIX
from server.web import models, phrases
from shell import words

MOST_BEARINGS = 40


def residual_out(each: Residual, language: str) -> models.ResidualOut:
    return models.ResidualOut(
        kind=each.kind,
        kind_text=phrases.or_name(f"web.measure.{each.kind}", each.kind, language),
        sensor=each.sensor,
        who=who(each.sensor, language),
        lat_deg=each.lat_deg,
        lon_deg=each.lon_deg,
        azimuth_deg=each.value if each.kind == "bearing" else None,
        looks=each.looks,
        value=each.value,
        residual=each.residual,
        sigma=each.sigma,
        unit=each.unit,
        shown=_measured(each),
        shown_residual=_off(each),
        weight=each.weight,
        set_aside=each.set_aside,
        why=each.why,
        why_text="" if each.why is None else phrases.or_name(f"locating.why.{each.why}", each.why, language),
    )


def person_bearings(emitter: Emitter, language: str) -> list[models.PersonBearing]:
    """The newest first, no more than a page is read."""
    typed = [(b, False) for b in emitter.bearings if b.source == "person"] + [(b, True) for b in emitter.withdrawn]
    newest = sorted(typed, key=lambda each: -each[0].time_utc_ns)[:MOST_BEARINGS]
    return [
        models.PersonBearing(
            sensor=b.sensor,
            who=who(b.sensor, language),
            boot=b.boot,
            seq=b.seq,
            time=phrases.iso(b.time_utc_ns),
            lat_deg=b.lat_deg,
            lon_deg=b.lon_deg,
            azimuth_deg=b.azimuth_deg,
            sigma_deg=b.sigma_deg,
            withdrawn=withdrawn,
        )
        for b, withdrawn in newest
    ]


def who(sensor: str, language: str) -> str:
    """A person by number: whose it is only the accounts say."""
    if not sensor.startswith(PREFIX):
        return sensor
    return words.say("web.person", language, number=sensor.removeprefix(PREFIX))


def _measured(each: Residual) -> str:
    if each.value is None:
        return phrases.UNKNOWN
    if each.unit == "s":
        return f"{each.value * 1e6:+.3f} µs"
    return f"{each.value:.1f} dBm" if each.unit == "dB" else f"{each.value:.0f}°"


def _off(each: Residual) -> str:
    """How far off, and how far that may be."""
    if each.residual is None or each.sigma is None:
        return phrases.UNKNOWN
    if each.unit == "s":
        return f"{each.residual * 1e6:+.3f} ± {each.sigma * 1e6:.3f} µs"
    unit = " dB" if each.unit == "dB" else "°"
    return f"{each.residual:+.1f} ± {each.sigma:.1f}{unit}"


def plan_out(said: Advice, seeker: str, language: str) -> models.PlanOut:
    return models.PlanOut(
        seeker=seeker,
        what=said.what.value,
        text=_sentence(said, language),
        lat_deg=said.lat_deg,
        lon_deg=said.lon_deg,
        metres=said.metres,
        area_km2=said.area_km2,
        expected_area_km2=said.expected_area_km2,
    )


def _sentence(said: Advice, language: str) -> str:
    if said.what is not Next.GO or said.metres is None or said.expected_area_km2 is None:
        return words.say(f"web.plan.{said.what.value}", language, radius=f"{said.radius_m:.0f}")
    return words.say(
        "web.plan.go",
        language,
        lat=f"{said.lat_deg:.5f}",
        lon=f"{said.lon_deg:.5f}",
        km=f"{said.metres / 1000:.1f}",
        now=_km2(said.area_km2),
        then=_km2(said.expected_area_km2),
    )


def _km2(area: float) -> str:
    return f"{area:.2f}" if area >= 0.1 else f"{area:.3f}"
