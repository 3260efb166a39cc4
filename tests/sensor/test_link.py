from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.link_bench import Bench, bench, wait_until
from tests.wire.made import make_report


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path) as made:
        yield made


def test_a_promised_report_is_stored_under_the_enrolled_name_and_leaves_the_outbox(server: Bench) -> None:
    outbox, link = server.sensor("roof")
    promised = outbox.promise(make_report())
    assert wait_until(lambda: outbox.waiting() == 0)
    assert server.stored() == [("roof", promised.boot, 1)]
    assert ("report", "") in server.news and link.settled()
