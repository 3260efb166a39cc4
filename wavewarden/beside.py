"""Paths in a settings file are meant from where the file is, wherever the command is given."""

from pathlib import Path
from typing import TypeVar

import msgspec

T = TypeVar("T", bound=msgspec.Struct)
# fields of settings that hold a path
PATHS = frozenset({"data", "licences", "cells", "mbtiles", "outbox", "key", "file", "weights", "roads"})
CHOICES = frozenset({"band_plan"})  # the name of a table of ours, or the path of one's own TOML file


def beside(config: Path, settings: T) -> T:
    """The same settings with every relative path taken from the folder of their file."""
    changed: dict[str, object] = {}
    for field in msgspec.structs.fields(type(settings)):
        held = getattr(settings, field.name)
        if isinstance(held, msgspec.Struct):
            changed[field.name] = beside(config, held)
        elif isinstance(held, str) and held and _is_path(field.name, held):
            changed[field.name] = str(config.parent / held)
    return msgspec.structs.replace(settings, **changed)


def _is_path(name: str, held: str) -> bool:
    return name in PATHS or (name in CHOICES and held.endswith(".toml"))
