"""Every finding, kind, reason and group that fusion can name has its words, and the words take its real evidence."""

import ast
import string
from pathlib import Path

import pytest

from dsp.signatures.finding import EvidenceGroup
from fusion import kinds
from fusion.explain import explain
from shell import words
from tests.fusion.city import open_cases
from tests.fusion.test_world import a_city_with_everything

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(
    (*(ROOT / "dsp" / "signatures").glob("[gf][sm]*_*.py"), *(ROOT / "fusion" / "signatures").glob("*_*.py"))
)
SIGNATURES = [file for file in FILES if "NAME, VERSION" in file.read_text(encoding="utf-8")]


def evidence_keys(file: Path) -> set[str]:
    """The literal keys of `evidence={…}` in the file, those of `**` parts among them."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    values = [k.value for n in ast.walk(tree) if isinstance(n, ast.Call) for k in n.keywords if k.arg == "evidence"]
    dicts = [inside for value in values for inside in ast.walk(value) if isinstance(inside, ast.Dict)]
    return {key.value for each in dicts for key in each.keys if isinstance(key, ast.Constant)}


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("file", SIGNATURES, ids=lambda file: file.stem)
def test_every_signature_has_its_words_and_they_ask_only_for_its_evidence(file: Path):
    for part in ("title", "what", "innocent"):
        assert words.has(f"finding.{file.stem}.{part}"), part
    for language in words.LANGUAGES:
        assert fields(words.catalogue()[f"finding.{file.stem}.what"][language]) <= evidence_keys(file)
    assert f'NAME, VERSION = "{file.stem}", ' in file.read_text(encoding="utf-8")


def test_there_are_no_words_for_findings_that_do_not_exist():
    named = {key.split(".")[1] for key in words.catalogue() if key.startswith("finding.")}
    assert named == {file.stem for file in SIGNATURES}


def test_kinds_groups_levels_and_reasons_have_words():
    keys = [f"group.{group.value}" for group in EvidenceGroup]
    keys += [f"case.{kind}" for kind in ("pirate_fm", "hijack_fm", "fault_fm", "unknown_fm", "jammer")]
    keys += [f"case.{kind.name}" for kind in vars(kinds).values() if isinstance(kind, kinds.Kind)]
    keys += [f"missing.{need}" for need in ("groups", "beyond_copying", "kind")]
    keys += [f"closed.{why}" for why in ("silent", "not_watched", "cleared")]
    keys += [f"level.{level}" for level in ("note", "watch", "high")]
    assert [key for key in keys if not words.has(key)] == []


def test_the_reasons_of_real_cases_read_as_sentences_in_both_languages():
    cases = open_cases(a_city_with_everything().run(40, services=("gsm", "fm")))
    assert len(cases) == 3
    for case in cases:
        reasons = explain(case)
        assert [r.weight_db for r in reasons] == sorted((r.weight_db for r in reasons), reverse=True)
        assert round(sum(r.counted_db for r in reasons), 1) == case.score_db
        for reason in reasons:
            for language in words.LANGUAGES:
                text = words.finding(reason.name, "what", reason.evidence, language)
                assert "{" not in text
                assert text != reason.name
