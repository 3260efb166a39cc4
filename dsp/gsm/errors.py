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


class ReservedCode(BlockRefused):
    """A code that no edition of the standard defines, where what follows it cannot be read without its meaning."""

    def __init__(self, *, field: str, value: int) -> None:
        super().__init__(f"{field}: the code {value} is reserved")
        self.field, self.value = field, value


class SlowAssociated(BlockRefused):
    """A block of a slow associated channel whose first octets happen to look like a System Information message."""

    def __init__(self, *, message_type: int) -> None:
        super().__init__(f"a block of a slow associated channel, not message type {message_type:#04x}")
        self.message_type = message_type


class BadIdentityLength(BlockRefused):
    def __init__(self, *, identity_type: int, length: int) -> None:
        super().__init__(f"a mobile identity of type {identity_type} cannot be {length} octets long")
        self.identity_type, self.length = identity_type, length
