"""Who sends another station's PI or name: accused when it plays something else, never when it may be the station's."""

from typing import Any

import msgspec
import pytest

from dsp.fm.programme import fingerprint
from dsp.fm.rds_values import OtherNetwork
from dsp.signatures.licences import FmLicence, Licences
from fusion.programme_values import ProgrammeLink
from fusion.scene import FusionScene
from fusion.signatures import fm_cloned_identity
from fusion.signatures.registry import judge_together
from fusion.values import Emitter, Latest, Rules
from shell import words
from tests.dsp.signatures.made import station
from tests.fusion.made_programmes import RATE_HZ, START_NS, chatter

PI, HOME_MHZ, CLONE_MHZ = 0x8341, 97.4, 104.3
ONE, ANOTHER = (fingerprint(chatter(seed, 3.0), RATE_HZ) for seed in (1, 2))
HILL = FmLicence(freq_hz=HOME_MHZ * 1e6, name="Hill", pi=PI, network="hill")
LIST = Licences(fm=(HILL,))


def emitter(key: str, mhz: float, programme: bytes | None, *, licensed: bool, **fields: Any) -> Emitter:
    values = {"pi": PI, "ps": "HILL FM ", "programme": programme, "programme_time_utc_ns": START_NS} | fields
    heard = station(mhz, **values)
    return Emitter(
        id=key,
        service="fm",
        freq_hz=heard.freq_hz,
        pi=heard.pi,
        ps=heard.ps,
        licensed=licensed,
        licence_name="Hill" if licensed else None,
        first_seen_utc_ns=START_NS,
        last_seen_utc_ns=START_NS,
        latest=(Latest(sensor="a", time_utc_ns=START_NS, heard=heard, looks=2),),
    )


HOME = emitter("home", HOME_MHZ, ONE, licensed=True)
CLONE = emitter("clone", CLONE_MHZ, ANOTHER, licensed=False)


def said(suspect: Emitter, *others: Emitter, licences: Licences = LIST):
    scene = FusionScene({each.id: each for each in (suspect, *others)}, Rules(licences=licences), START_NS)
    return fm_cloned_identity.judge(suspect, scene)


def test_a_licensed_stations_pi_with_another_programme_is_a_clone():
    finding = said(CLONE, HOME)
    assert (finding.variant, finding.weight_db, finding.evidence["compared"]) == ("pi", 8.0, 1)
    assert finding.evidence["licence"] == "Hill"
    for language in words.LANGUAGES:
        assert "8341" in words.finding(finding.name, "what", finding.evidence, language)


def test_the_station_may_be_known_by_what_it_sends_though_the_list_has_no_pi():
    bare = Licences(fm=(msgspec.structs.replace(HILL, pi=None),))
    assert said(CLONE, HOME, licences=bare).variant == "pi"


def test_it_is_among_what_is_asked_of_every_emitter():
    scene = FusionScene({"clone": CLONE, "home": HOME}, Rules(licences=LIST), START_NS)
    assert "fm_cloned_identity" in {finding.name for finding in judge_together(CLONE, scene)}


def test_a_copied_name_with_another_programme_counts_less():
    for pi, groups in ((None, 0), (0x1234, 20)):
        finding = said(emitter("clone", CLONE_MHZ, ANOTHER, licensed=False, pi=pi, pi_groups=groups), HOME)
        assert (finding.variant, finding.weight_db) == ("ps", 3.0)


def test_a_regional_variant_of_the_pi_is_no_clone():
    assert said(emitter("clone", CLONE_MHZ, ANOTHER, licensed=False, pi=0x8741), HOME) is None


def test_a_relay_is_no_clone_at_once_late_within_a_look_or_once_it_is_linked():
    late = fingerprint(chatter(1, 4.6)[round(1.6 * RATE_HZ) :], RATE_HZ)
    linked = ProgrammeLink(
        other="home",
        simultaneous=True,
        times=1,
        first_utc_ns=0,
        last_utc_ns=0,
        delay_s=6.5,
        delay_low_s=6.5,
        delay_high_s=6.5,
        overlap_s=2.0,
        bit_error_rate=0.1,
    )
    assert said(emitter("clone", CLONE_MHZ, ONE, licensed=False), HOME) is None
    assert said(emitter("clone", CLONE_MHZ, late, licensed=False), HOME) is None
    assert said(msgspec.structs.replace(CLONE, programme_links=(linked,)), HOME) is None


@pytest.mark.parametrize("pi", [PI, 0x8441])
def test_a_frequency_in_the_stations_own_af_list_is_a_partners(pi: int):
    home = emitter("home", HOME_MHZ, ONE, licensed=True, pi=pi, af_hz=(88.1e6, CLONE_MHZ * 1e6))
    assert said(CLONE, home) is None


def test_a_frequency_that_another_licensed_station_tells_of_the_network_is_a_partners():
    eon = (OtherNetwork(pi=PI, groups=3, af_hz=(CLONE_MHZ * 1e6,)),)
    sister = emitter("sister", 93.1, None, licensed=True, pi=0x8999, ps="SISTER  ", other_networks=eon)
    assert said(CLONE, HOME, sister) is None


def test_an_af_list_of_the_suspect_itself_or_of_a_stranger_excuses_nobody():
    own = emitter("clone", CLONE_MHZ, ANOTHER, licensed=False, af_hz=(CLONE_MHZ * 1e6,))
    stranger = emitter("x", 93.1, None, licensed=True, pi=0x1111, ps="OTHER   ", af_hz=(CLONE_MHZ * 1e6,))
    assert said(own, HOME, stranger).variant == "pi"


def test_a_channel_that_is_listed_for_the_network_is_its_own():
    partner = FmLicence(freq_hz=CLONE_MHZ * 1e6, name="Hill south", network="hill")
    assert said(CLONE, HOME, licences=Licences(fm=(HILL, partner))) is None


def test_where_no_programme_can_be_compared_it_is_told_and_weighs_nothing():
    untimed = emitter("clone", CLONE_MHZ, ANOTHER, licensed=False, programme_time_utc_ns=None)
    weak = emitter("clone", CLONE_MHZ, ANOTHER, licensed=False, cnr_db=15.0)
    silent = emitter("home", HOME_MHZ, ONE, licensed=True, silence_share=1.0)
    for finding in (said(untimed, HOME), said(weak, HOME), said(CLONE, silent), said(CLONE)):
        assert (finding.variant, finding.weight_db) == ("unheard", 0.0)


def test_the_licensed_a_ghost_and_an_uncertain_pi_are_not_spoken_of():
    assert said(msgspec.structs.replace(CLONE, licensed=True), HOME) is None
    assert said(msgspec.structs.replace(CLONE, licensed=None), HOME) is None
    assert said(emitter("clone", CLONE_MHZ, ANOTHER, licensed=False, pi_groups=1, ps=None), HOME) is None
    assert said(emitter("clone", CLONE_MHZ, ANOTHER, licensed=False, pi=0x7777, ps="OWN     "), HOME) is None
