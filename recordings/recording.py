"""An opened recording: what is in it, and the samples on request."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dsp.iq import IqBlock
from recordings.errors import NotFiniteSamples, UnreadableRecording
from recordings.samples import Raw, SampleFormat, clipped, components, integers


@dataclass(frozen=True, slots=True)
class RecordingWarning:
    """Something about a recording that a person should know although it can be read.

    The words live in the catalogue under recording.warning.<name>, which take `values`.
    """

    name: str
    values: dict[str, int | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Capture:
    """A run of consecutive samples at one centre frequency, rate and gain.

    time_utc_ns : of its first sample; None when the recording does not say
    position : (lat_deg, lon_deg, sigma_m or None) of the antenna
    dbm_at_full_scale : antenna power in dBm is level_dbfs − gain_db + this; None: not calibrated
    first_sample : running count of the receiver at its start
    counted : the recording says that count itself; else it is only that of the samples in the file
    first_byte : where it starts in the file
    """

    index: int
    centre_hz: float
    rate_hz: float
    samples: int
    time_utc_ns: int | None = None
    gain_db: float | None = None
    position: tuple[float, float, float | None] | None = None
    time_sigma_ns: int | None = None
    dbm_at_full_scale: float | None = None
    first_sample: int = 0
    counted: bool = False
    lost_samples: int = 0
    first_byte: int = 0

    @property
    def seconds(self) -> float:
        return self.samples / self.rate_hz

    def time_of(self, sample: int) -> int | None:
        if self.time_utc_ns is None:
            return None
        return self.time_utc_ns + round(sample * 1e9 / self.rate_hz)


@dataclass(frozen=True, slots=True)
class Recording:
    """IQ samples in a file. Blocks are read when asked for; nothing is kept open."""

    path: Path
    stored_as: SampleFormat
    captures: tuple[Capture, ...]
    warnings: tuple[RecordingWarning, ...] = ()

    @property
    def seconds(self) -> float:
        return sum(capture.seconds for capture in self.captures)

    def read(self, capture: Capture, first: int, count: int) -> IqBlock:
        """Samples first..first+count of a capture, fewer at its end. Raises NotFiniteSamples, UnreadableRecording."""
        count = max(0, min(count, capture.samples - first))
        offset = capture.first_byte + first * self.stored_as.bytes_per_sample
        numbers = read_numbers(self.path, self.stored_as, offset=offset, samples=count)
        samples = components(numbers, self.stored_as).view(np.complex64)
        if self.stored_as.rails is None:
            refuse_not_finite(self.path, samples, first=first)
        return IqBlock(
            samples=samples,
            rate_hz=capture.rate_hz,
            centre_hz=capture.centre_hz,
            first_sample=capture.first_sample + first,
            time_utc_ns=capture.time_of(first),
            time_sigma_ns=capture.time_sigma_ns,
            gain_db=capture.gain_db,
            lost_samples=capture.lost_samples if first == 0 else 0,
            clipped_samples=clipped(numbers, self.stored_as),
        )

    def warned(self, *more: RecordingWarning) -> "Recording":
        return replace(self, warnings=(*self.warnings, *more))


@dataclass(frozen=True, slots=True)
class Multiplex:
    """A real signal that is fast enough to be an FM multiplex after the discriminator; its scale is unknown."""

    path: Path
    stored_as: SampleFormat
    rate_hz: float
    count: int
    first_byte: int
    warnings: tuple[RecordingWarning, ...] = ()

    @property
    def seconds(self) -> float:
        return self.count / self.rate_hz

    @property
    def samples(self) -> NDArray[np.float32]:
        return self.read(0, self.count)

    def read(self, first: int, count: int) -> NDArray[np.float32]:
        """(≤ count,) float32. Raises NotFiniteSamples, UnreadableRecording."""
        count = max(0, min(count, self.count - first))
        offset = self.first_byte + first * self.stored_as.bytes_per_sample
        values = components(read_numbers(self.path, self.stored_as, offset=offset, samples=count), self.stored_as)
        refuse_not_finite(self.path, values, first=first)
        return values


def read_numbers(path: Path, stored_as: SampleFormat, *, offset: int, samples: int) -> Raw:
    """Read, not mapped: a file that shrinks meanwhile is then an error and not a dead process."""
    try:
        with path.open("rb") as file:
            file.seek(offset)
            raw = np.fromfile(file, dtype=stored_as.stored, count=samples * stored_as.components)
    except OSError as error:
        raise UnreadableRecording(file=str(path), reason=error.strerror or str(error)) from error
    if len(raw) < samples * stored_as.components:
        raise UnreadableRecording(file=str(path), reason="it has become shorter since it was opened")
    return integers(raw)


def refuse_not_finite(path: Path, samples: NDArray[np.generic], *, first: int) -> None:
    bad = ~np.isfinite(samples)
    if bad.any():
        raise NotFiniteSamples(file=str(path), count=int(np.count_nonzero(bad)), first=first + int(np.argmax(bad)))
