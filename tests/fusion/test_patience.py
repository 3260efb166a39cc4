"""How long an FM carrier waits before it is more than a note, by how it came and by what it says."""

import msgspec
import pytest

from dsp.signatures.finding import EvidenceGroup
from fusion.judge import judge
from fusion.patience import WAITS, patience
from fusion.values import Emitter, Latest, Level
from tests.dsp.signatures.made import plain
from tests.fusion.test_judge import emitter, standing

UNLICENSED = standing("fm_unlicensed", EvidenceGroup.LICENCE, 30.0, sensor="a")


def waits(variant: str | None, *others, cnr_db: float = 30.0) -> int:
    return patience(_emitter(variant, *others, cnr_db=cnr_db))


def _emitter(variant: str | None, *others, cnr_db: float = 30.0) -> Emitter:
    said = standing("fm_may_be_afar", EvidenceGroup.BEHAVIOUR, 0.0, sensor="a")
    said = msgspec.structs.replace(said, finding=msgspec.structs.replace(said.finding, variant=variant))
    mine = (UNLICENSED, *others) if variant is None else (UNLICENSED, said, *others)
    latest = (Latest(sensor="a", time_utc_ns=0, heard=plain(98.3, cnr_db=cnr_db)),)
    return emitter(*mine, service="fm", licensed=False, sensors=1, cnr_db=cnr_db, latest=latest)


def test_what_came_at_once_waits_one_alarm_delay():
    assert waits(None) == 1


@pytest.mark.parametrize("variant", sorted(WAITS))
def test_what_may_be_afar_waits_as_long_as_its_fading_needs(variant: str):
    assert waits(variant) == WAITS[variant] > 1


def test_a_default_code_or_a_loop_ends_the_wait_and_a_telephone_number_shortens_it():
    assert waits("opening", standing("fm_default_pi", EvidenceGroup.IDENTITY, 6.0)) == 1
    assert waits("opening", standing("fm_loop", EvidenceGroup.PROGRAMME, 8.0)) == 1
    assert waits("opening", standing("fm_contact_number", EvidenceGroup.PROGRAMME, 10.0)) == 5


def test_while_it_waits_it_is_a_note():
    assert judge(_emitter(None)).level == Level.WATCH
    assert judge(_emitter("opening")).level == Level.NOTE
