"""Why a recording was refused: one class a reason, each a sentence with what, where and what to do."""


class RecordingError(Exception):
    """A recording that cannot be read."""


class MissingRecording(RecordingError):
    def __init__(self, *, file: str) -> None:
        super().__init__(f"{file}: there is no such file")
        self.file = file


class UnreadableRecording(RecordingError):
    def __init__(self, *, file: str, reason: str) -> None:
        super().__init__(f"{file}: cannot be read: {reason}")
        self.file, self.reason = file, reason


class NotARecording(RecordingError):
    def __init__(self, message: str, *, file: str) -> None:
        super().__init__(f"{file}: {message}")
        self.file = file


class IsFolder(NotARecording):
    def __init__(self, *, file: str) -> None:
        super().__init__("is a folder; name a file in it", file=file)


class IsNoFile(NotARecording):
    def __init__(self, *, file: str) -> None:
        super().__init__("is a pipe or a device, not a file; save the samples into a file first", file=file)


class IsText(NotARecording):
    def __init__(self, *, file: str) -> None:
        super().__init__("is text, not samples; name the file that holds the samples", file=file)


class IsPacked(NotARecording):
    def __init__(self, *, file: str, kind: str) -> None:
        super().__init__(f"is a {kind} archive; unpack it and name the file in it", file=file)
        self.kind = kind


class EmptyRecording(RecordingError):
    def __init__(self, *, file: str) -> None:
        super().__init__(f"{file}: holds no samples; record again")
        self.file = file


class TruncatedRecording(RecordingError):
    def __init__(self, *, file: str, have: int, need: int) -> None:
        super().__init__(
            f"{file}: is cut off: {have} samples, and the first capture begins at sample {need}; copy it again"
        )
        self.file, self.have, self.need = file, have, need


class NoMetadata(RecordingError):
    def __init__(self, *, file: str, metadata: str) -> None:
        super().__init__(f"{file}: its metadata {metadata} is missing; put it beside the samples")
        self.file, self.metadata = file, metadata


class MetadataWithoutData(RecordingError):
    def __init__(self, *, file: str, data: str) -> None:
        super().__init__(f"{file}: its samples {data} are missing; put them beside the metadata")
        self.file, self.data = file, data


class BadMetadata(RecordingError):
    def __init__(self, *, file: str, reason: str) -> None:
        super().__init__(f"{file}: is not SigMF metadata as we can use it: {reason}")
        self.file, self.reason = file, reason


class NotIqWav(RecordingError):
    def __init__(self, message: str, *, file: str) -> None:
        super().__init__(f"{file}: {message}")
        self.file = file


class WavIsSound(NotIqWav):
    def __init__(self, *, file: str, channels: int, rate_hz: float, least_hz: float) -> None:
        super().__init__(
            f"is sound, not IQ ({channels} × {rate_hz:g} Hz); IQ has two channels at {least_hz:g} Hz or more",
            file=file,
        )
        self.channels, self.rate_hz, self.least_hz = channels, rate_hz, least_hz


class WavHasChannels(NotIqWav):
    def __init__(self, *, file: str, channels: int) -> None:
        super().__init__(f"has {channels} channels; IQ has two, a multiplex one", file=file)
        self.channels = channels


class WavIsCoded(NotIqWav):
    def __init__(self, *, file: str, tag: int, bits: int) -> None:
        super().__init__(
            f"its samples are coded (WAV format {tag:#06x}, {bits} bits); save it as PCM or float", file=file
        )
        self.tag, self.bits = tag, bits


class WavIsBroken(NotIqWav):
    def __init__(self, *, file: str, chunk: str) -> None:
        super().__init__(f"is not a whole WAV file: its {chunk!r} part is missing or cut; copy it again", file=file)
        self.chunk = chunk


class BadRateGiven(RecordingError):
    def __init__(self, *, file: str, rate_hz: float) -> None:
        super().__init__(f"{file}: a sample rate of {rate_hz:g} Hz cannot be; give in Hz the rate it was recorded with")
        self.file, self.rate_hz = file, rate_hz


class BadCentreGiven(RecordingError):
    def __init__(self, *, file: str, centre_hz: float) -> None:
        super().__init__(f"{file}: a centre frequency of {centre_hz:g} Hz cannot be; give the one it was recorded at")
        self.file, self.centre_hz = file, centre_hz


class UnknownFormat(RecordingError):
    def __init__(self, *, file: str, given: str, readable: str) -> None:
        super().__init__(f"{file}: sample format {given!r} is not known; known are {readable}")
        self.file, self.given, self.readable = file, given, readable


class NeedFormat(RecordingError):
    def __init__(self, *, file: str, readable: str) -> None:
        super().__init__(f"{file}: its name does not say how the samples are stored; give --format ({readable})")
        self.file, self.readable = file, readable


class NeedRate(RecordingError):
    def __init__(self, *, file: str) -> None:
        super().__init__(f"{file}: nothing says its sample rate; give --rate HZ")
        self.file = file


class NeedCentre(RecordingError):
    def __init__(self, *, file: str) -> None:
        super().__init__(f"{file}: nothing says its centre frequency; give --centre HZ (0 if nobody knows it)")
        self.file = file


class NotFiniteSamples(RecordingError):
    def __init__(self, *, file: str, count: int, first: int) -> None:
        super().__init__(f"{file}: {count} samples are NaN or infinite, the first is number {first}; they mean nothing")
        self.file, self.count, self.first = file, count, first
