"""Where a webhook may go: the name is resolved once, the address checked, and that very address is called."""

import ipaddress
import socket
from urllib.parse import SplitResult, urlsplit

from server.alerts.channel import ChannelRefused


def resolve(url: str, *, channel: str, allow_private: bool) -> tuple[SplitResult, str]:
    """The parts of the address and the IP to connect to. Raises ChannelRefused."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ChannelRefused(channel=channel, reason=f"{url!r} is not an http(s) address")
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or parts.scheme, type=socket.SOCK_STREAM)
    except OSError as error:
        raise ChannelRefused(channel=channel, reason=f"{parts.hostname} cannot be resolved: {error}") from error
    address = str(found[0][4][0])
    if not allow_private and not ipaddress.ip_address(address).is_global:
        raise ChannelRefused(
            channel=channel,
            reason=f"{parts.hostname} is the private address {address}; set allow_private for it if that is meant",
        )
    return parts, address
