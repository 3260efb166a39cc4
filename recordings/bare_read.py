"""Bare files: samples and nothing else. Rate, centre and format must be said; the ending may say the format."""

import math
from pathlib import Path

from recordings.errors import (
    BadCentreGiven,
    BadRateGiven,
    EmptyRecording,
    NeedCentre,
    NeedFormat,
    NeedRate,
    UnknownFormat,
)
from recordings.recording import Capture, Recording, RecordingWarning
from recordings.samples import READABLE, SampleFormat, format_named

# Endings that mean one thing wherever they are used. .iq, .raw, .bin and .dat do not.
ENDINGS = {
    ".cu8": "cu8",
    ".complex16u": "cu8",
    ".ci8": "ci8",
    ".cs8": "ci8",
    ".complex16s": "ci8",
    ".ci16": "ci16_le",
    ".cs16": "ci16_le",
    ".sc16": "ci16_le",
    ".cf32": "cf32_le",
    ".fc32": "cf32_le",
    ".c64": "cf32_le",
    ".cfile": "cf32_le",
}

LEAST_RATE_HZ, MOST_RATE_HZ = 1e3, 1e10


def read_bare(path: Path, *, rate_hz: float | None, centre_hz: float | None, sample_format: str | None) -> Recording:
    """Raises UnknownFormat, NeedFormat, NeedRate, BadRateGiven, NeedCentre, EmptyRecording."""
    stored_as = _format(path, sample_format)
    if rate_hz is None:
        raise NeedRate(file=str(path))
    if centre_hz is None:
        raise NeedCentre(file=str(path))
    use_rate(path, rate_hz)
    if not (math.isfinite(centre_hz) and centre_hz >= 0):
        raise BadCentreGiven(file=str(path), centre_hz=centre_hz)
    samples, stray = divmod(path.stat().st_size, stored_as.bytes_per_sample)
    if samples == 0:
        raise EmptyRecording(file=str(path))
    capture = Capture(index=0, centre_hz=centre_hz, rate_hz=rate_hz, samples=samples)
    warnings = (RecordingWarning("stray_bytes", {"count": stray}),) if stray else ()
    return Recording(path=path, stored_as=stored_as, captures=(capture,), warnings=warnings)


def use_rate(path: Path, rate_hz: float) -> float:
    """A rate that a receiver can have; megahertz given as hertz are none. Raises BadRateGiven."""
    if not LEAST_RATE_HZ <= rate_hz <= MOST_RATE_HZ:  # NaN is refused too
        raise BadRateGiven(file=str(path), rate_hz=rate_hz)
    return rate_hz


def _format(path: Path, given: str | None) -> SampleFormat:
    name = given if given is not None else ENDINGS.get(path.suffix.lower())
    if name is None:
        raise NeedFormat(file=str(path), readable=READABLE)
    stored_as = format_named(name)
    if stored_as is None:
        raise UnknownFormat(file=str(path), given=name, readable=READABLE)
    return stored_as
