"""Taking one report into the world, and letting time pass. Pure: the same reports in the same order, the same world."""

from collections.abc import Iterable

import msgspec

from dsp.fm.values import FmStation
from dsp.gsm.values import GsmCell
from dsp.signatures.finding import Finding
from fusion.associate_bearing import associate_bearing, bearings_in, with_bearings
from fusion.associate_fm import SAME_CARRIER_HZ, associate_fm
from fusion.associate_gsm import associate_gsm, sensor_step_ns
from fusion.associate_retuned import associate_retuned
from fusion.by_list import findings_by_index
from fusion.calibration import learnt_for
from fusion.case import LOWER_AFTER_NS, SILENCE_NS, close, silent, step_case, why_silent
from fusion.emitter import first_heard, hear, listened_in_vain, with_licence
from fusion.emitter_differences import with_arrival, with_differences
from fusion.judge import judge
from fusion.licences import on_channel
from fusion.network import taught
from fusion.noises import with_noises
from fusion.on_air import OnAir
from fusion.on_channel import OnChannel
from fusion.place import due, located
from fusion.programmes import hear_programmes, remembered_programmes
from fusion.scene import FusionScene
from fusion.several import told_apart
from fusion.sightings import not_heard, with_sighting
from fusion.signatures.registry import judge_together
from fusion.standing import merge
from fusion.times import world_ns
from fusion.values import Case, Emitter, FiledReport, Latest, MeasuredDifferences, Rules, Step, World
from fusion.withdrawn import take_back

RECENT_NS = 300 * 10**9
FORGET_NS = 7 * 86400 * 10**9


def take(world: World, filed: FiledReport, rules: Rules) -> Step:
    """The world after this report, and which emitters and cases it changed."""
    now_ns = world_ns(filed)
    identity = (filed.sensor, filed.report.boot, filed.report.seq)
    emitters, touched = _hear_all(dict(world.emitters), filed, rules, now_ns)
    heard = [(k, h) for k, h in zip(touched, filed.report.heard, strict=True) if isinstance(h, FmStation)]
    programmes = hear_programmes(world.programmes, emitters, heard, filed, now_ns=now_ns)
    noisy = with_noises(emitters, filed, now_ns)
    _miss_others(emitters, [*touched, *noisy], filed, world.cases, now_ns)
    for key in set(emitters) - set(touched):
        emitters[key] = listened_in_vain(emitters[key], filed, now_ns)
    pointed = _take_bearings(emitters, filed)
    for key in take_back(emitters, filed):
        emitters[key] = located(emitters[key], rules, now_ns=now_ns, among=emitters.values())
    gone: set[str] = set()
    for key in due((emitters[key] for key in dict.fromkeys((*touched, *pointed))), now_ns=now_ns):
        learnt = learnt_for(emitters[key], emitters.values(), rules)
        emitters[key] = located(emitters[key], rules, now_ns=now_ns, among=emitters.values(), learnt=learnt)
        gone |= told_apart(emitters, key, rules, now_ns=now_ns, learnt=learnt)
    touched = [key for key in touched if key not in gone]
    on_air = OnAir(emitters.values(), now_ns)
    for key in touched:
        emitter = emitters[key]
        scene = FusionScene(emitters, rules, now_ns, world.networks, on_air)
        found = judge_together(emitter, scene)
        standing = merge(emitter.findings, found, sensor=None, report=identity, now_ns=now_ns)
        emitters[key] = msgspec.structs.replace(emitter, findings=standing)
        on_air.put(emitters[key])
    cases = _judged(world.cases, [emitters[key] for key in (*touched, *noisy)], rules, identity, now_ns)
    cases += tuple(close(c, "cleared", now_ns) for c in world.cases.values() if _is_open(c) and c.emitter_id in gone)
    all_cases = world.cases | {case.id: case for case in cases}
    suspects = frozenset(case.emitter_id for case in all_cases.values() if case.closed_utc_ns is None)
    networks = taught(world.networks, (emitters[key] for key in touched), suspects)
    return Step(
        world=World(emitters=emitters, cases=all_cases, networks=networks, programmes=programmes.memory),
        emitters=tuple(e for key, e in emitters.items() if world.emitters.get(key) != e),
        cases=cases,
        looks=programmes.kept,
    )


