"""SigMF pairs: metadata in JSON beside the samples (SigMF 1.2, https://sigmf.org).

One file may hold several captures, each with its own centre, time and place; those of ours also carry
`wavewarden:sample_rate`, `wavewarden:gain_db`, `wavewarden:position_sigma_m`, `wavewarden:time_sigma_ns` and
`wavewarden:dbm_at_full_scale`.
"""

import hashlib
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from recordings.bare_read import use_rate
from recordings.errors import (
    BadMetadata,
    EmptyRecording,
    MetadataWithoutData,
    NeedCentre,
    NeedRate,
    NoMetadata,
    TruncatedRecording,
    UnknownFormat,
)
from recordings.recording import Capture, Recording, RecordingWarning
from recordings.samples import READABLE, SampleFormat, format_named
from recordings.sigmf_metadata import CapturePart, GlobalPart, Metadata, read_metadata
from recordings.sigmf_time import utc_ns

META, DATA = ".sigmf-meta", ".sigmf-data"


def is_sigmf(path: Path) -> bool:
    return path.suffix in (META, DATA)


def read_sigmf(path: Path, *, rate_hz: float | None, centre_hz: float | None) -> Recording:
    """Either half of the pair. What the metadata leaves out may be given; what it says stands."""
    meta_path = path.with_suffix(META)
    if not meta_path.exists():
        raise NoMetadata(file=str(path), metadata=meta_path.name)
    metadata = read_metadata(meta_path)
    stored_as = format_named(metadata.about.datatype)
    if stored_as is None or metadata.about.num_channels != 1:
        given = f"{metadata.about.datatype} × {metadata.about.num_channels}"
        raise UnknownFormat(file=str(meta_path), given=given.removesuffix(" × 1"), readable=READABLE)
    data_path = _data_path(meta_path, metadata.about)
    captures, warnings = _captures(meta_path, data_path, metadata, stored_as, rate_hz=rate_hz, centre_hz=centre_hz)
    recording = Recording(path=data_path, stored_as=stored_as, captures=captures, warnings=warnings)
    return recording.warned(*_checksum(data_path, metadata.about.sha512))


def _data_path(meta_path: Path, about: GlobalPart) -> Path:
    """`core:dataset` names another file in the same folder; a path in it is refused."""
    if about.dataset is None:
        data_path = meta_path.with_suffix(DATA)
    elif about.dataset and Path(about.dataset).name == about.dataset:
        data_path = meta_path.with_name(about.dataset)
    else:
        raise BadMetadata(file=str(meta_path), reason=f"core:dataset {about.dataset!r} is not a plain file name")
    if not data_path.is_file():
        raise MetadataWithoutData(file=str(meta_path), data=data_path.name)
    return data_path


def _captures(
    meta_path: Path,
    data_path: Path,
    metadata: Metadata,
    stored_as: SampleFormat,
    *,
    rate_hz: float | None,
    centre_hz: float | None,
) -> tuple[tuple[Capture, ...], tuple[RecordingWarning, ...]]:
    parts = metadata.captures or (CapturePart(sample_start=0),)
    _refuse_disorder(meta_path, metadata, parts)
    headers = sum(part.header_bytes for part in parts)
    held = max(0, data_path.stat().st_size - headers - metadata.about.trailing_bytes)
    have, stray = divmod(held, stored_as.bytes_per_sample)
    if have == 0:
        raise EmptyRecording(file=str(data_path))
    if have <= parts[0].sample_start:
        raise TruncatedRecording(file=str(data_path), have=have, need=parts[0].sample_start)
    captures: list[Capture] = []
    header_bytes = 0
    ends = [*(part.sample_start for part in parts[1:]), have]
    for part, end in zip(parts, ends, strict=True):
        header_bytes += part.header_bytes
        samples = min(end, have) - part.sample_start
        if samples <= 0:
            continue
        captures.append(
            Capture(
                index=len(captures),
                centre_hz=_centre(meta_path, part, centre_hz),
                rate_hz=_rate(meta_path, part, metadata.about, rate_hz),
                samples=samples,
                time_utc_ns=_time(meta_path, part),
                gain_db=part.gain_db,
                position=_position(meta_path, part, metadata.about),
                time_sigma_ns=part.time_sigma_ns,
                dbm_at_full_scale=part.dbm_at_full_scale,
                first_sample=_first_sample(part, metadata.about),
                counted=part.global_index is not None,
                first_byte=header_bytes + part.sample_start * stored_as.bytes_per_sample,
            )
        )
    return _with_losses(captures), _length_warnings(metadata, parts, have=have, stray=stray)


