"""Blocks as tshark reads them: an independent check of what a field is."""

import shutil
import struct
import subprocess
from pathlib import Path
from xml.etree import ElementTree

TSHARK = shutil.which("tshark")
BCCH, CCCH, SACCH = 0x01, 0x02, 0x88  # channel types of GSMTAP
_LOCALHOST = bytes([127, 0, 0, 1])

Fields = dict[str, list[str]]


def dissect(blocks: list[bytes], folder: Path, *, channel: int = BCCH) -> list[Fields]:
    """Every field of each block: name to the values shown, in order. No port is opened: tshark reads a file."""
    assert TSHARK is not None
    capture = folder / "blocks.pcap"
    capture.write_bytes(_pcap([_datagram(block, channel) for block in blocks]))
    pdml = subprocess.run([TSHARK, "-r", str(capture), "-T", "pdml"], capture_output=True, check=True).stdout
    return [_fields(packet) for packet in ElementTree.fromstring(pdml)]


def _pcap(packets: list[bytes]) -> bytes:
    head = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101)  # packets of raw IP
    return head + b"".join(struct.pack("<IIII", k, 0, len(p), len(p)) + p for k, p in enumerate(packets))


def _datagram(block: bytes, channel: int) -> bytes:
    gsmtap = struct.pack(">BBBBHbbIBBBB", 2, 4, 1, 0, 1, 0, 0, 0, channel, 0, 0, 0) + block
    udp = struct.pack(">HHHH", 4729, 4729, 8 + len(gsmtap), 0) + gsmtap
    return struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, _LOCALHOST, _LOCALHOST) + udp


def _fields(packet: ElementTree.Element) -> Fields:
    found: Fields = {}
    for field in packet.iter("field"):
        name, shown = field.get("name") or "", field.get("show") or ""
        found.setdefault(name, []).append(shown)
    return found
