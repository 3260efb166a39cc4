import ctypes
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent / "standin_librtlsdr.c"


def build(folder: Path, name: str, *flags: str) -> Path:
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        if os.environ.get("CI") == "true":
            pytest.fail("the stand-in librtlsdr needs a C compiler, which CI must have")
        pytest.skip("no C compiler for the stand-in librtlsdr")
    out = folder / name
    subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-D_GNU_SOURCE", *flags, "-o", out, SOURCE, "-lm"], check=True)
    return out


@pytest.fixture(scope="session")
def standin(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A librtlsdr of the same C interface that needs no dongle."""
    return str(build(tmp_path_factory.mktemp("librtlsdr"), "librtlsdr_standin.so"))


@pytest.fixture(scope="session")
def old_standin(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The same as distributions have it: without what only the fork knows."""
    return str(build(tmp_path_factory.mktemp("librtlsdr_old"), "librtlsdr_standin_old.so", "-DOLD"))


@pytest.fixture
def faults(monkeypatch: pytest.MonkeyPatch, standin: str) -> Callable[[str], None]:
    """Say what the stand-in shall do, as its head explains."""
    ctypes.CDLL(standin).standin_forget()
    monkeypatch.setenv("STANDIN", "serials=00000001")
    return lambda text: monkeypatch.setenv("STANDIN", text)


@pytest.fixture
def calls(standin: str) -> Callable[[], list[str]]:
    """What the stand-in was asked so far."""
    library = ctypes.CDLL(standin)
    library.standin_calls.restype = ctypes.c_char_p
    return lambda: library.standin_calls().decode().split()
