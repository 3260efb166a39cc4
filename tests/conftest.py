import shell.one_thread  # noqa: F401, I001  # before anything that loads NumPy

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def recordings_dir() -> Path:
    """The real recordings: beside the project, or where WAVEWARDEN_RECORDINGS points. Required in CI."""
    folder = Path(os.environ.get("WAVEWARDEN_RECORDINGS") or ROOT.parent / "shared" / "recordings")
    if not folder.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail(f"the real recordings are required in CI, and {folder} is not there")
        pytest.skip("the real recordings are not here")
    return folder
