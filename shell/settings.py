"""Settings from TOML, strictly: an unknown key is refused with the nearest one that exists."""

import difflib
import tomllib
import types
from pathlib import Path
from typing import Any, TypeVar, Union, get_args, get_origin

import msgspec

T = TypeVar("T")


class SettingsError(Exception):
    """A settings file that cannot be used."""


class UnreadableSettings(SettingsError):
    def __init__(self, *, file: str, reason: str) -> None:
        super().__init__(f"{file}: {reason}")
        self.file, self.reason = file, reason


class UnknownKey(SettingsError):
    def __init__(self, *, file: str, key: str, nearest: str | None, valid: tuple[str, ...]) -> None:
        hint = f"did you mean {nearest!r}?" if nearest else f"known here: {', '.join(valid)}"
        super().__init__(f"{file}: unknown key {key!r}; {hint}")
        self.file, self.key, self.nearest, self.valid, self.hint = file, key, nearest, valid, hint


class BadValue(SettingsError):
    def __init__(self, *, file: str, reason: str) -> None:
        super().__init__(f"{file}: {reason}")
        self.file, self.reason = file, reason


def read_settings(path: Path, as_type: type[T]) -> T:
    """The file as a msgspec struct. Raises UnreadableSettings, UnknownKey, BadValue."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UnreadableSettings(file=str(path), reason="there is no such file; check the path") from None
    except UnicodeDecodeError as error:
        reason = f"is not UTF-8 text (byte {error.start}); save it as UTF-8"
        raise UnreadableSettings(file=str(path), reason=reason) from None
    except OSError as error:
        raise UnreadableSettings(file=str(path), reason=f"cannot be read: {error.strerror or error}") from None
    return parse_settings(text, as_type, file=str(path))


def parse_settings(text: str, as_type: type[T], *, file: str) -> T:
    """TOML text as a msgspec struct; `file` is named in refusals."""
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UnreadableSettings(file=file, reason=f"is not TOML: {error}") from None
    _refuse_unknown(tree, as_type, file=file, path="")
    try:
        return msgspec.convert(tree, as_type)
    except msgspec.ValidationError as error:
        raise BadValue(file=file, reason=str(error)) from None


def _refuse_unknown(tree: Any, as_type: Any, *, file: str, path: str) -> None:
    """Walk tables and arrays of tables beside their types."""
    if isinstance(tree, list):
        inner = _element_type(as_type)
        for index, item in enumerate(tree):
            _refuse_unknown(item, inner, file=file, path=f"{path}[{index}]")
        return
    struct = _struct_type(as_type, tree) if isinstance(tree, dict) else None
    if struct is None:
        return
    fields = {field.encode_name: field.type for field in msgspec.structs.fields(struct)}
    tag_field = struct.__struct_config__.tag_field
    for key, value in tree.items():
        where = f"{path}.{key}" if path else key
        if key in fields:
            _refuse_unknown(value, fields[key], file=file, path=where)
        elif key != tag_field:
            near = difflib.get_close_matches(key, fields, n=1, cutoff=0.5)
            raise UnknownKey(file=file, key=where, nearest=near[0] if near else None, valid=tuple(fields))


def _element_type(as_type: Any) -> Any:
    arguments = [a for a in get_args(as_type) if a is not Ellipsis]
    return arguments[0] if get_origin(as_type) in (list, tuple) and arguments else Any


def _struct_type(as_type: Any, tree: dict[str, Any]) -> Any:
    """The struct a table is meant to be; of a tagged union, the one its tag names."""
    choices = get_args(as_type) if get_origin(as_type) in (Union, types.UnionType) else (as_type,)
    structs = [c for c in choices if isinstance(c, type) and issubclass(c, msgspec.Struct)]
    if len(structs) == 1:
        return structs[0]
    for struct in structs:
        config = struct.__struct_config__
        if config.tag_field and tree.get(config.tag_field) == config.tag:
            return struct
    return None
