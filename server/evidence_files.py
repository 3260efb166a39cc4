"""What a piece of evidence consists of, with the SHA-256 of each file in a manifest, and the test that they still hold.

The samples' hash is the sensor's own, announced before it sent them; the rest is made from them here. The manifest's
own hash stands in the audit log. File names are made of numbers, never of radio text.
"""

import hashlib
import io
import zipfile
from collections.abc import Mapping

import msgspec

from dsp.fm.values import FmStation

SUMS = "SHA256SUMS"  # as `sha256sum -c` reads it
MANIFEST = "manifest.json"


class EvidenceFile(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    what: str
    size_bytes: int
    sha256: str


class Place(msgspec.Struct, frozen=True, kw_only=True):
    lat_deg: float
    lon_deg: float
    sigma_m: float | None
    source: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """Unknown is null: not said by the sensor."""

    kind: str = "wavewarden FM evidence, version 1"
    evidence: int
    case: str
    emitter: str | None
    task: int
    asked_utc: str
    asked_by: str
    received_utc: str
    made_utc: str
    software: str
    sensor: str
    sensor_key: str  # its public key on the link, Z85
    sensor_software: str | None
    carrier_hz: float
    centre_hz: float
    rate_hz: float
    sample_format: str
    seconds: float
    time_utc: str | None  # of the first sample, by the sensor's clock
    time_source: str | None
    time_sigma_ns: int | None
    place: Place | None
    gain_db: float | None
    deemphasis_us: float
    deviation_at_full_scale_hz: float
    channel_half_hz: float
    report: tuple[str, int] | None  # (boot, seq) of the sensor's report that place and clock are from
    station: FmStation | None  # as the sensor measured it last
    files: tuple[EvidenceFile, ...]


def file_of(name: str, what: str, content: bytes) -> EvidenceFile:
    return EvidenceFile(name=name, what=what, size_bytes=len(content), sha256=hashlib.sha256(content).hexdigest())


def encode_manifest(manifest: Manifest) -> bytes:
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"


def decode_manifest(text: str) -> Manifest:
    """Raises msgspec.MsgspecError."""
    return msgspec.json.decode(text, type=Manifest)


def broken(manifest: Manifest, contents: Mapping[str, bytes]) -> tuple[str, ...]:
    """Names of files that are missing, or are not what was hashed."""
    return tuple(
        file.name
        for file in manifest.files
        if file.name not in contents or hashlib.sha256(contents[file.name]).hexdigest() != file.sha256
    )


def packed(manifest_text: str, contents: Mapping[str, bytes]) -> bytes:
    """One zip with every file, the manifest, and the sums of all of them. Sound and samples do not get smaller."""
    everything = {**contents, MANIFEST: manifest_text.encode()}
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in everything.items())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in {**everything, SUMS: sums.encode()}.items():
            archive.writestr(name, content)
    return out.getvalue()
