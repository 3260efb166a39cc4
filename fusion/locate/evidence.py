"""All that speaks of one emitter's place, and what of it was left out before anything was computed."""

from dataclasses import dataclass, field

from fusion.values import ArrivalDifference, BearingSighting, Emitter, Sighting


@dataclass(frozen=True, slots=True)
class Evidence:
    sightings: tuple[Sighting, ...] = ()
    differences: tuple[ArrivalDifference, ...] = ()
    bearings: tuple[BearingSighting, ...] = ()

    @classmethod
    def of(cls, emitter: Emitter) -> "Evidence":
        return cls(emitter.sightings, emitter.differences, emitter.bearings)

    def since(self, time_utc_ns: int) -> "Evidence":
        return Evidence(
            tuple(s for s in self.sightings if s.time_utc_ns >= time_utc_ns),
            tuple(d for d in self.differences if d.time_utc_ns >= time_utc_ns),
            tuple(b for b in self.bearings if b.time_utc_ns >= time_utc_ns),
        )

    def until(self, time_utc_ns: int) -> "Evidence":
        return Evidence(
            tuple(s for s in self.sightings if s.time_utc_ns <= time_utc_ns),
            tuple(d for d in self.differences if d.time_utc_ns <= time_utc_ns),
            tuple(b for b in self.bearings if b.time_utc_ns <= time_utc_ns),
        )

    @property
    def newest_utc_ns(self) -> int:
        times = [s.time_utc_ns for s in self.sightings] + [d.time_utc_ns for d in self.differences]
        return max(times + [b.time_utc_ns for b in self.bearings], default=0)

    @property
    def empty(self) -> bool:
        return not (self.sightings or self.differences or self.bearings)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One measurement that was not used. why : catalogue key locating.why.<why>"""

    kind: str  # "power", "difference", "bearing"
    sensor: str  # of a difference: "a–b"
    why: str
    times: int = 1


@dataclass(frozen=True, slots=True)
class Checked:
    """Evidence that can be used, and what cannot."""

    evidence: Evidence
    left_out: tuple[LeftOut, ...] = field(default=())
