import json
import os
import shutil
import socket
import struct
import subprocess
from pathlib import Path

import pytest

from recordings.gsm.spec import GsmBroadcast
from shell.exits import Exit
from tests.wavewarden.gsm_made import CENTRE_HZ, RATE_HZ, cell, made_file
from tests.wavewarden.running import invoke
from wavewarden.gsm_pcap import PcapFile, checksum
from wavewarden.gsm_tap import BadTapAddress, host_and_port

GIVEN = ("--rate", RATE_HZ, "--centre", CENTRE_HZ, "--format", "cf32_le")
CELL: GsmBroadcast = cell(25, plmn="310-410", lac=0x1234, ci=0xBEEF, frame_number_at_start=4_000, paging_per_s=30.0)


@pytest.fixture(scope="module")
def one_cell(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_file(tmp_path_factory.mktemp("gsm") / "one.cf32", [CELL], seconds=2.2)


@pytest.fixture
def tshark() -> str:
    found = shutil.which("tshark")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("tshark is required in CI")
        pytest.skip("no tshark here")
    return found


def broadcast_lines(out: str) -> list[dict[str, object]]:
    lines = [json.loads(line) for line in out.splitlines()]
    return [line for line in lines if line["type"] == "block" and line["hex"] and line["kind"] != "fill"]


@pytest.mark.needs_tshark
def test_wireshark_reads_every_broadcast_block_and_finds_nothing_wrong(monkeypatch, tmp_path, one_cell, tshark):
    pcap = tmp_path / "out.pcap"
    done = invoke(monkeypatch, "gsm", "blocks", one_cell, *GIVEN, "--json", "--pcap", pcap)
    told = broadcast_lines(done.stdout)
    names = ["gsmtap.frame_nr", "gsmtap.arfcn", "gsm_a.lac", "gsm_a.bssmap.cell_ci", "e212.lai.mcc", "e212.lai.mnc"]
    names += ["_ws.malformed", "_ws.expert.message", "ip.checksum.status", "udp.checksum.status", "frame.time_epoch"]
    wishes = [word for name in names for word in ("-e", name)]
    checks = ["-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE", "-d", "udp.port==4729,gsmtap"]
    words = [tshark, "-r", pcap, "-T", "fields", *wishes, *checks]
    shown = subprocess.run(words, check=True, capture_output=True, encoding="utf-8").stdout
    rows = [dict(zip(names, row.split("\t"), strict=True)) for row in shown.splitlines()]
    assert len(rows) == len(told) >= 8
    assert [int(row["gsmtap.frame_nr"]) for row in rows] == [line["frame_number"] for line in told]
    assert [float(row["frame.time_epoch"]) for row in rows] == pytest.approx(
        [line["time_s"] for line in told], abs=2e-6
    )
    for row, line in zip(rows, told, strict=True):
        assert (row["_ws.malformed"], row["_ws.expert.message"]) == ("", ""), (row, line)
        assert (row["ip.checksum.status"], row["udp.checksum.status"], row["gsmtap.arfcn"]) == ("1", "1", "25")
        if line["kind"] == "si3":
            assert int(row["gsm_a.lac"], 16) == CELL.lac and int(row["gsm_a.bssmap.cell_ci"], 16) == CELL.ci
            assert (row["e212.lai.mcc"], row["e212.lai.mnc"]) == ("310", "410")
    assert {line["kind"] for line in told} >= {"si1", "si2", "si3", "si4", "si13"}


def test_the_same_goes_to_a_host_over_udp(monkeypatch, one_cell):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.settimeout(5)
        address = f"127.0.0.1:{listener.getsockname()[1]}"
        done = invoke(monkeypatch, "gsm", "blocks", one_cell, *GIVEN, "--json", "--gsmtap", address)
        told = broadcast_lines(done.stdout)
        came = [listener.recv(100) for _ in told]
        listener.settimeout(0.1)
        with pytest.raises(TimeoutError):
            listener.recv(100)
    assert [packet[16:].hex() for packet in came] == [line["hex"] for line in told]
    assert [struct.unpack(">I", packet[8:12])[0] for packet in came] == [line["frame_number"] for line in told]


def test_a_host_that_does_not_exist_and_a_file_that_cannot_be_are_told(monkeypatch, tmp_path, one_cell):
    done = invoke(monkeypatch, "gsm", "blocks", one_cell, *GIVEN, "--gsmtap", "nobody.invalid")
    assert done.exit_code == Exit.UNREACHABLE and "nobody.invalid" in done.stderr and done.stdout == ""
    done = invoke(monkeypatch, "gsm", "blocks", one_cell, *GIVEN, "--pcap", tmp_path / "no" / "x.pcap")
    assert done.exit_code == Exit.BAD_INPUT and "x.pcap" in done.stderr and done.stdout == ""


@pytest.mark.parametrize("address", ["", ":4729", "a:0", "a:65536", "a:b", "a:¹"])
def test_what_is_no_address_is_wrong_usage(monkeypatch, address):
    with pytest.raises(BadTapAddress):
        host_and_port(address)
    assert invoke(monkeypatch, "gsm", "blocks", "x", "--gsmtap", address).exit_code == Exit.USAGE


def test_addresses_of_every_kind_are_understood():
    asked = ("host", "host:1", "10.0.0.1:65535", "::1", "[::1]", "[fe80::2]:99")
    assert [host_and_port(one) for one in asked] == [
        ("host", 4729),
        ("host", 1),
        ("10.0.0.1", 65535),
        ("::1", 4729),
        ("::1", 4729),
        ("fe80::2", 99),
    ]


def test_the_checksum_is_that_of_the_example_in_rfc_1071():
    assert checksum(bytes.fromhex("0001f203f4f5f6f7")) == 0xFFFF - 0xDDF2


def test_a_capture_file_of_dated_datagrams_keeps_their_microseconds(tmp_path):
    with PcapFile(tmp_path / "x.pcap") as pcap:
        pcap.send(b"abc", time_ns=1_772_438_400_123_456_789)
    raw = (tmp_path / "x.pcap").read_bytes()
    assert struct.unpack("<II", raw[24:32]) == (1_772_438_400, 123_456)
    assert len(raw) == 24 + 16 + 28 + 3
