"""Emitters of one channel told apart, and joined again: what is looked for is also asked whether it is several."""

from fusion.associate_fm import stations
from fusion.channel.divide import divided, due, one_after_all
from fusion.fm_likeness import same_programme
from fusion.locate.calibrate import Learnt
from fusion.locate.power import propagation
from fusion.values import Emitter, Rules


def told_apart(emitters: dict[str, Emitter], key: str, rules: Rules, *, now_ns: int, learnt: Learnt) -> frozenset[str]:
    """Puts the emitters that `key` turns out to be into `emitters`; the ids of those that are part of others now."""
    emitter = emitters[key]
    if not due(emitter, now_ns) or _one_clock(emitter):
        return frozenset()
    prior = propagation(emitter.service, emitter.freq_hz)
    elder = emitters.get(emitter.beside) if emitter.beside is not None else None
    if elder is not None and not _another_programme(elder, emitter):
        whole = one_after_all(elder, emitter, prior=prior, area=rules.area, now_ns=now_ns, learnt=learnt)
        if whole is not None:
            emitters[elder.id] = whole
            del emitters[key]
            return frozenset({key})
    for part in divided(emitter, prior=prior, area=rules.area, now_ns=now_ns, learnt=learnt):
        emitters[part.id] = part
    return frozenset()


def _one_clock(emitter: Emitter) -> bool:
    """A GSM carrier whose frame clock several sensors could compare is one transmitter: nothing else has that clock."""
    if emitter.service != "gsm":
        return False
    clocked = [each for each in emitter.latest if each.clock_sigma_ns is not None]
    return len(clocked) > 1 and len(clocked) == len(emitter.latest)


def _another_programme(a: Emitter, b: Emitter) -> bool:
    if a.pi is not None and b.pi is not None and a.pi != b.pi:
        return True
    return any(same_programme(x, y) is False for _, x in stations(a) for _, y in stations(b))
