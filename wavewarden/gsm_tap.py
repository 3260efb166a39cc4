"""Where the GSMTAP datagrams of broadcast blocks go: into a capture file, to a host, or both."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Protocol

from dsp.gsm.gsmtap import GSMTAP_PORT, gsmtap_packet
from dsp.gsm.look import Block
from server.errors import NotReachable
from wavewarden.gsm_events import Event
from wavewarden.gsm_pcap import PcapFile

MOST_PORT = 65535


class BadTapAddress(Exception):
    """Not HOST, HOST:PORT or [IPv6]:PORT."""


class Tap(Protocol):
    def send(self, datagram: bytes, *, time_ns: int) -> None: ...


class UdpTap:
    """Nobody has to be there: a datagram that is not taken is lost, and that is not told. Raises NotReachable."""

    def __init__(self, address: str) -> None:
        self._address = address
        host, port = host_and_port(address)
        try:
            family, kind, protocol, _, to = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
            self._socket = socket.socket(family, kind, protocol)
            self._to: tuple[Any, ...] = to
        except OSError as error:
            raise NotReachable(what=address, reason=error.strerror or str(error)) from error

    def send(self, datagram: bytes, *, time_ns: int) -> None:
        try:
            self._socket.sendto(datagram, self._to)
        except OSError as error:
            raise NotReachable(what=self._address, reason=error.strerror or str(error)) from error

    def close(self) -> None:
        self._socket.close()


def host_and_port(address: str) -> tuple[str, int]:
    """HOST, HOST:PORT or [IPv6]:PORT. Raises BadTapAddress."""
    host, port = address, ""
    if address.startswith("["):
        host, _, port = address[1:].partition("]")
        port = port.removeprefix(":")
    elif address.count(":") == 1:
        host, _, port = address.partition(":")
    if not host or (port and not (port.isascii() and port.isdigit() and 0 < int(port) <= MOST_PORT)):
        raise BadTapAddress(address)
    return host, int(port or GSMTAP_PORT)


@contextmanager
def taps(pcap: Path | None, address: str | None) -> Iterator[list[Tap]]:
    """Those that were asked for. Raises OSError, BadTapAddress, NotReachable."""
    with ExitStack() as opened:
        found: list[Tap] = []
        if address is not None:
            udp = UdpTap(address)
            opened.callback(udp.close)
            found.append(udp)
        if pcap is not None:
            found.append(opened.enter_context(PcapFile(pcap)))
        yield found


def send_event(taps: list[Tap], event: Event) -> None:
    """A broadcast block goes everywhere; of a recording without a date, the time since its beginning."""
    if not taps or not isinstance(event.what, Block):
        return
    datagram = gsmtap_packet(event.what, event.of, level_dbm=event.level_dbm)
    if datagram is None:
        return
    time_ns = round(event.time_s * 1e9) if event.time_utc_ns is None else event.time_utc_ns
    for tap in taps:
        tap.send(datagram, time_ns=time_ns)
