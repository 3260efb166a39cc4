"""Streets, as GeoJSON lines: where vehicles drive."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shell.settings import SettingsError

Floats = NDArray[np.float64]


class BadRoads(SettingsError):
    def __init__(self, *, file: str, reason: str) -> None:
        super().__init__(f"{file} holds no streets: {reason}; give GeoJSON with LineString features")
        self.file, self.reason = file, reason


def read_roads(file: Path) -> list[tuple[Floats, Floats]]:
    """(lat_deg, lon_deg) of every line. Raises BadRoads, OSError."""
    try:
        whole = json.loads(file.read_text(encoding="utf-8"))
        lines = [line for feature in whole["features"] for line in _lines(feature["geometry"])]
        read = [np.asarray(line, float)[:, 1::-1].T for line in lines]
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise BadRoads(file=file.name, reason=str(error) or type(error).__name__) from None
    if not read:
        raise BadRoads(file=file.name, reason="there is no line in it")
    return [(lat, lon) for lat, lon in read]


def _lines(geometry: Any) -> list[Any]:
    kind = geometry["type"] if geometry else None
    if kind == "LineString":
        return [geometry["coordinates"]]
    return list(geometry["coordinates"]) if kind == "MultiLineString" else []
