"""GSMTAP datagrams as a capture file: classic pcap, each record a whole IPv4 packet with its UDP header."""

import struct
from pathlib import Path
from types import TracebackType

from dsp.gsm.gsmtap import GSMTAP_PORT

LINK_RAW_IP = 101  # LINKTYPE_RAW: packets begin with their IP header
UDP = 17
HOST = bytes([127, 0, 0, 1])  # from and to: they never were on a line
_FILE_HEADER = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, LINK_RAW_IP)


class PcapFile:
    """Written as it goes: what was heard before an interruption is in it."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._file.write(_FILE_HEADER)
        self.packets = 0

    def send(self, datagram: bytes, *, time_ns: int) -> None:
        packet = udp_packet(datagram, number=self.packets)
        seconds, rest_ns = divmod(time_ns, 1_000_000_000)
        sizes = len(packet), len(packet)
        self._file.write(struct.pack("<IIII", seconds & 0xFFFFFFFF, rest_ns // 1000, *sizes) + packet)
        self.packets += 1

    def __enter__(self) -> "PcapFile":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()


def udp_packet(datagram: bytes, *, number: int) -> bytes:
    """An IPv4 packet (RFC 791) with this UDP datagram (RFC 768), both with their checksums."""
    length = 8 + len(datagram)
    ports = struct.pack(">HHH", GSMTAP_PORT, GSMTAP_PORT, length)
    pseudo = HOST + HOST + struct.pack(">BBH", 0, UDP, length)
    udp_sum = checksum(pseudo + ports + b"\0\0" + datagram) or 0xFFFF  # zero would say that there is none
    head = struct.pack(">BBHHHBB", 0x45, 0, 20 + length, number & 0xFFFF, 0x4000, 64, UDP)
    ip_sum = checksum(head + b"\0\0" + HOST + HOST)
    return head + struct.pack(">H", ip_sum) + HOST + HOST + ports + struct.pack(">H", udp_sum) + datagram


def checksum(octets: bytes) -> int:
    """The Internet checksum, RFC 1071."""
    padded = octets + b"\0" * (len(octets) % 2)
    total: int = sum(struct.unpack(f">{len(padded) // 2}H", padded))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
