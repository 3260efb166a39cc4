"""A stranger that is switched on against one that swells out of the noise, alone and among others."""

from dsp.signatures.history import SiteHistory
from dsp.signatures.onset import Onset, with_hearing
from dsp.signatures.registry import judge_fm
from tests.dsp.signatures.made import LICENCES, SECOND, plain

EVERY_NS = 40 * SECOND
BAND = ((87e6, 108e6),)
FREQS_MHZ = (94.35, 95.35, 96.35, 98.35)


def reasons(cnrs_db: list[list[float | None]], *, before: int = 3, swept: bool = True) -> list[str | None]:
    """Why the first of several strangers has to wait, look by look; None as level: not heard."""
    history, said = SiteHistory(), []
    for n in range(-before, len(cnrs_db[0])):
        now_ns = (n + 10) * EVERY_NS
        levels = [each[n] for each in cnrs_db] if n >= 0 else []
        heard = tuple(
            plain(mhz, cnr_db=cnr_db, level_dbfs=cnr_db - 90.0)
            for mhz, cnr_db in zip(FREQS_MHZ, levels, strict=False)
            if cnr_db is not None
        )
        found = judge_fm(heard, history, LICENCES, now_ns=now_ns)
        history = history.with_look(heard, now_ns=now_ns, findings=found, swept_fm=BAND if swept else ())
        if levels and levels[0] is not None:
            said.append(next((f.variant for f in found if f.name == "fm_may_be_afar" and f.about == 0), None))
    return said


def test_what_is_switched_on_does_not_wait_and_what_swells_does():
    assert reasons([[30.0, 30.5, 29.5]]) == [None, None, None]
    assert reasons([[8.0, 14.0, 22.0]])[-1] == "swelled"
    assert reasons([[22.0, 24.0, 30.0]])[-1] == "swelled"  # it was still coming


def test_what_came_at_once_but_weak_or_while_nobody_listened_waits_less_long():
    assert reasons([[14.0, 14.2]]) == ["weak", "weak"]
    assert reasons([[None] * 3 + [30.0]]) == [None]
    history = SiteHistory().with_look((), now_ns=SECOND, swept_fm=BAND)
    found = judge_fm((plain(94.35, cnr_db=30.0),), history, LICENCES, now_ns=1800 * SECOND)
    assert [f.variant for f in found if f.name == "fm_may_be_afar"] == ["unseen"]


def test_a_sensor_that_never_listened_before_makes_nobody_wait():
    assert reasons([[30.0], [25.0], [20.0]], before=0) == [None]
    assert reasons([[30.0, 30.0], [25.0, 25.0], [20.0, 20.0]], swept=False) == [None, None]


def test_among_two_other_strangers_it_waits_and_as_loud_as_the_town_less_long():
    others = [[None, 10.0, 14.0], [None, None, 12.0]]
    assert reasons([[30.0, 30.0, 30.0], *others]) == [None, None, "opening"]
    assert reasons([[50.0, 50.0, 50.0], *others])[-1] == "opening_loud"
    assert reasons([[50.0, 50.0]]) == [None, None]


def test_a_carrier_that_was_missed_and_came_back_did_not_come_at_once():
    assert reasons([[30.0, None, 30.0]])[-1] == "swelled"


def test_after_a_quarter_of_an_hour_of_silence_it_comes_anew():
    first = with_hearing(None, cnr_db=9.0, now_ns=100 * SECOND, last_ns=None, listened_ns=60 * SECOND)
    assert first == Onset(100 * SECOND, 60 * SECOND, 9.0)
    anew = with_hearing(first, cnr_db=30.0, now_ns=2000 * SECOND, last_ns=140 * SECOND, listened_ns=1960 * SECOND)
    assert anew.at_once(30.0)


def test_several_that_are_switched_on_within_the_hour_do_not_make_an_opening_of_each_other():
    others = [[None, 30.0, 30.2], [None, None, 25.0]]
    assert reasons([[30.0, 30.1, 29.9], *others]) == [None, None, None]
