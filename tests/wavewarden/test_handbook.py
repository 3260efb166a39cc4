"""The handbook of the detectors is printed from the code, and the page in docs is that print."""

from pathlib import Path

from dsp.signatures.registry import FM, GSM
from dsp.signatures.weights import Weights
from fusion.signatures.registry import SIGNATURES
from shell.data import read_data
from wavewarden.handbook import handbook

PAGE = Path(__file__).parents[2] / "docs" / "detectors.md"


def test_the_page_in_docs_is_what_the_code_says():
    assert PAGE.read_text(encoding="utf-8") == handbook(read_data("weights.toml", Weights)), (
        "print it again: python -m wavewarden.handbook > docs/detectors.md"
    )


def test_every_detector_is_in_it_once_with_its_words():
    text = handbook(read_data("weights.toml", Weights))
    assert text.count("\n### ") >= len({*GSM, *FM, *SIGNATURES})
    assert "Told as: –" not in text
    assert "Innocent: –" not in text
