import json
import socket
import threading
import time

import pytest

from hardware.gnss import Gnss, NoFix, read_line
from hardware.radio import Place


def tpv(**fields) -> bytes:
    return json.dumps({"class": "TPV", **fields}).encode() + b"\n"


def test_a_fix_is_a_place_with_its_error():
    assert read_line(tpv(mode=3, lat=39.9, lon=116.4, altHAE=51.0, eph=6.5)) == Place(39.9, 116.4, 6.5, 51.0)
    assert read_line(tpv(mode=2, lat=39.9, lon=116.4, altHAE=51.0)) == Place(39.9, 116.4, 20.0, None)


@pytest.mark.parametrize(
    "fields",
    [
        {"mode": 0},
        {"mode": 1, "lat": 39.9, "lon": 116.4},  # a position without a fix is no position
        {"mode": 3},
        {"mode": 3, "lat": 39.9},
        {"mode": 3, "lat": 139.9, "lon": 116.4},
        {"lat": 0.0, "lon": 0.0},
    ],
)
def test_without_a_fix_there_is_no_place(fields):
    assert read_line(tpv(**fields)) == NoFix()


@pytest.mark.parametrize("line", [b"", b"{", b"\xff\xfe", b"[1]", b'{"class":"SKY"}', b'{"mode":3}', b"$GPGGA,1*00"])
def test_other_lines_say_nothing(line):
    assert read_line(line) is None


class MadeGpsd:
    """Accepts one client after another and sends each what it is told."""

    def __init__(self) -> None:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]

    def accept(self) -> socket.socket:
        client, _ = self.server.accept()
        assert b"?WATCH" in client.recv(200)
        return client


def until(condition) -> bool:
    deadline = time.monotonic() + 5
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
    return condition()


def test_the_client_follows_gpsd_through_loss_of_fix_and_of_the_line():
    gpsd = MadeGpsd()
    gnss = Gnss("127.0.0.1", gpsd.port, oldest_s=60.0, retry_s=0.05)
    try:
        assert gnss.fix() is None
        client = gpsd.accept()
        client.sendall(b'{"class":"VERSION"}\n' + tpv(mode=3, lat=1.0, lon=2.0, eph=4.0))
        assert until(lambda: gnss.fix() == Place(1.0, 2.0, 4.0))
        client.sendall(tpv(mode=1))
        assert until(lambda: gnss.fix() is None)
        client.close()
        client = gpsd.accept()
        client.sendall(tpv(mode=2, lat=3.0, lon=4.0, eph=5.0))
        assert until(lambda: gnss.fix() == Place(3.0, 4.0, 5.0))
        client.close()
    finally:
        gnss.close()
        gpsd.server.close()
    assert not any(thread.name == "gnss" for thread in threading.enumerate())


def test_an_old_fix_is_no_position():
    gpsd = MadeGpsd()
    now = [100.0]
    gnss = Gnss("127.0.0.1", gpsd.port, oldest_s=5.0, monotonic=lambda: now[0], retry_s=0.05)
    try:
        with gpsd.accept() as client:
            client.sendall(tpv(mode=3, lat=1.0, lon=2.0))
            assert until(lambda: gnss.fix() is not None)
            now[0] = 106.0
            assert gnss.fix() is None
    finally:
        gnss.close()
        gpsd.server.close()
