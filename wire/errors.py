"""Why a message was refused: one root, one class a reason. `reason` is the name its counter carries."""

from typing import ClassVar


class WireError(Exception):
    """A message that is not taken, and why."""

    reason: ClassVar[str] = "refused"


class NotMessagePack(WireError):
    reason = "not_messagepack"

    def __init__(self, *, why: str) -> None:
        super().__init__(f"these bytes are no message: {why}")
        self.why = why


class NotJson(WireError):
    reason = "not_json"

    def __init__(self, *, why: str) -> None:
        super().__init__(f"this line is not JSON: {why}")
        self.why = why


class TrailingBytes(WireError):
    reason = "trailing_bytes"

    def __init__(self) -> None:
        super().__init__("bytes follow after the end of the message")


class Oversize(WireError):
    reason = "oversize"

    def __init__(self, *, size_bytes: int, limit_bytes: int) -> None:
        super().__init__(f"{size_bytes} bytes are more than the {limit_bytes} a message may have")
        self.size_bytes, self.limit_bytes = size_bytes, limit_bytes


class TooDeep(WireError):
    reason = "too_deep"

    def __init__(self) -> None:
        super().__init__("the message is nested deeper than any message of ours")


class NotFiniteNumber(WireError):
    reason = "not_finite"

    def __init__(self, *, where: str) -> None:
        super().__init__(f"{where} is NaN or infinite")
        self.where = where


class UnknownTag(WireError):
    reason = "unknown_tag"

    def __init__(self, *, why: str) -> None:
        super().__init__(f"no message of this kind is known: {why}")
        self.why = why


class BadField(WireError):
    reason = "bad_field"

    def __init__(self, *, why: str) -> None:
        super().__init__(f"a field is wrong: {why}")
        self.why = why


class OlderProtocol(WireError):
    """The other side is older than anything this program still reads."""

    reason = "older_protocol"

    def __init__(self, *, theirs: int, oldest: int) -> None:
        super().__init__(f"the message speaks protocol {theirs}, at least {oldest} is needed: update the sender")
        self.theirs, self.oldest = theirs, oldest


class NewerProtocol(WireError):
    """The other side is newer than this program."""

    reason = "newer_protocol"

    def __init__(self, *, theirs: int, newest: int) -> None:
        super().__init__(f"the message speaks protocol {theirs}, this program up to {newest}: update the receiver")
        self.theirs, self.newest = theirs, newest