def take_differences(world: World, measured: MeasuredDifferences, rules: Rules) -> Step:
    """The world after time differences that were measured of an emitter; none, if no such emitter is known."""
    emitter = world.emitters.get(measured.emitter_id) or _on_channel(world, measured)
    if emitter is None or not measured.differences:
        return Step(world=world)
    told = with_differences(emitter, measured.differences)
    others = world.emitters.values()
    learnt = learnt_for(told, others, rules)
    found = located(told, rules, now_ns=measured.time_utc_ns, among=others, learnt=learnt)
    after = msgspec.structs.replace(world, emitters=world.emitters | {found.id: found})
    return Step(world=after, emitters=(found,))


def _on_channel(world: World, measured: MeasuredDifferences) -> Emitter | None:
    """The unlicensed emitter there that was heard last."""
    there = (
        e
        for e in world.emitters.values()
        if e.service == measured.service
        and not e.licensed
        and abs(e.freq_hz - measured.freq_hz) < SAME_CARRIER_HZ
        and e.first_seen_utc_ns <= measured.time_utc_ns
    )
    return max(there, key=lambda e: (e.last_seen_utc_ns, e.id), default=None)


def tick(world: World, now_utc_ns: int, rules: Rules) -> Step:
    """Time passes without a report: what fell silent is closed."""
    closed = {
        case.id: close(case, why_silent(emitter), now_utc_ns)
        for case in world.cases.values()
        if case.closed_utc_ns is None
        and (emitter := world.emitters.get(case.emitter_id)) is not None
        and silent(emitter, now_utc_ns, _recovery_ns(emitter, rules, SILENCE_NS))
    }
    emitters = remembered(world, now_utc_ns)
    programmes = remembered_programmes(world.programmes, emitters, now_utc_ns)
    if not closed and len(emitters) == len(world.emitters) and programmes is world.programmes:
        return Step(world=world)
    after = msgspec.structs.replace(world, emitters=emitters, cases=world.cases | closed, programmes=programmes)
    return Step(world=after, cases=tuple(closed.values()))


def remembered(world: World, now_utc_ns: int) -> dict[str, Emitter]:
    """Emitters worth keeping: heard this week, or part of a case. Else ghosts would fill the memory over the years."""
    suspects = {case.emitter_id for case in world.cases.values()}
    return {
        key: emitter
        for key, emitter in world.emitters.items()
        if key in suspects or now_utc_ns - emitter.last_seen_utc_ns <= FORGET_NS
    }


def open_case(cases: Iterable[Case], emitter_id: str) -> Case | None:
    return next((c for c in cases if c.emitter_id == emitter_id and c.closed_utc_ns is None), None)


def _hear_all(
    emitters: dict[str, Emitter], filed: FiledReport, rules: Rules, now_ns: int
) -> tuple[dict[str, Emitter], list[str]]:
    """Every thing heard, given to the emitter it is, or to a new one."""
    found = findings_by_index(filed.report, rules)
    hearings = [_latest(filed, heard, now_ns) for heard in filed.report.heard]
    known_there = OnChannel(emitters.values())
    about = {e.id: e for new in hearings for e in known_there.about(new.heard)}
    step_ns = sensor_step_ns(about.values(), hearings)
    present = [heard for heard in filed.report.heard if isinstance(heard, GsmCell)]
    touched: list[str] = []
    for index, new in enumerate(hearings):
        free = [e for e in known_there.about(new.heard) if e.id not in touched]
        known = associate_gsm(free, new, step_ns=step_ns) or associate_fm(free, new)
        if known is None:
            silent = (e for e in emitters.values() if e.id not in touched)
            known = associate_retuned(silent, new, present, step_ns=step_ns)
        emitter = hear(known or first_heard(filed, index, new), filed, new)
        emitter = _with_findings(with_arrival(emitter, filed, new.heard), found[index], filed, now_ns)
        emitters[emitter.id] = emitter
        touched.append(emitter.id)
        known_there.put(emitter)
        _settle_licences(emitters, emitter, known_there, rules)
    return emitters, touched


