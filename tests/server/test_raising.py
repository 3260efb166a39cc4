import pytest

from fusion.values import Case, CaseStep, Emitter, Level
from server.raising import alert_of, least_level
from server.settings import Alerts, Apprise, Webhook

EMITTER = Emitter(id="e", service="fm", freq_hz=1e8, pi=0x1234, ps="<b>", first_seen_utc_ns=1, last_seen_utc_ns=2)


def case(*levels: int, closed: bool = False) -> Case:
    return Case(
        id="c",
        emitter_id="e",
        kind="pirate_fm",
        level=Level(levels[-1]),
        score_db=1.0,
        group_scores_db={},
        findings=(),
        opened_utc_ns=1,
        changed_utc_ns=len(levels),
        closed_utc_ns=9 if closed else None,
        steps=tuple(CaseStep(time_utc_ns=n, level=Level(level), score_db=0.0) for n, level in enumerate(levels, 1)),
    )


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        (None, case(1), None),  # below the least level
        (None, case(2), "c:2:1"),
        (case(1), case(1, 3), "c:3:2"),
        (case(3), case(3), None),  # nothing rose
        (case(3), case(3, 2), None),  # it fell
        (case(3, 2), case(3, 2, 3), "c:3:3"),  # it rose again: another episode
        (case(2), case(2, 3, closed=True), None),
        (case(2, closed=True), case(2), "c:2:1"),  # opened again as it was: told already, the key says so
    ],
)
def test_a_case_is_an_alert_when_it_rises_to_a_level_that_matters(
    before: Case | None, after: Case, key: str | None
) -> None:
    alert = alert_of(before, after, EMITTER, least=Level.WATCH)
    assert (alert and alert.key) == key


def test_an_alert_names_its_emitter_as_it_was_then() -> None:
    alert = alert_of(None, case(3), EMITTER, least=Level.NOTE)
    assert alert is not None and alert.freq_hz == 1e8
    assert alert.title_params == {"service": "fm", "pi": 0x1234, "ps": "<b>"}


def test_the_least_level_is_what_the_most_curious_wants() -> None:
    assert least_level(Alerts()) is Level.WATCH
    hook, mail = Webhook(name="a", url="", level="high"), Apprise(name="b", url="", level="note")
    assert least_level(Alerts(screen_level="high", webhooks=(hook,))) is Level.HIGH
    assert least_level(Alerts(screen_level="high", webhooks=(hook,), apprise=(mail,))) is Level.NOTE
