"""Every signature that needs several sensors, in the order an analyst reads them."""

from collections.abc import Callable

from dsp.signatures.finding import Finding
from fusion.scene import FusionScene
from fusion.signatures import (
    emitter_moves,
    fm_above_licence,
    fm_aviation,
    fm_cloned_identity,
    fm_from_afar,
    fm_heard_by_several,
    fm_loop,
    fm_not_at_its_site,
    fm_radiated_power,
    fm_relay,
    fm_same_programme,
    fm_two_programmes,
    gsm_clone,
    gsm_config_novelty,
    gsm_lac_family,
    gsm_neighbour_graph,
)
from fusion.values import Emitter

SIGNATURES: tuple[Callable[[Emitter, FusionScene], Finding | None], ...] = (
    gsm_clone.judge,
    gsm_config_novelty.judge,
    gsm_lac_family.judge,
    gsm_neighbour_graph.judge,
    fm_two_programmes.judge,
    fm_cloned_identity.judge,
    fm_heard_by_several.judge,
    fm_from_afar.judge,
    fm_not_at_its_site.judge,
    fm_above_licence.judge,
    fm_aviation.judge,
    fm_radiated_power.judge,
    fm_same_programme.judge,
    fm_loop.judge,
    fm_relay.judge,
    emitter_moves.judge,
)


def judge_together(emitter: Emitter, scene: FusionScene) -> tuple[Finding, ...]:
    return tuple(finding for judge in SIGNATURES if (finding := judge(emitter, scene)) is not None)
