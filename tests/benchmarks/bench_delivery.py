"""Delivery: how fast a report becomes safe, how fast it is acknowledged, what it costs the disks."""

import statistics
import tempfile
import time
from pathlib import Path

from sensor.keys import read_keys
from sensor.outbox import Outbox
from tests.end_to_end.link_bench import Bench, bench, wait_until
from tests.end_to_end.raw_client import raw_client
from tests.wire.made import BOOT, make_report
from wire.messages import Ack, Batch
from wire.report_codec import encode_report, make_item, pack

PROMISES, LIVE, BURST, A_BATCH, WINDOW = 500, 200, 20_000, 20, 800


def main() -> None:
    print(f"a report of {len(encode_report(make_report()))} bytes, here\n")
    with tempfile.TemporaryDirectory() as folder:
        _promise(Path(folder))
        with bench(Path(folder)) as server:
            _live(server)
            _burst(server)


def _promise(folder: Path) -> None:
    outbox, before, times = Outbox.open(folder / "alone.sqlite"), _written(), list[float]()
    for _ in range(PROMISES):
        began = time.perf_counter()
        outbox.promise(make_report())
        times.append(time.perf_counter() - began)
    outbox.close()
    print(f"promise, synced           {_spread(times)}  {(_written() - before) / PROMISES / 1000:.1f} kB written each")


def _live(server: Bench) -> None:
    outbox, _ = server.sensor("live")
    times: list[float] = []
    for _ in range(LIVE):
        began = time.perf_counter()
        outbox.promise(make_report())
        wait_until(lambda: outbox.waiting() == 0)
        times.append(time.perf_counter() - began)
    print(f"promise to acknowledged   {_spread(times)}")


def _burst(server: Bench) -> None:
    """One client that keeps the server's window full."""
    server.enrol("burst")
    items = [make_item(BOOT, seq, encode_report(make_report(seq=seq))) for seq in range(1, BURST + 1)]
    batches = [pack(tuple(items[i : i + A_BATCH])) for i in range(0, BURST, A_BATCH)]
    keys, sent, stored, before = read_keys(server.key_file("burst")), 0, 0, _written()
    with raw_client(server.ingest.address, server.ingest.public_key, keys) as client:
        began = time.perf_counter()
        while stored < BURST:
            while sent < BURST and sent - stored < WINDOW:
                client.say(Batch(packed=batches[sent // A_BATCH], waiting=0))
                sent += A_BATCH
            answer = client.hear(seconds=30)
            assert isinstance(answer, Ack)
            stored += sum(span.last - span.first + 1 for span in answer.stored)
        seconds = time.perf_counter() - began
    each_kb = (_written() - before) / BURST / 1000
    print(f"server, one busy sensor   {BURST / seconds:.0f} reports/s stored  {each_kb:.1f} kB written each")


def _spread(seconds: list[float]) -> str:
    ordered = sorted(seconds)
    return f"p50 {statistics.median(ordered) * 1e3:.1f} ms, p99 {ordered[int(len(ordered) * 0.99)] * 1e3:.1f} ms"


def _written() -> int:
    """Bytes this process had written to disks."""
    lines = Path("/proc/self/io").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("write_bytes"))
