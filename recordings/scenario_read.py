"""Scenario files: those that come with the program by name, anyone's by path."""

import difflib
import tomllib
from importlib import resources
from pathlib import Path

import msgspec

from recordings.scenario import Scenario
from recordings.scenario_check import check
from recordings.scenario_emitters import Kind
from recordings.scenario_refusals import UnknownScenario
from shell.settings import parse_settings, read_settings

_SUFFIX = ".toml"


class Derived(msgspec.Struct, frozen=True, kw_only=True):
    """Another scenario with something left out or changed."""

    base: str  # the name of a scenario, or a path beside this file
    name: str
    keep: tuple[Kind, ...] | None = None  # only emitters of these kinds; None: all
    duration_s: float | None = None
    seed: int | None = None

    def applied_to(self, base: Scenario) -> Scenario:
        kept = {
            table: tuple(e for e in getattr(base, table) if self.keep is None or e.kind in self.keep)
            for table in ("gsm_cell", "fm_station", "interference")
        }
        duration_s = base.duration_s if self.duration_s is None else self.duration_s
        seed = base.seed if self.seed is None else self.seed
        return msgspec.structs.replace(base, name=self.name, duration_s=duration_s, seed=seed, **kept)


def scenario_names() -> tuple[str, ...]:
    """The scenarios that come with the program."""
    files = resources.files("recordings").joinpath("scenarios").iterdir()
    return tuple(sorted(file.name.removesuffix(_SUFFIX) for file in files if file.name.endswith(_SUFFIX)))


def open_scenario(name_or_path: str | Path) -> Scenario:
    """A scenario by its name or by its file. Raises SettingsError and its kin."""
    path = Path(name_or_path)
    if path.suffix == _SUFFIX or path.is_file():
        return _checked(read_text(path), file=str(path), beside=path.parent)
    if str(name_or_path) in scenario_names():
        file = resources.files("recordings").joinpath("scenarios", f"{name_or_path}{_SUFFIX}")
        return _checked(file.read_text(encoding="utf-8"), file=f"{name_or_path}{_SUFFIX}", beside=None)
    near = difflib.get_close_matches(str(name_or_path), scenario_names(), n=1, cutoff=0.5)
    raise UnknownScenario(name=str(name_or_path), nearest=near[0] if near else None, valid=scenario_names())


def read_text(path: Path) -> str:
    """The file's text, refused as settings files are."""
    read_settings(path, dict)
    return path.read_text(encoding="utf-8")


def _checked(text: str, *, file: str, beside: Path | None) -> Scenario:
    scenario = parse_scenario(text, file=file, beside=beside)
    check(scenario, file=file)
    return scenario


def parse_scenario(text: str, *, file: str, beside: Path | None = None) -> Scenario:
    """A scenario from TOML text, not yet checked; `base` of a derived one is looked for beside its file first."""
    if not _is_derived(text):
        return parse_settings(text, Scenario, file=file)
    derived = parse_settings(text, Derived, file=file)
    neighbour = beside / derived.base if beside is not None else None
    return derived.applied_to(open_scenario(neighbour if neighbour and neighbour.is_file() else derived.base))


def _is_derived(text: str) -> bool:
    try:
        return "base" in tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False  # parse_settings says where
