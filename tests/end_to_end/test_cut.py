"""Nothing reported is lost, doubled or invented on a link that keeps dying."""

import secrets
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from tests.end_to_end.cutting_proxy import CuttingProxy
from tests.end_to_end.link_bench import Bench, bench, wait_until
from tests.end_to_end.processes import watch
from tests.wire.made import make_report
from wire.report import Report


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path) as made:
        yield made


def through(server: Bench, name: str, *, cut_bytes: int | None) -> CuttingProxy:
    proxy = CuttingProxy(int(server.ingest.address.rpartition(":")[2]), cut_bytes=cut_bytes)
    server.stack.callback(proxy.close)
    server.enrol(name)
    return proxy


def report_of(random_bytes: int) -> Report:
    """One that packing cannot shrink below so many bytes."""
    return msgspec.structs.replace(
        make_report(), heard=(), swept=(), findings=(), software=secrets.token_hex(random_bytes)
    )


@pytest.mark.slow
def test_a_link_cut_every_40_kb_under_running_processes_loses_doubles_and_invents_nothing(tmp_path: Path) -> None:
    with watch(tmp_path, ("roof", "van"), rate_hz=200.0) as scene:
        proxies = [CuttingProxy(scene.port, cut_bytes=40_000, seed=seed) for seed in (1, 2)]
        try:
            scene.reach = {name: proxy.address for name, proxy in zip(scene.sensors, proxies, strict=True)}
            for name in ("server", *scene.sensors):
                scene.start(name)
            time.sleep(12.0)
            for name in scene.sensors:
                scene.kill(name)
            scene.drain_all(timeout_s=30.0)
        finally:
            for proxy in proxies:
                proxy.close()
        scene.stop_all()
        assert scene.check() > 1000
        assert sum(proxy.cuts for proxy in proxies) >= 4


@pytest.mark.parametrize(
    ("cut_bytes", "reports", "random_bytes"), [(2_000, 30, 150), (10_000, 100, 300), (40_000, 300, 600)]
)
def test_a_backlog_drains_over_a_link_that_keeps_dying(
    server: Bench, cut_bytes: int, reports: int, random_bytes: int
) -> None:
    proxy = through(server, "roof", cut_bytes=cut_bytes)
    outbox = server.outbox("roof")
    promised = [outbox.promise(report_of(random_bytes)) for _ in range(reports)]
    server.link(outbox, server.link_settings("roof", address=proxy.address))
    assert wait_until(lambda: outbox.waiting() == 0, seconds=30), (proxy.connections, proxy.passed, outbox.waiting())
    assert sorted(server.stored()) == [("roof", p.boot, p.seq) for p in promised]
    assert proxy.cuts > 2


@pytest.mark.slow
def test_a_half_open_link_is_noticed_within_15_s_and_dialled_anew(server: Bench) -> None:
    proxy = through(server, "roof", cut_bytes=None)
    outbox = server.outbox("roof")
    link = server.link(outbox, server.link_settings("roof", address=proxy.address))
    outbox.promise(make_report())
    assert wait_until(lambda: outbox.waiting() == 0)
    proxy.silent.set()
    outbox.promise(make_report())
    began = time.monotonic()
    assert wait_until(lambda: proxy.connections > 1, seconds=25)
    assert time.monotonic() - began < 17.0  # 15 s of silence, and the wait before dialling
    proxy.silent.clear()
    assert wait_until(lambda: outbox.waiting() == 0, seconds=20)
    assert len(server.stored()) == 2 and link.counters()["link_silent"] + link.counters().get("link_lost", 0) >= 1
