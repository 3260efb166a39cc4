"""Loops, one programme on several transmitters, relays: from the looks of sensors to findings."""

import msgspec
import numpy as np
import pytest

from dsp.fm.programme import fingerprint
from dsp.fm.programme_search import distinctive, find
from fusion.programme_loop import is_loop, period_of
from fusion.programmes import KEPT_EVERY_NS, MOST_KEPT, memory_of
from fusion.values import Emitter, Level
from tests.fusion.made_programmes import RATE_HZ, Air, between, chatter, late, live, looped

PIRATE, SECOND, THIRD, STATION = 91.3, 94.6, 102.9, 97.4


def _watch(air: Air, *mhz: float, minutes: float, every_s: float = 50.0, begin_s: float = 0.0, seed: int = 1) -> None:
    """One sensor, short looks, never exactly in step."""
    chance = np.random.default_rng(seed)
    for turn in range(round(minutes * 60 / every_s)):
        for each in mhz:
            air.look("a", begin_s + turn * every_s + chance.uniform(0, 5), each)


def test_an_advert_that_comes_again_and_again_is_a_loop_with_its_period():
    air = Air({PIRATE: looped(chatter(5, 62.0))})
    _watch(air, PIRATE, minutes=60)
    loop = air.emitter(PIRATE).loop
    assert is_loop(loop)
    assert loop.repertoire_s == pytest.approx(62, rel=0.4)
    assert loop.period_s == pytest.approx(62.0, abs=0.05)
    finding = air.finding(PIRATE, "fm_loop")
    assert finding.weight_db > 0
    assert finding.evidence["share"] > 0.5


def test_an_advert_at_odd_moments_between_live_speech_is_a_loop_without_a_period():
    chance = np.random.default_rng(4)
    begins = list(10_000 + np.cumsum(chance.uniform(80, 200, 60)))
    air = Air({PIRATE: between(live(3), chatter(6, 60.0), begins)})
    _watch(air, PIRATE, minutes=90)
    loop = air.emitter(PIRATE).loop
    assert is_loop(loop)
    assert loop.period_s is None
    assert 200 < loop.repertoire_s < 1800  # 60 s of sound for 43 % of the time


def test_live_speech_with_a_jingle_every_ten_minutes_is_no_loop():
    jingle = chatter(9, 8.0)
    air = Air({PIRATE: between(live(8), jingle, [10_000 + 600 * n for n in range(8)])})
    _watch(air, PIRATE, minutes=80)
    assert not is_loop(air.emitter(PIRATE).loop)
    assert air.finding(PIRATE, "fm_loop") is None


def test_a_loop_on_a_licensed_frequency_is_its_own_business():
    air = Air({STATION: looped(chatter(5, 45.0))}, licensed={STATION: "Traffic notices"})
    _watch(air, STATION, minutes=40)
    assert air.emitter(STATION).loop is None
    assert air.world.programmes.kept == {}


def test_pips_and_tones_are_no_programme_to_be_known_again():
    t = np.arange(round(3 * RATE_HZ)) / RATE_HZ
    chance = np.random.default_rng(2)
    pips = (np.sin(2 * np.pi * 1000 * t) * (t % 0.5 < 0.1)).astype(np.float32)
    hiss = (1e-3 * chance.standard_normal(len(t))).astype(np.float32)
    assert not distinctive(fingerprint(pips + hiss, RATE_HZ))
    tone = np.sin(2 * np.pi * 1000 * t).astype(np.float32)
    first, second = (
        fingerprint(tone + (1e-3 * chance.standard_normal(len(t))).astype(np.float32), RATE_HZ) for _ in range(2)
    )
    assert find(first, [second]) == ()


def test_three_frequencies_with_one_programme_are_three_sets_at_once():
    programme = live(11)
    air = Air({PIRATE: programme, SECOND: late(programme, 4.0), THIRD: late(programme, 0.7)})
    for turn in range(6):
        at_s = 50.0 * turn
        air.look("a", at_s, PIRATE)
        air.look("b", at_s + 4.5, SECOND)
        air.look("c", at_s + 0.2, THIRD)
    finding = air.finding(THIRD, "fm_same_programme")
    assert finding.evidence["sets"] == 3
    assert finding.evidence["at_once"] == 3
    assert finding.weight_db == 10.0
    (link,) = (each for each in air.emitter(SECOND).programme_links if each.other == air.emitter(PIRATE).id)
    assert link.delay_s == pytest.approx(4.0, abs=0.1)
    assert link.times >= 5
    back = next(each for each in air.emitter(PIRATE).programme_links if each.other == air.emitter(SECOND).id)
    assert back.delay_s == pytest.approx(-4.0, abs=0.1)


