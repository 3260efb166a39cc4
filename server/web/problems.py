"""The refusals every route of the API can answer with, for the OpenAPI page."""

from typing import Any

from server.web.models import Problem

PROBLEMS: dict[int | str, dict[str, Any]] = {
    401: {"model": Problem, "description": "not logged in"},
    403: {
        "model": Problem,
        "description": "role too low, token missing, foreign page, or a password to be changed first",
    },
    422: {"model": Problem, "description": "a value is missing, of the wrong kind or out of range"},
}
NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {"model": Problem, "description": "there is none with this id"}}
