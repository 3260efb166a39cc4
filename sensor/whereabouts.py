"""Where the sensor is: surveyed, by satellite, or as the recording says. Without any of these: nowhere known."""

from collections.abc import Callable

from hardware.radio import Place, Radio, Recorded
from sensor.settings import SurveyedPosition
from wire.report import Position, PositionSource

UNSTATED_SIGMA_M = 100.0  # of a place whose source does not say how sure it is

Whereabouts = Callable[[Radio | None], Position | None]


def surveyed(settings: SurveyedPosition) -> Whereabouts:
    position = Position(
        lat_deg=settings.lat_deg,
        lon_deg=settings.lon_deg,
        sigma_m=settings.sigma_m,
        height_m=settings.height_m,
        source=PositionSource.SURVEYED,
    )
    return lambda radio: position


def by_satellite(fix: Callable[[], Place | None]) -> Whereabouts:
    return lambda radio: position_at(fix(), PositionSource.GNSS)


def as_recorded(radio: Radio | None) -> Position | None:
    """Of the last look of a replay; a receiver does not know where it is."""
    return position_at(radio.place(), PositionSource.RECORDING) if isinstance(radio, Recorded) else None


def position_at(place: Place | None, source: PositionSource) -> Position | None:
    if place is None:
        return None
    sigma_m = UNSTATED_SIGMA_M if place.sigma_m is None else place.sigma_m
    return Position(
        lat_deg=place.lat_deg, lon_deg=place.lon_deg, sigma_m=sigma_m, height_m=place.height_m, source=source
    )
