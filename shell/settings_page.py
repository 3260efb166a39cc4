"""A settings type as a commented TOML file, from the comments that stand beside its fields."""

import inspect
import json
import re
from typing import Any, get_args

import msgspec

COMMENT = re.compile(r"^    (\w+):.*?  # (.*)$")


def as_toml(as_type: type[msgspec.Struct], *, section: str = "") -> str:
    """Every key with its default; keys without one are commented out, tables follow their keys."""
    lines, tables = ([f"[{section}]"] if section else []), []
    comments = _comments(as_type)
    for field in msgspec.structs.fields(as_type):
        inner = _struct(field.type)
        name = f"{section}.{field.name}" if section else field.name
        if inner is not None:
            tables.append(_table(inner, name, field))
            continue
        if comments.get(field.name):
            lines.append(f"# {comments[field.name]}")
        lines.append(_line(field))
    return "\n".join([*lines, "", *tables])


def _comments(as_type: type[msgspec.Struct]) -> dict[str, str]:
    found = (COMMENT.match(line) for line in inspect.getsource(as_type).splitlines())
    return {match[1]: match[2] for match in found if match}


def _struct(annotation: Any) -> type[msgspec.Struct] | None:
    for candidate in (annotation, *get_args(annotation)):
        if isinstance(candidate, type) and issubclass(candidate, msgspec.Struct):
            return candidate
    return None


def _table(inner: type[msgspec.Struct], name: str, field: msgspec.structs.FieldInfo) -> str:
    """A table that may be left out is commented out; one that may stand several times gets double brackets."""
    text = as_toml(inner, section=name)
    if field.default == ():
        text = text.replace(f"[{name}]", f"[[{name}]]", 1)
    if field.default not in ((), None):
        return text
    return "\n".join(line if line.startswith("#") or not line else f"# {line}" for line in text.splitlines()) + "\n"


def _line(field: msgspec.structs.FieldInfo) -> str:
    if field.required or field.default in (None, msgspec.NODEFAULT):
        needed = "needed" if field.required else "not set"
        return f"# {field.name} =   # {needed}"
    return f"{field.name} = {_value(field.default)}"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (tuple, list)):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
