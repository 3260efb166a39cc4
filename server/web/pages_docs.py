"""The API described for people: a page of our own of what /openapi.json says; no inline script, no internet."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse

from server.roles import ROUTES
from server.web.render import render
from server.web.site import SiteOf

router = APIRouter(include_in_schema=False)


@router.get("/openapi.json")
def schema(request: Request) -> JSONResponse:
    return JSONResponse(request.app.openapi())


@router.get("/docs")
def docs_page(request: Request, site: SiteOf) -> HTMLResponse:
    whole = request.app.openapi()
    operations = [
        _operation(whole, path, method, found)
        for path, item in whole["paths"].items()
        for method, found in item.items()
    ]
    schemas = {name: _fields(whole, found) for name, found in whole["components"]["schemas"].items()}
    return render(request, site, "docs.html", {"operations": operations, "schemas": schemas, "info": whole["info"]})


def _operation(whole: dict[str, Any], path: str, method: str, found: dict[str, Any]) -> dict[str, Any]:
    role = ROUTES.get((method.upper(), path))
    body = found.get("requestBody", {}).get("content", {})
    return {
        "method": method.upper(),
        "path": path,
        "summary": found.get("summary", ""),
        "description": found.get("description", ""),
        "role": role.text if role is not None else None,
        "parameters": [
            {"name": p["name"], "where": p["in"], "kind": kind_of(p["schema"]), "needed": p.get("required", False)}
            for p in found.get("parameters", ())
        ],
        "takes": [kind_of(content.get("schema", {})) for content in body.values()],
        "answers": [
            {"status": status, "text": answer.get("description", ""), "kinds": _kinds(answer)}
            for status, answer in found["responses"].items()
        ],
    }


def _kinds(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [(media, kind_of(content.get("schema", {}))) for media, content in answer.get("content", {}).items()]


def _fields(whole: dict[str, Any], found: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(name, kind_of(field), field.get("description", "")) for name, field in found.get("properties", {}).items()]


def kind_of(schema: dict[str, Any]) -> str:
    """A JSON schema in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " | ".join(kind_of(choice) for choice in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(f'"{choice}"' for choice in schema["enum"])
    if schema.get("type") == "array":
        inner = schema.get("items") or {}
        return (
            f"[{', '.join(map(kind_of, schema['prefixItems'])) if 'prefixItems' in schema else kind_of(inner) + ' …'}]"
        )
    if "additionalProperties" in schema and schema["additionalProperties"] is not True:
        return f"{{text: {kind_of(schema['additionalProperties'] or {})}}}"
    return " ".join(filter(None, (str(schema.get("type", "")), _bounds(schema)))) or "any"


def _bounds(schema: dict[str, Any]) -> str:
    signs = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<", "maxLength": "length ≤"}
    return ", ".join(f"{sign} {schema[name]:g}" for name, sign in signs.items() if name in schema)
