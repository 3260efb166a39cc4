"""The list of cases as CSV that Excel reads: UTF-8 with a mark, and no cell that it could take for a formula."""

import csv
import io
from collections.abc import Sequence

from server.web.models import CaseOut
from shell.words import clean, say

COLUMNS = (
    "id",
    "level_text",
    "kind_text",
    "title",
    "freq_hz",
    "score_db",
    "opened",
    "changed",
    "closed",
    "last_seen",
    "lat_deg",
    "lon_deg",
    "area_km2",
    "sensors",
)
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def cases_csv(cases: Sequence[CaseOut], language: str) -> str:
    out = io.StringIO()
    rows = csv.writer(out, quoting=csv.QUOTE_MINIMAL)
    rows.writerow([say(f"web.csv.{column}", language) for column in COLUMNS])
    rows.writerows([[cell(getattr(case, column)) for column in COLUMNS] for case in cases])
    return out.getvalue()


def cell(value: object) -> str:
    """A number stays one, unknown is empty; a text that begins like a formula gets a quote before it."""
    if value is None:
        return ""
    if isinstance(value, int | float):
        return repr(value)
    raw = ", ".join(value) if isinstance(value, list) else str(value)
    text = clean(raw)
    return f"'{text}" if raw.startswith(FORMULA) or text.startswith(FORMULA) else text
