"""The number of a row just made."""

from sqlalchemy import CursorResult


def new_id(result: CursorResult[tuple[()]]) -> int:
    key = result.inserted_primary_key
    assert key is not None
    return int(key[0])