def _refuse_disorder(path: Path, metadata: Metadata, parts: tuple[CapturePart, ...]) -> None:
    starts = [part.sample_start for part in parts]
    if starts[0] < 0 or any(later < earlier for earlier, later in pairwise(starts)):
        raise BadMetadata(file=str(path), reason="captures are not in the order of their samples")
    lengths = [metadata.about.trailing_bytes, *(part.header_bytes for part in parts)]
    if min(lengths) < 0:
        raise BadMetadata(file=str(path), reason="a negative number of bytes")


def _centre(path: Path, part: CapturePart, given: float | None) -> float:
    centre = part.frequency if part.frequency is not None else given
    if centre is None:
        raise NeedCentre(file=str(path))
    return centre


def _rate(path: Path, part: CapturePart, about: GlobalPart, given: float | None) -> float:
    rates = (part.sample_rate, about.sample_rate, given)
    rate = next((rate for rate in rates if rate is not None), None)
    if rate is None:
        raise NeedRate(file=str(path))
    return use_rate(path, rate)


def _time(path: Path, part: CapturePart) -> int | None:
    try:
        return None if part.datetime is None else utc_ns(part.datetime)
    except ValueError:
        raise BadMetadata(file=str(path), reason=f"core:datetime {part.datetime!r} is not ISO 8601") from None


def _position(path: Path, part: CapturePart, about: GlobalPart) -> tuple[float, float, float | None] | None:
    point = part.geolocation or about.geolocation
    if point is None:
        return None
    lon_deg, lat_deg, *_ = (*point.coordinates, 999.0, 999.0)
    if not (abs(lat_deg) <= 90 and abs(lon_deg) <= 180):
        raise BadMetadata(file=str(path), reason="core:geolocation is not a longitude and a latitude")
    return lat_deg, lon_deg, part.position_sigma_m


def _first_sample(part: CapturePart, about: GlobalPart) -> int:
    return part.global_index if part.global_index is not None else about.offset + part.sample_start


def _with_losses(captures: list[Capture]) -> tuple[Capture, ...]:
    """A jump of the receiver's count while it stayed at one frequency and rate is samples lost."""
    held: list[Capture] = captures[:1]
    for earlier, later in pairwise(captures):
        same = (earlier.centre_hz, earlier.rate_hz) == (later.centre_hz, later.rate_hz)
        gap = later.first_sample - (earlier.first_sample + earlier.samples)
        held.append(replace(later, lost_samples=gap) if same and gap > 0 else later)
    return tuple(held)


def _length_warnings(
    metadata: Metadata, parts: tuple[CapturePart, ...], *, have: int, stray: int
) -> tuple[RecordingWarning, ...]:
    annotated = [note.sample_start + note.sample_count for note in metadata.annotations]
    need = max([*annotated, *(part.sample_start + 1 for part in parts)])
    warnings = [RecordingWarning("truncated", {"have": have, "need": need})] if need > have else []
    return (*warnings, *([RecordingWarning("stray_bytes", {"count": stray})] if stray else []))


def _checksum(path: Path, stated: str | None) -> tuple[RecordingWarning, ...]:
    if stated is None:
        return ()
    with path.open("rb") as file:
        differs = hashlib.file_digest(file, "sha512").hexdigest() != stated.lower()
    return (RecordingWarning("checksum", {"file": path.name}),) if differs else ()
