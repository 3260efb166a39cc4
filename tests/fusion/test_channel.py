"""Several emitters on one channel: how many, who hears whom, and what becomes of their names."""

import msgspec
import numpy as np

from fusion.channel.divide import EVERY_NS, divided, due, one_after_all
from fusion.channel.hypotheses import hypotheses
from fusion.channel.places import map_of
from fusion.channel.receivers import receivers
from fusion.locate.joint import joined
from fusion.locate.power import propagation
from fusion.values import Emitter
from tests.benchmarks.channel_scenes import FREQ_HZ, PLANE, Channel, channel

GSM = propagation("gsm", FREQ_HZ)


def an_emitter(scene: Channel) -> Emitter:
    return Emitter(
        id="elder", service="gsm", freq_hz=FREQ_HZ, first_seen_utc_ns=0, last_seen_utc_ns=10,
        sightings=scene.evidence.sightings, bearings=scene.evidence.bearings, differences=scene.evidence.differences,
    )  # fmt: skip


def found_in(scene: Channel):
    joint = joined(scene.evidence, prior=GSM, area=None)
    seen = receivers(scene.evidence, PLANE)
    return seen, hypotheses(map_of(seen, GSM, joint.box))


def test_two_on_a_channel_are_two_and_every_receiver_goes_to_the_one_it_hears():
    right = 0
    for seed in (2, 3, 4):
        scene = channel(seed, 2, sensors=8, kinds="pbt")
        seen, found = found_in(scene)
        groups = {frozenset(int(seen.sensors[n][1:]) for n in members) for members in found[0].members}
        truth = {frozenset(np.flatnonzero(scene.hears == k).tolist()) for k in range(2)}
        right += groups == truth
    assert right >= 2


def test_one_on_a_channel_stays_one_reflections_and_echoes_or_not():
    for seed in range(4):
        _, found = found_in(channel(seed, 1, sensors=8, kinds="pbt"))
        assert len(found[0].members) == 1


def test_too_few_receivers_are_never_divided():
    _, found = found_in(channel(1, 1, sensors=3, kinds="pb"))
    assert len(found) == 1


def test_divided_the_elder_keeps_the_name_and_nothing_heard_is_lost_or_twice():
    scene = channel(3, 2, sensors=8, kinds="pbt")
    whole = an_emitter(scene)
    elder, younger = divided(whole, prior=GSM, area=None, now_ns=100)
    assert elder.id == "elder" and younger.beside == "elder"
    assert younger.id == divided(whole, prior=GSM, area=None, now_ns=100)[1].id
    for field in ("sightings", "bearings"):
        parts = [m for part in (elder, younger) for m in getattr(part, field)]
        assert sorted(map(repr, parts)) == sorted(map(repr, getattr(whole, field)))
    assert not {b.sensor for b in elder.bearings} & {b.sensor for b in younger.bearings}
    assert one_after_all(elder, younger, prior=GSM, area=None, now_ns=100) is None


def test_one_that_was_divided_wrongly_is_joined_under_the_elders_name():
    scene = channel(0, 1, sensors=8, kinds="pbt")
    halves = [
        msgspec.structs.replace(
            an_emitter(scene),
            id=name,
            sightings=tuple(s for s in scene.evidence.sightings if int(s.sensor[1:]) % 2 == rest),
            bearings=tuple(b for b in scene.evidence.bearings if int(b.sensor[1:]) % 2 == rest),
            differences=(),
        )
        for rest, name in enumerate(("elder", "younger"))
    ]
    whole = one_after_all(*halves, prior=GSM, area=None, now_ns=100)
    assert whole is not None and whole.id == "elder"
    assert len(whole.bearings) == len(scene.evidence.bearings)


def test_it_is_asked_once_a_minute_and_never_of_what_is_licensed_or_moves():
    emitter = an_emitter(channel(0, 1, sensors=4, kinds="p"))
    asked = msgspec.structs.replace(emitter, divided_utc_ns=5)
    assert due(emitter, 10)
    assert not due(asked, 5 + EVERY_NS - 1) and due(asked, 5 + EVERY_NS)
    assert not due(msgspec.structs.replace(emitter, licensed=True), 10)
    assert not due(msgspec.structs.replace(emitter, moving=True), 10)
