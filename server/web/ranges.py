"""Part of a file where a browser asks for it: a player cannot seek, or tell the length, otherwise. RFC 9110 §14."""

import re

from fastapi import Response

_ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def content_or_part(content: bytes, media_type: str, asked: str | None) -> Response:
    """200 with all of it; 206 with the one range asked for; 416 where that is not inside."""
    headers = {"Accept-Ranges": "bytes"}
    match = None if asked is None else _ONE_RANGE.fullmatch(asked.strip())
    if match is None or match.groups() == ("", ""):
        return Response(content, media_type=media_type, headers=headers)
    first, last = _bounds(match[1], match[2], len(content))
    if first > last:
        return Response(status_code=416, headers=headers | {"Content-Range": f"bytes */{len(content)}"})
    headers["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
    return Response(content[first : last + 1], status_code=206, media_type=media_type, headers=headers)


def _bounds(begin: str, end: str, size: int) -> tuple[int, int]:
    """First and last octet; without a beginning, the last so many."""
    if not begin:
        return max(0, size - int(end)), size - 1 if int(end) else -1
    return int(begin), min(int(end), size - 1) if end else size - 1
