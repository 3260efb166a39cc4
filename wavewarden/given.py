"""What the options say of a file that cannot say it of itself."""

from typing import TypedDict


class Given(TypedDict):
    """Arguments of recordings.read.open_recording."""

    rate_hz: float | None
    centre_hz: float | None
    sample_format: str | None
