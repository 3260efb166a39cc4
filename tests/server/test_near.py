"""What nearly was a case can be looked at, with what it lacks."""

from pathlib import Path

import pytest

from server.news import News
from server.roles import Role
from server.web.pages_near import near_misses
from tests.server import made, web


def suspected(weight_db: float) -> made.Emitter:
    about = made.emitter("e-near", "gsm", 947e6, arfcn=60, bsic=12, mcc="460", mnc="00", lac=9, ci=77)
    findings = (made.standing("gsm_t3212", made.EvidenceGroup.CONFIGURATION, weight_db, {}),)
    return made.msgspec.structs.replace(about, findings=findings)


def test_the_nearest_to_a_case_stand_first_and_the_blameless_are_left_out():
    blameless = made.emitter("e-good", "gsm", 948e6, arfcn=65, bsic=1)
    near = near_misses([suspected(4.0), blameless, suspected(9.0)], "en")
    assert [one.judged.score_db for one in near] == [9.0, 4.0]
    assert near[0].judged.level == "Note"
    assert near[0].judged.missing_db == pytest.approx(6.0)


@pytest.mark.parametrize(("language", "word"), [("zh", "未成案"), ("en", "Near misses")])
def test_the_page_shows_it_and_what_it_lacks(tmp_path: Path, language: str, word: str):
    with web.database(tmp_path) as engine:
        made.put_emitter(engine, suspected(9.0))
        app = web.make_app(engine, news=News())
        with web.visitor(app, Role.VIEWER) as client:
            client.get(f"/language/{language}?next=/near")
            text = client.get("/near").text
    assert word in text
    assert "460-00/9/77" in text
    assert "6.0 dB" in text
