"""Bearings that a person took back: kept and told, and of no weight any more."""

import msgspec

from fusion.values import BearingSighting, Emitter, FiledReport
from wire.person import PERSON

MOST_WITHDRAWN = 60
Name = tuple[str, str, int]


def take_back(emitters: dict[str, Emitter], filed: FiledReport) -> tuple[str, ...]:
    """The ids of those that lost a bearing by this report; what was believed of their place goes with it."""
    asked = _asked(filed)
    if not asked:
        return ()
    lost = tuple(key for key, emitter in emitters.items() if any(_is_of(b, asked) for b in emitter.bearings))
    for key in lost:
        emitters[key] = _without(emitters[key], asked)
    return lost


def _asked(filed: FiledReport) -> frozenset[Name]:
    """A sensor takes back its own words only. Whether a person may those of others the server asked before filing."""
    named = ((w.sensor or filed.sensor, w.boot, w.seq) for w in filed.report.withdrawn)
    everyones = filed.sensor.startswith(PERSON)  # no sensor is enrolled under such a name
    return frozenset(name for name in named if everyones or name[0] == filed.sensor)


def _is_of(bearing: BearingSighting, asked: frozenset[Name]) -> bool:
    """What an instrument measured is not taken back: it is weighed."""
    return bearing.source == "person" and (bearing.sensor, bearing.boot, bearing.seq) in asked


def _without(emitter: Emitter, asked: frozenset[Name]) -> Emitter:
    gone = tuple(b for b in emitter.bearings if _is_of(b, asked))
    return msgspec.structs.replace(
        emitter,
        bearings=tuple(b for b in emitter.bearings if not _is_of(b, asked)),
        withdrawn=(*emitter.withdrawn, *gone)[-MOST_WITHDRAWN:],
        fix=None,
        cloud=None,
    )
