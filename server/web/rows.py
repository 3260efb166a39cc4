"""Numbers of rows: of one just made, and as a visitor may type them."""

from typing import Annotated

from pydantic import Field
from sqlalchemy import CursorResult

RowNumber = Annotated[int, Field(ge=1, lt=1 << 63)]  # what the database can hold


def new_id(result: CursorResult[tuple[()]]) -> int:
    key = result.inserted_primary_key
    assert key is not None
    return int(key[0])
