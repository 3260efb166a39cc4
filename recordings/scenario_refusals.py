"""Why a scenario was refused: one class a reason, naming the file, what in it, and what to do."""

from recordings.scenario import ScenarioError
from shell.settings import SettingsError


class UnknownScenario(SettingsError):
    def __init__(self, *, name: str, nearest: str | None, valid: tuple[str, ...]) -> None:
        known = ", ".join(valid)
        hint = f"did you mean {nearest!r}?" if nearest else f"there are {known}"
        super().__init__(f"no scenario {name!r}, and no such file; {hint}")
        self.name, self.nearest, self.known, self.hint = name, nearest, known, hint


class OverlappingLooks(ScenarioError):
    def __init__(self, *, file: str, first_s: float, second_s: float) -> None:
        super().__init__(
            file=file,
            message=f"the look at {second_s:g} s begins before the one at {first_s:g} s has ended; move one of them",
        )
        self.first_s, self.second_s = first_s, second_s


class NoLooks(ScenarioError):
    def __init__(self, *, file: str, duration_s: float) -> None:
        super().__init__(
            file=file, message=f"no look fits into {duration_s:g} s; lengthen duration_s or shorten a look"
        )
        self.duration_s = duration_s


class ImpossibleRate(ScenarioError):
    def __init__(self, *, file: str, rate_hz: float, allowed: str) -> None:
        super().__init__(file=file, message=f"no dongle samples at {rate_hz:g} Hz; it can do {allowed}")
        self.rate_hz, self.allowed = rate_hz, allowed


class NumberOutOfRange(ScenarioError):
    def __init__(self, *, file: str, what: str, value: float, allowed: str) -> None:
        super().__init__(file=file, message=f"{what} is {value:g}; allowed is {allowed}")
        self.what, self.value, self.allowed = what, value, allowed


class SameName(ScenarioError):
    def __init__(self, *, file: str, name: str) -> None:
        super().__init__(file=file, message=f"the name {name!r} stands twice; give each sensor and emitter its own")
        self.name = name


class BadSensorName(ScenarioError):
    def __init__(self, *, file: str, name: str) -> None:
        super().__init__(file=file, message=f"{name!r} cannot be a sensor's name; use letters, digits, '-' and '_'")
        self.name = name


class NoPlaceGiven(ScenarioError):
    def __init__(self, *, file: str, name: str) -> None:
        super().__init__(file=file, message=f"{name}: give it either a site or a route, and not both")
        self.name = name


class BadRoute(ScenarioError):
    def __init__(self, *, file: str, name: str, points: int) -> None:
        super().__init__(
            file=file,
            message=f"{name}: its route has {points} points; it needs two different ones or more,"
            " and either speed_m_s or lap_s",
        )
        self.name, self.points = name, points


class NoSensors(ScenarioError):
    def __init__(self, *, file: str) -> None:
        super().__init__(file=file, message="nobody listens; add a [[sensor]] that has a [sensor.gsm] or [sensor.fm]")


class BadBroadcast(ScenarioError):
    def __init__(self, *, file: str, name: str, reason: str) -> None:
        super().__init__(file=file, message=f"{name} cannot broadcast this: {reason}")
        self.name, self.reason = name, reason
