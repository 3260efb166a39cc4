import io

import pytest


@pytest.fixture
def stream() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def standin_library(tmp_path_factory, monkeypatch) -> str:
    """A librtlsdr without a dongle."""
    from tests.hardware.conftest import build

    monkeypatch.setenv("STANDIN", "")
    return str(build(tmp_path_factory.mktemp("librtlsdr"), "librtlsdr_sensor.so"))
