"""Tables that ship with the program: weights of evidence, band plans. Read here, handed to the cores as values."""

from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeVar

from shell.settings import SettingsError, parse_settings, read_settings

T = TypeVar("T")
SUFFIX = ".toml"


class UnknownData(SettingsError):
    """There is no table of that name; `known` are those that there are."""

    def __init__(self, *, kind: str, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"{kind}: there is no {name!r}; there are {', '.join(known)}, or give the path of a TOML file")
        self.kind, self.name, self.known = kind, name, ", ".join(known)


def read_data(name: str, as_type: type[T]) -> T:
    """A table of this program, e.g. "weights.toml". Raises SettingsError."""
    return parse_settings(_folder().joinpath(name).read_text(encoding="utf-8"), as_type, file=name)


def data_names(folder: str) -> tuple[str, ...]:
    """What can be chosen by name in a folder of tables, e.g. "plans"."""
    names = (file.name for file in _folder().joinpath(folder).iterdir())
    return tuple(sorted(name.removesuffix(SUFFIX) for name in names if name.endswith(SUFFIX)))


def read_chosen(folder: str, choice: str, as_type: type[T]) -> T:
    """A table chosen by its name, or by the path of a file of one's own. Raises SettingsError, UnknownData."""
    if choice in data_names(folder):
        return read_data(f"{folder}/{choice}{SUFFIX}", as_type)
    if not choice.endswith(SUFFIX):
        raise UnknownData(kind=folder, name=choice, known=data_names(folder))
    return read_settings(Path(choice), as_type)


def _folder() -> Traversable:
    return resources.files("shell").joinpath("data")
