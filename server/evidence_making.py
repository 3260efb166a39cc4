"""From samples that arrived to files that can be shown in court; and reading them again."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, select, update

from dsp.errors import SignalError
from server import audit, tables
from server.evidence_asking import ASKED_BY
from server.evidence_facts import Facts, Samples, read_facts
from server.evidence_files import EvidenceFile, Manifest, Place, decode_manifest, encode_manifest, file_of
from server.evidence_sound import DEEMPHASIS_S, FULL_SCALE_HZ, LEAST_SECONDS, Sound, from_cu8, sound_of
from wire.report import Position

log = logging.getLogger(__name__)
SHORT, UNUSABLE = "short", "unusable"
MOST_SHOWN = 20
_E, _N, _T = tables.evidence.c, tables.snippet.c, tables.task.c


@dataclass(frozen=True, slots=True)
class Kept:
    """A piece of evidence as it is stored. `manifest_text` None: on its way, or not made: `failure` says why."""

    id: int
    case_id: str
    asked_utc_ns: int
    failure: str | None
    manifest_text: str | None
    contents: Mapping[str, bytes]

    @property
    def manifest(self) -> Manifest | None:
        return None if self.manifest_text is None else decode_manifest(self.manifest_text)


@dataclass(frozen=True, slots=True)
class Made:
    """sigmf_meta : what belongs to the samples"""

    sound: Sound
    sigmf_meta: bytes
    manifest: bytes


def waiting(connection: Connection) -> list[int]:
    """Evidence whose task ended, oldest first."""
    query = select(_E.id).join_from(tables.evidence, tables.task, _T.id == _E.task_id)
    return list(connection.scalars(query.where(_E.done_utc_ns.is_(None), _T.done_utc_ns.is_not(None)).order_by(_E.id)))


def make_evidence(connection: Connection, id: int, *, software: str, now_utc_ns: int) -> bool:
    """Files, manifest and the audit entry, in the caller's transaction. False: there was nothing to make them of."""
    facts = read_facts(connection, id)
    made = _made(facts, software=software, now_utc_ns=now_utc_ns)
    values: dict[str, object] = {"done_utc_ns": now_utc_ns}
    if isinstance(made, str):
        connection.execute(update(tables.evidence).where(_E.id == id).values(**values, failure=made))
        return False
    values |= {"manifest": made.manifest.decode(), "sigmf_meta": made.sigmf_meta.decode()}
    values |= {"flac": made.sound.flac, "opus": made.sound.opus}
    connection.execute(update(tables.evidence).where(_E.id == id).values(**values))
    audit.note(
        connection,
        time_utc_ns=now_utc_ns,
        who=ASKED_BY,
        address="",
        what="evidence_made",
        subject=str(id),
        detail=f"case {facts.case_id}, sensor {facts.sensor}, manifest SHA-256 {file_of('', '', made.manifest).sha256}",
    )
    return True


def list_evidence(connection: Connection, case_id: str) -> list[Kept]:
    """Of a case, the newest first, without the files' contents."""
    query = select(_E.id, _E.asked_utc_ns, _E.failure, _E.manifest).where(_E.case_id == case_id)
    rows = connection.execute(query.order_by(_E.id.desc()).limit(MOST_SHOWN))
    return [Kept(id, case_id, asked, failure, manifest, {}) for id, asked, failure, manifest in rows]


