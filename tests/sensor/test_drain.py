from pathlib import Path

from sensor.drain import drain
from shell.exits import Exit
from tests.end_to_end.link_bench import bench
from tests.wire.made import make_report


def test_an_empty_outbox_is_drained_at_once_even_without_a_server(tmp_path: Path) -> None:
    with bench(tmp_path) as server:
        server.enrol("roof")
        settings = server.link_settings("roof")
        server.stop_server()
        assert drain(settings, outbox_path=tmp_path / "roof.sqlite", timeout_s=0.2) is Exit.DONE


def test_draining_ends_when_the_last_report_is_stored(tmp_path: Path) -> None:
    with bench(tmp_path) as server:
        server.enrol("roof")
        outbox = server.outbox("roof")
        for _ in range(50):
            outbox.promise(make_report())
        outbox.close()
        settings = server.link_settings("roof")
        assert drain(settings, outbox_path=tmp_path / "roof.sqlite", timeout_s=10) is Exit.DONE
        assert len(server.stored()) == 50
