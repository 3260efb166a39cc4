import socket
import struct
import threading
import time

import numpy as np
import pytest

from hardware.errors import BadWindow, NoRtlTcp, NotRtlTcp, StreamEnded
from hardware.rtl_tcp import RtlTcp

RATE = 1.024e6


class MadeServer:
    """An rtl_tcp server: a tone at 100.1 MHz in real time, and a record of what it was told."""

    def __init__(self, *, header: bytes = b"RTL0" + struct.pack(">II", 5, 29), cut_after: int | None = None) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.told: list[tuple[int, int]] = []
        self._header, self._cut_after = header, cut_after
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._serve, daemon=True)]
        self._threads[0].start()

    def _serve(self) -> None:
        while not self._stop.is_set():
            try:
                line, _ = self.listener.accept()
            except OSError:
                return
            self._talk(line)

    def _talk(self, line: socket.socket) -> None:
        with line:
            line.sendall(self._header)
            line.settimeout(0.001)
            rate = centre = 0
            sent, began = 0, 0.0
            while not self._stop.is_set():
                try:
                    command = line.recv(5)
                    if not command:
                        return
                    kind, value = struct.unpack(">BI", command)
                    self.told.append((kind, value))
                    rate, centre = (value, centre) if kind == 2 else (rate, value if kind == 1 else centre)
                except TimeoutError:
                    pass
                except OSError:
                    return
                if not rate or not centre:
                    continue
                began = began or time.monotonic()
                due = int((time.monotonic() - began) * rate) - sent
                turns = (100.1e6 - centre) / rate * (sent + np.arange(due))
                tone = np.exp(2j * np.pi * turns).astype(np.complex64) * 0.5
                try:
                    line.settimeout(5)
                    line.sendall(np.rint(tone.view(np.float32) * 127.5 + 127.5).astype(np.uint8).tobytes())
                    line.settimeout(0.001)
                except OSError:
                    return
                sent += due
                if self._cut_after is not None and sent > self._cut_after:
                    self._cut_after = None
                    return

    def close(self) -> None:
        if self._stop.is_set():
            return
        self._stop.set()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self._threads[0].join(5)


@pytest.fixture
def server():
    made = []

    def make(**options):
        made.append(MadeServer(**options))
        return made[-1]

    yield make
    for one in made:
        one.close()


def tone_hz(block) -> float:
    power = np.abs(np.fft.fft(block.samples)) ** 2
    return block.centre_hz + np.fft.fftfreq(len(power), 1 / block.rate_hz)[int(np.argmax(power))]


def test_looks_come_over_the_line_each_at_its_frequency(server):
    made = server()
    radio = RtlTcp("127.0.0.1", made.port, gain_db=29.7, ppm=-5)
    try:
        for centre in (100e6, 100.25e6):
            block = radio.look(centre, RATE, 0.1)
            assert tone_hz(block) == pytest.approx(100.1e6, abs=20)
            assert (len(block.samples), block.gain_db) == (102_400, 29.7)
    finally:
        radio.close()
    told = dict(made.told)
    assert (told[8], told[3], told[4], told[2]) == (0, 1, 297, 1_024_000)
    assert struct.unpack(">i", struct.pack(">I", told[5])) == (-5,)


def test_a_line_that_breaks_is_dialled_again_within_the_look(server):
    radio = RtlTcp("127.0.0.1", server(cut_after=150_000).port, gain_db=30.0)
    try:
        assert len(radio.look(100e6, RATE, 0.3).samples) == 307_200
    finally:
        radio.close()


def test_nobody_there_and_somebody_else_there_are_told_apart(server):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(NoRtlTcp, match=f"127.0.0.1:{port}"):
        RtlTcp("127.0.0.1", port, gain_db=30.0)
    with pytest.raises(NotRtlTcp):
        RtlTcp("127.0.0.1", server(header=b"HTTP/1.1 400 Bad").port, gain_db=30.0)


def test_a_server_that_is_gone_is_told(server):
    made = server()
    radio = RtlTcp("127.0.0.1", made.port, gain_db=30.0)
    try:
        radio.look(100e6, RATE, 0.05)
        made.close()
        with pytest.raises((NoRtlTcp, StreamEnded)):
            radio.look(100e6, RATE, 0.5)
    finally:
        radio.close()


def test_a_window_no_dongle_can_do_is_refused(server):
    radio = RtlTcp("127.0.0.1", server().port, gain_db=30.0)
    with pytest.raises(BadWindow):
        radio.look(100e6, 1e3, 0.1)
    radio.close()
