"""An emitter before and after it is heard once more."""

import msgspec

from dsp.fm.values import FmStation
from dsp.gsm.values import GsmCell
from dsp.signatures.on_air_week import with_slot
from dsp.signatures.station_record import trusted_pi
from fusion.licences import contradicts, holder, known_cell, network_listed, on_channel
from fusion.naming import name_of
from fusion.sightings import covers, sighting_of, with_sighting
from fusion.values import Emitter, FiledReport, Latest, Rules

MOST_LATEST = 64
FORGOTTEN_NS = 14 * 86_400 * 10**9
FREQ_SMOOTHING = 0.2  # of a new reading; sensors' oscillators differ


def first_heard(filed: FiledReport, index: int, new: Latest) -> Emitter:
    """An emitter nobody knew; its name follows from the report that first had it."""
    report = filed.report
    return Emitter(
        id=name_of(filed.sensor, report.boot, report.seq, index),
        service="gsm" if isinstance(new.heard, GsmCell) else "fm",
        freq_hz=new.heard.freq_hz,
        first_seen_utc_ns=new.time_utc_ns,
        last_seen_utc_ns=new.time_utc_ns,
    )


def hear(emitter: Emitter, filed: FiledReport, new: Latest) -> Emitter:
    """With this hearing remembered: who heard it, how loud, and what it said of itself."""
    heard = new.heard
    named = _gsm_name(emitter, heard) if isinstance(heard, GsmCell) else _fm_name(emitter, heard)
    return msgspec.structs.replace(
        named,
        last_seen_utc_ns=max(emitter.last_seen_utc_ns, new.time_utc_ns),
        sightings=with_sighting(emitter.sightings, sighting_of(filed, heard)),
        latest=_with_latest(emitter.latest, new),
        week=with_slot(emitter.week, new.time_utc_ns, heard=True) if emitter.service == "fm" else None,
    )


def listened_in_vain(emitter: Emitter, filed: FiledReport, now_ns: int) -> Emitter:
    """The report's sensor, which heard this FM emitter before, listened on its channel and did not hear it."""
    if emitter.service != "fm" or all(latest.sensor != filed.sensor for latest in emitter.latest):
        return emitter
    if now_ns - emitter.last_seen_utc_ns > FORGOTTEN_NS or not any(covers(s, emitter) for s in filed.report.swept):
        return emitter
    week = with_slot(emitter.week, now_ns, heard=False)
    return emitter if week is emitter.week else msgspec.structs.replace(emitter, week=week)


def with_licence(emitter: Emitter, rules: Rules, *, taken: bool) -> Emitter:
    """Whether it is licensed, by the server's list. `taken`: another emitter holds the channel's licence."""
    if emitter.service == "gsm":
        row = known_cell(rules.licences, emitter)
        listed = network_listed(rules.licences, emitter)
        known = row is not None if listed and emitter.ci is not None else None
        return msgspec.structs.replace(emitter, licensed=known)
    if not rules.licences.fm:
        return msgspec.structs.replace(emitter, licensed=None, licence_name=None)
    channel = on_channel(rules.licences, emitter.freq_hz, now_ns=emitter.last_seen_utc_ns, pi=emitter.pi)
    found = holder(rules.licences, emitter.freq_hz, now_ns=emitter.last_seen_utc_ns, pi=emitter.pi)
    if found is None or taken or contradicts(emitter.pi, channel, rules.licences):
        return msgspec.structs.replace(emitter, licensed=False, licence_name=None)
    return msgspec.structs.replace(emitter, licensed=True, licence_name=found.licence.name)


def _gsm_name(emitter: Emitter, cell: GsmCell) -> Emitter:
    """What was not read this time stays as it was."""
    return msgspec.structs.replace(
        emitter,
        freq_hz=cell.freq_hz,
        arfcn=emitter.arfcn if cell.arfcn is None else cell.arfcn,
        bsic=cell.bsic,
        mcc=cell.mcc or emitter.mcc,
        mnc=cell.mnc or emitter.mnc,
        lac=emitter.lac if cell.lac is None else cell.lac,
        ci=emitter.ci if cell.ci is None else cell.ci,
    )


def _fm_name(emitter: Emitter, station: FmStation) -> Emitter:
    first = not emitter.latest
    drift_hz = 0.0 if first else FREQ_SMOOTHING * (station.freq_hz - emitter.freq_hz)
    return msgspec.structs.replace(
        emitter,
        freq_hz=emitter.freq_hz + drift_hz,
        pi=trusted_pi(station) or emitter.pi,
        ps=station.ps or emitter.ps,
    )


def _with_latest(latest: tuple[Latest, ...], new: Latest) -> tuple[Latest, ...]:
    old = next((each for each in latest if each.sensor == new.sensor), None)
    looks = 1 if old is None else old.looks + 1
    others = tuple(each for each in latest if each.sensor != new.sensor)
    return (*others, msgspec.structs.replace(new, looks=looks))[-MOST_LATEST:]
