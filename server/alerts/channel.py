"""What every channel satisfies."""

from typing import Protocol

from server.alerts.alert import Alert


class DeliveryError(Exception):
    """The channel did not take the alert. It stays due and is tried again."""


class ChannelRefused(DeliveryError):
    def __init__(self, *, channel: str, reason: str) -> None:
        super().__init__(f"{channel}: {reason}")
        self.channel, self.reason = channel, reason


class Channel(Protocol):
    @property
    def name(self) -> str: ...

    def send(self, alert: Alert) -> None:
        """Hand the alert over, with its key. Raises ChannelRefused; returning means it was taken."""
        ...
