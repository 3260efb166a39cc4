"""The weights are data: each signature and variant has its row, no row is without a signature."""

import ast
from pathlib import Path

import pytest

from dsp.signatures.finding import EvidenceGroup
from dsp.signatures.weights import MOST_DB, Counts, UnknownWeight, Weight, Weights, likelihood_db, overlaid
from tests.dsp.signatures.made import WEIGHTS

ROOT = Path(__file__).resolve().parents[3]
FILES = sorted((*(ROOT / "dsp" / "signatures").glob("gsm_*.py"), *(ROOT / "fusion" / "signatures").glob("gsm_*.py")))
FILES += [ROOT / "fusion" / "signatures" / "emitter_moves.py"]


def strings(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)}


def test_a_weight_is_looked_up_by_name_and_variant():
    weights = Weights(
        weights={
            "a": Weight(db=3.0, group=EvidenceGroup.PLACE, source="made"),
            "a.b": Weight(db=5.0, group=EvidenceGroup.PLACE, source="made"),
        }
    )
    assert (weights.db("a"), weights.db("a", "b")) == (3.0, 5.0)
    with pytest.raises(UnknownWeight, match=r"a\.c"):
        weights.db("a", "c")


def test_rows_of_ones_own_take_the_place_of_those_that_ship_and_an_unknown_one_is_refused():
    row = Weight(db=1.0, group=EvidenceGroup.CONFIGURATION, source="mine")
    mine = overlaid(WEIGHTS, Weights(weights={"gsm_t3212": row}))
    assert mine.db("gsm_t3212") == 1.0
    assert mine.db("gsm_lac_hop", "once") == WEIGHTS.db("gsm_lac_hop", "once")
    with pytest.raises(UnknownWeight):
        overlaid(WEIGHTS, Weights(weights={"gsm_t32l2": row}))


def test_every_row_belongs_to_a_signature_and_every_signature_has_a_row():
    named = {key.split(".")[0] for key in WEIGHTS.weights}
    assert named == {file.stem for file in FILES}


def test_every_variant_is_one_its_signature_names():
    by_name = {file.stem: strings(file) for file in FILES}
    for key in WEIGHTS.weights:
        name, _, variant = key.partition(".")
        parts = (part for part in by_name[name] if part.startswith("_"))  # of an f-string
        assert not variant or variant in by_name[name] or variant.endswith(tuple(parts)), key


def test_every_row_says_where_it_comes_from_and_counts_no_more_than_there_were():
    for key, weight in WEIGHTS.weights.items():
        assert weight.source, key
        for counts in (weight.guilty, weight.innocent):
            assert counts is None or 0 <= counts.fired <= counts.n, key
        if weight.guilty is not None and weight.guilty.n < 10:
            assert "tiny" in weight.source, key


def test_the_likelihood_of_counts_is_smoothed_and_cut():
    # (2.5 / 3) / (1.5 / 202) is 112: 20.5 dB, cut
    assert likelihood_db(Counts(2, 2), Counts(1, 201)) == MOST_DB
    # (5.5 / 11) / (1.5 / 31) is 10.33
    assert likelihood_db(Counts(5, 10), Counts(1, 30)) == pytest.approx(10.14, abs=0.01)
    assert likelihood_db(Counts(0, 1000), Counts(1000, 1000)) == -MOST_DB
    assert likelihood_db(Counts(0, 0), Counts(0, 0)) == 0.0