def test_three_pirates_with_programmes_of_their_own_are_not_linked():
    air = Air({PIRATE: live(21), SECOND: live(22), THIRD: looped(chatter(23, 60.0))})
    for turn in range(12):
        air.look("a", 50.0 * turn, PIRATE, SECOND, THIRD)
    assert all(air.emitter(mhz).programme_links == () for mhz in (PIRATE, SECOND, THIRD))
    assert air.finding(PIRATE, "fm_same_programme") is None


def test_one_set_that_retunes_is_never_two_at_once():
    advert = looped(chatter(31, 40.0))
    air = Air({PIRATE: advert, SECOND: advert})
    _watch(air, PIRATE, minutes=35)
    _watch(air, SECOND, minutes=35, begin_s=3600, seed=2)
    finding = air.finding(SECOND, "fm_same_programme")
    assert finding.evidence["sets"] == 2
    assert finding.evidence["at_once"] == 1
    assert finding.variant == "recording"


def test_two_strangers_who_play_one_song_are_not_linked():
    song = chatter(41, 200.0)
    air = Air({PIRATE: between(live(42), song, [10_300.0]), SECOND: between(live(43), song, [11_021.0])})
    _watch(air, PIRATE, SECOND, minutes=22, every_s=30)
    assert any(not link.simultaneous for link in air.emitter(SECOND).programme_links)
    assert air.finding(SECOND, "fm_same_programme") is None


def test_a_licensed_programme_on_an_unlicensed_frequency_is_a_relay_of_that_station():
    programme = live(51)
    air = Air({STATION: programme, PIRATE: late(programme, 6.5)}, licensed={STATION: "Radio One"})
    for turn in range(4):
        air.look("a", 50.0 * turn, STATION)
        air.look("b", 50.0 * turn + 6.0, PIRATE)
    finding = air.finding(PIRATE, "fm_relay")
    assert finding.variant == "relay"
    assert finding.evidence["licence"] == "Radio One"
    assert finding.evidence["delay_s"] == pytest.approx(6.5, abs=0.1)
    assert air.finding(STATION, "fm_relay") is None
    assert air.finding(PIRATE, "fm_same_programme") is None


def test_a_weak_copy_in_the_same_look_is_told_as_an_image_inside_the_receiver():
    programme = live(52)
    for cnr_db, variant in ((35.0, "relay"), (18.0, "receiver")):
        air = Air({STATION: programme, PIRATE: programme}, licensed={STATION: "Radio One"}, cnr_db={PIRATE: cnr_db})
        for turn in range(4):
            air.look("a", 50.0 * turn, STATION, PIRATE)
        finding = air.finding(PIRATE, "fm_relay")
        assert finding.variant == variant
        assert finding.weight_db < 0


def test_an_unlicensed_relay_has_a_case_of_its_own_kind():
    programme = live(53)
    air = Air({STATION: programme, PIRATE: late(programme, 1.0)}, licensed={STATION: "Radio One"})
    for turn in range(5):
        air.look("a", 50.0 * turn, STATION)
        air.look("b", 50.0 * turn + 1.0, PIRATE)
        air.look("c", 50.0 * turn + 2.0, PIRATE)
    cases = [case for case in air.world.cases.values() if case.emitter_id == air.emitter(PIRATE).id]
    assert [case.kind for case in cases] == ["relay_fm"]
    assert cases[0].level >= Level.NOTE


def test_memory_is_bounded_and_stored_looks_give_it_again():
    air = Air({PIRATE: live(61)})
    for turn in range(40):
        air.look("a", 10.0 * turn, PIRATE)
    kept = air.world.programmes.kept[air.emitter(PIRATE).id]
    gaps = np.diff([look.time_utc_ns for look in kept])
    assert gaps.min() >= KEPT_EVERY_NS
    assert memory_of(kept).kept == air.world.programmes.kept
    assert len(memory_of(kept * 100).kept[air.emitter(PIRATE).id]) == MOST_KEPT
    assert max(len(msgspec.msgpack.encode(look)) for look in kept) < 300


def test_an_emitter_stored_before_there_were_links_is_still_read():
    body = {"id": "x", "service": "fm", "freq_hz": 1e8, "first_seen_utc_ns": 1, "last_seen_utc_ns": 2}
    emitter = msgspec.convert(body, Emitter)
    assert emitter.programme_links == ()
    assert emitter.loop is None


def test_times_that_are_multiples_of_nothing_have_no_period():
    chance = np.random.default_rng(8)
    assert all(period_of(chance.uniform(480, 7200, 40)) is None for _ in range(30))
    true = chance.integers(8, 100, 40) * 73.4 + chance.normal(0, 0.05, 40)
    assert period_of(true) == pytest.approx(73.4, abs=0.02)