def _take_bearings(emitters: dict[str, Emitter], filed: FiledReport) -> list[str]:
    """Every bearing, given to the emitter it points at; the ids of those. Where nobody is known: to none."""
    pointed = []
    for bearing in bearings_in(filed):
        known = associate_bearing(emitters.values(), bearing)
        if known is not None:
            emitters[known.id] = with_bearings(known, bearing)
            pointed.append(known.id)
    return pointed


def _latest(filed: FiledReport, heard: GsmCell | FmStation, now_ns: int) -> Latest:
    return Latest(
        sensor=filed.sensor,
        time_utc_ns=now_ns,
        heard=heard,
        boot=filed.report.boot,
        clock=filed.report.time_source,
        clock_sigma_ns=filed.report.time_sigma_ns,
    )


def _with_findings(emitter: Emitter, found: tuple[Finding, ...], filed: FiledReport, now_ns: int) -> Emitter:
    identity = (filed.sensor, filed.report.boot, filed.report.seq)
    standing = merge(emitter.findings, found, sensor=filed.sensor, report=identity, now_ns=now_ns)
    return msgspec.structs.replace(emitter, findings=standing)


def _settle_licences(emitters: dict[str, Emitter], emitter: Emitter, known_there: OnChannel, rules: Rules) -> None:
    """A channel has as many holders as licences: who says its PI first, then who is still on the air, then the elder.

    One that fell silent when another began has become that other: a station whose coder failed is no stranger.
    """
    if emitter.service == "gsm":
        emitters[emitter.id] = with_licence(emitter, rules, taken=False)
        known_there.put(emitters[emitter.id])
        return
    near = known_there.near("fm", emitter.freq_hz)
    channel = [emitters[e.id] for e in near if abs(e.freq_hz - emitter.freq_hz) < SAME_CARRIER_HZ]
    newest_ns = max(e.first_seen_utc_ns for e in channel)
    claims = [with_licence(e, rules, taken=False) for e in channel]
    ranked = sorted(
        claims,
        key=lambda e: (not e.licensed, e.last_seen_utc_ns < newest_ns, e.pi is None, e.first_seen_utc_ns, e.id),
    )
    now_ns, freq_hz = emitter.last_seen_utc_ns, emitter.freq_hz
    holders = max(len(on_channel(rules.licences, freq_hz, now_ns=now_ns, pi=e.pi)) for e in channel)
    for rank, each in enumerate(ranked):
        emitters[each.id] = with_licence(each, rules, taken=rank >= holders)
        known_there.put(emitters[each.id])


def _miss_others(
    emitters: dict[str, Emitter], touched: list[str], filed: FiledReport, cases: dict[str, Case], now_ns: int
) -> None:
    """Suspects on the swept channels that this report did not have: the sensor listened and did not hear them."""
    suspects = {c.emitter_id for c in cases.values() if c.closed_utc_ns is None}
    for key in sorted(suspects - set(touched)):
        emitter = emitters.get(key)
        if emitter is None or now_ns - emitter.last_seen_utc_ns > RECENT_NS:
            continue
        silence = not_heard(filed, emitter)
        if silence is not None:
            emitters[key] = msgspec.structs.replace(emitter, sightings=with_sighting(emitter.sightings, silence))


def _is_open(case: Case) -> bool:
    return case.closed_utc_ns is None


def _judged(
    cases: dict[str, Case], emitters: list[Emitter], rules: Rules, cause: tuple[str, str, int], now_ns: int
) -> tuple[Case, ...]:
    """Cases that the verdicts on these emitters open, change or close."""
    changed: list[Case] = []
    for emitter in emitters:
        case = open_case(cases.values(), emitter.id)
        lower_after_ns = _recovery_ns(emitter, rules, LOWER_AFTER_NS)
        verdict = judge(emitter, rules.fm)
        after = step_case(case, emitter, verdict, cause=cause, now_ns=now_ns, lower_after_ns=lower_after_ns)
        if after is not None and after != case:
            changed.append(after)
    return tuple(changed)


def _recovery_ns(emitter: Emitter, rules: Rules, of_gsm_ns: int) -> int:
    return round(rules.fm.recovery_s * 1e9) if emitter.service == "fm" else of_gsm_ns
