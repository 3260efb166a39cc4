"""What we read of SigMF metadata (SigMF 1.2): every other key is passed over."""

from pathlib import Path

import msgspec

from recordings.errors import BadMetadata, UnreadableRecording


class Point(msgspec.Struct, frozen=True):
    coordinates: tuple[float, ...]  # GeoJSON: longitude first


class GlobalPart(msgspec.Struct, frozen=True):
    datatype: str = msgspec.field(name="core:datatype")
    sample_rate: float | None = msgspec.field(name="core:sample_rate", default=None)
    num_channels: int = msgspec.field(name="core:num_channels", default=1)
    sha512: str | None = msgspec.field(name="core:sha512", default=None)
    dataset: str | None = msgspec.field(name="core:dataset", default=None)
    trailing_bytes: int = msgspec.field(name="core:trailing_bytes", default=0)
    offset: int = msgspec.field(name="core:offset", default=0)
    geolocation: Point | None = msgspec.field(name="core:geolocation", default=None)


class CapturePart(msgspec.Struct, frozen=True):
    sample_start: int = msgspec.field(name="core:sample_start")
    frequency: float | None = msgspec.field(name="core:frequency", default=None)
    datetime: str | None = msgspec.field(name="core:datetime", default=None)
    global_index: int | None = msgspec.field(name="core:global_index", default=None)
    header_bytes: int = msgspec.field(name="core:header_bytes", default=0)
    geolocation: Point | None = msgspec.field(name="core:geolocation", default=None)
    sample_rate: float | None = msgspec.field(name="wavewarden:sample_rate", default=None)
    gain_db: float | None = msgspec.field(name="wavewarden:gain_db", default=None)
    position_sigma_m: float | None = msgspec.field(name="wavewarden:position_sigma_m", default=None)
    time_sigma_ns: int | None = msgspec.field(name="wavewarden:time_sigma_ns", default=None)
    dbm_at_full_scale: float | None = msgspec.field(name="wavewarden:dbm_at_full_scale", default=None)


class AnnotationPart(msgspec.Struct, frozen=True):
    sample_start: int = msgspec.field(name="core:sample_start")
    sample_count: int = msgspec.field(name="core:sample_count", default=0)


class Metadata(msgspec.Struct, frozen=True):
    about: GlobalPart = msgspec.field(name="global")
    captures: tuple[CapturePart, ...] = ()
    annotations: tuple[AnnotationPart, ...] = ()


def read_metadata(path: Path) -> Metadata:
    """Raises BadMetadata, UnreadableRecording."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Metadata)
    except msgspec.MsgspecError as error:
        raise BadMetadata(file=str(path), reason=str(error)) from None
    except (OSError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableRecording(file=str(path), reason=str(error)) from error