def read_evidence(connection: Connection, case_id: str, id: int) -> Kept | None:
    """One, with every file."""
    query = (
        select(_E.id, _E.asked_utc_ns, _E.failure, _E.manifest, _E.sigmf_meta, _E.flac, _E.opus, _N.data)
        .join_from(tables.evidence, tables.snippet, _N.task_id == _E.task_id, isouter=True)
        .where(_E.case_id == case_id, _E.id == id)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else _kept(case_id, row)


def _kept(case_id: str, row: Row[*tuple[Any, ...]]) -> Kept:
    id, asked_utc_ns, failure, manifest, meta, flac, opus, samples = row
    parts = {"sigmf-data": samples, "sigmf-meta": None if meta is None else meta.encode(), "flac": flac, "opus": opus}
    name = name_of_evidence(id)
    contents = {f"{name}.{ending}": bytes(part) for ending, part in parts.items() if part is not None}
    return Kept(id, case_id, asked_utc_ns, failure, manifest, {} if manifest is None else contents)


def name_of_evidence(id: int) -> str:
    return f"wavewarden-evidence-{id}"


def _made(facts: Facts, *, software: str, now_utc_ns: int) -> Made | str:
    """The files, or why there are none."""
    samples, carrier_hz = facts.samples, facts.carrier_hz
    if samples is None:
        return facts.outcome or UNUSABLE
    if samples.format != "cu8" or carrier_hz is None:
        return UNUSABLE
    iq = from_cu8(samples.data)
    if len(iq) < LEAST_SECONDS * samples.rate_hz:
        return SHORT
    try:
        sound = sound_of(iq, samples.rate_hz, offset_hz=carrier_hz - samples.centre_hz)
    except SignalError as error:
        log.warning("evidence %d: %s", facts.id, error)
        return UNUSABLE
    meta = _sigmf_meta(facts, samples, carrier_hz)
    files = _files(facts.id, samples, sound, meta)
    told = _told(facts, samples) | _measured(facts, sound) | {"made_utc": _iso(now_utc_ns), "software": software}
    manifest = Manifest(**told, carrier_hz=round(carrier_hz, 1), files=files)
    return Made(sound, meta, encode_manifest(manifest))


def _files(id: int, samples: Samples, sound: Sound, meta: bytes) -> tuple[EvidenceFile, ...]:
    name = name_of_evidence(id)
    return (
        file_of(f"{name}.sigmf-data", "samples of the carrier as the sensor sent them", samples.data),
        file_of(f"{name}.sigmf-meta", "what the samples are, where and when", meta),
        file_of(f"{name}.flac", "the demodulated sound, every sample", sound.flac),
        file_of(f"{name}.opus", "the same sound to listen to, made louder", sound.opus),
    )


def _told(facts: Facts, samples: Samples) -> dict[str, Any]:
    """Who, when, and what was recorded."""
    return {
        "evidence": facts.id,
        "case": facts.case_id,
        "emitter": None if facts.emitter is None else facts.emitter.id,
        "task": facts.task_id,
        "asked_utc": _iso(facts.asked_utc_ns),
        "asked_by": facts.asked_by,
        "received_utc": _iso(samples.received_utc_ns),
        "sensor": facts.sensor,
        "sensor_key": facts.sensor_key,
        "centre_hz": samples.centre_hz,
        "rate_hz": samples.rate_hz,
        "sample_format": samples.format,
        "time_utc": None if samples.time_utc_ns is None else _iso(samples.time_utc_ns),
    }


def _measured(facts: Facts, sound: Sound) -> dict[str, Any]:
    """Settings, place and clock, by the sensor's report beside it."""
    report = facts.report
    health = None if report is None else report.health
    return {
        "seconds": round(sound.seconds, 3),
        "sensor_software": None if report is None else report.software or None,
        "time_source": None if report is None else report.time_source.value,
        "time_sigma_ns": None if report is None else report.time_sigma_ns,
        "place": None if report is None else _place(report.position),
        "gain_db": None if health is None else health.gain_db,
        "deemphasis_us": DEEMPHASIS_S * 1e6,
        "deviation_at_full_scale_hz": FULL_SCALE_HZ,
        "channel_half_hz": sound.channel_half_hz,
        "report": None if report is None else (report.boot, report.seq),
        "station": facts.station,
    }


def _place(position: Position | None) -> Place | None:
    if position is None:
        return None
    return Place(
        lat_deg=position.lat_deg, lon_deg=position.lon_deg, sigma_m=position.sigma_m, source=position.source.value
    )


def _sigmf_meta(facts: Facts, samples: Samples, carrier_hz: float) -> bytes:
    """SigMF 1.2; what it has no word for stands under `wavewarden:`."""
    capture: dict[str, object] = {"core:sample_start": 0, "core:frequency": samples.centre_hz}
    if samples.time_utc_ns is not None:
        capture["core:datetime"] = _iso(samples.time_utc_ns)
    about: dict[str, object] = {
        "core:datatype": samples.format,
        "core:sample_rate": samples.rate_hz,
        "core:version": "1.2.0",
        "core:recorder": "wavewarden sensor",
        "core:description": f"carrier at {carrier_hz:.0f} Hz, sensor {facts.sensor}",
        "core:extensions": [{"name": "wavewarden", "version": "1.0.0", "optional": True}],
        "wavewarden:sha256": samples.sha256,
        "wavewarden:carrier_hz": round(carrier_hz, 1),
    }
    report = facts.report
    if report is not None and report.position is not None:
        place = [report.position.lon_deg, report.position.lat_deg]
        about["core:geolocation"] = {"type": "Point", "coordinates": place}
    if report is not None and report.health is not None and report.health.gain_db is not None:
        capture["wavewarden:gain_db"] = report.health.gain_db
    tree = {"global": about, "captures": [capture], "annotations": []}
    return msgspec.json.format(msgspec.json.encode(tree), indent=2) + b"\n"


def _iso(time_utc_ns: int) -> str:
    seconds, rest = divmod(time_utc_ns, 10**9)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest // 1000:06d}Z"
