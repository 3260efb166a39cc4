import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def made_folder(tmp_path_factory) -> Path:
    """Where made IQ is kept: WAVEWARDEN_MADE between runs, or a folder of this run."""
    kept = os.environ.get("WAVEWARDEN_MADE")
    return Path(kept) if kept else tmp_path_factory.mktemp("made")
