"""Why a block that passed its check was not believed. Each is counted by its class name."""

from dsp.errors import SignalError


class BlockRefused(SignalError):
    """A block with a good FIRE check and contents that cannot be what they claim."""


class NotAPseudoLength(BlockRefused):
    def __init__(self, *, octet: int) -> None:
        super().__init__(f"first octet {octet:#04x} is no L2 pseudo length")
        self.octet = octet


class WrongProtocol(BlockRefused):
    def __init__(self, *, discriminator: int) -> None:
        super().__init__(f"protocol discriminator {discriminator:#04x} is not radio resource management")
        self.discriminator = discriminator


class UnknownMessage(BlockRefused):
    def __init__(self, *, message_type: int) -> None:
        super().__init__(f"message type {message_type:#04x} is not sent on these channels")
        self.message_type = message_type


class BeyondBlock(BlockRefused):
    def __init__(self, *, need: int, have: int) -> None:
        super().__init__(f"an element reaches octet {need}, the block has {have}")
        self.need, self.have = need, have


class UnknownListFormat(BlockRefused):
    def __init__(self, *, octet: int) -> None:
        super().__init__(f"frequency list format of octet {octet:#04x} is not defined")
        self.octet = octet


class UnknownIdentityType(BlockRefused):
    def __init__(self, *, identity_type: int) -> None:
        super().__init__(f"mobile identity type {identity_type} is not defined here")
        self.identity_type = identity_type


class BadDigit(BlockRefused):
    def __init__(self, *, digit: int) -> None:
        super().__init__(f"{digit:#x} is no decimal digit of a network code")
        self.digit = digit
