"""A made city in the tables: sensors, emitters, cases, alerts, accounts. Only stored values; no signal is made here."""

import math
import secrets

import msgspec
from sqlalchemy import Engine, insert

from dsp.fm.values import FmStation
from dsp.gsm.values import GsmCell, SystemInformation
from dsp.signatures.finding import EvidenceGroup, Finding
from fusion.values import Case, CaseStep, Emitter, Fix, Latest, Level, StandingFinding
from server import tables
from server.alerts.alert import Alert
from wire.report import Health, Position, PositionSource, Report, Swept, TimeSource

NOW = 1_790_000_000_000_000_000  # 2026-09-21T14:13:20Z
S = 10**9
BOOT = "0" * 31 + "1"
LAT, LON = 30.25, 120.16
HOSTILE = "<script>alert(1)</script>"
FORMULA = "=HYPERLINK(A1)"


def ring(lat: float, lon: float, radius_m: float, corners: int = 36) -> tuple[tuple[float, float], ...]:
    """A closed ring of (lat, lon), clockwise."""
    north, east = radius_m / 111_320, radius_m / (111_320 * math.cos(math.radians(lat)))
    turns = [2 * math.pi * k / corners for k in range(corners)]
    points = [(lat + north * math.cos(t), lon + east * math.sin(t) * (1.3 + 0.2 * math.sin(3 * t))) for t in turns]
    return (*points, points[0])


def fix(lat: float, lon: float, radius_m: float = 400.0, *, time_utc_ns: int = NOW) -> Fix:
    sigma2 = (radius_m / 2.45) ** 2
    return Fix(
        time_utc_ns=time_utc_ns,
        method="power",
        lat_deg=lat,
        lon_deg=lon,
        covariance_m2=(sigma2, 0.0, sigma2),
        region=(ring(lat, lon, radius_m),),
        area_km2=math.pi * radius_m**2 * 1.3e-6,
        sensors=4,
        sightings=37,
        estimated_eirp_dbm=41.2,
        estimated_eirp_sigma_db=4.1,
    )


def station(freq_hz: float, *, ps: str = "", rt: str | None = None, pi: int | None = None) -> FmStation:
    return FmStation(
        freq_hz=freq_hz,
        freq_sigma_hz=3.0,
        level_dbfs=-41.3,
        cnr_db=38.2,
        seconds=1.5,
        deviation_hz=96_400.0,
        occupied_hz=201_000.0,
        pi=pi,
        ps=ps or None,
        rt=rt,
        rds_groups=14 if pi is not None else 0,
        programme=b"\x01\x02",
    )


def cell(freq_hz: float, *, arfcn: int, lac: int, ci: int, mnc: str = "00") -> GsmCell:
    return GsmCell(
        freq_hz=freq_hz,
        arfcn=arfcn,
        level_dbfs=-38.0,
        cnr_db=33.1,
        carrier_offset_hz=112.0,
        carrier_offset_sigma_hz=2.5,
        bsic=23,
        frame_number=1_044_377,
        frame_sample=12_345.6,
        seconds=1.0,
        sch_read=20,
        blocks_read=34,
        blocks_failed=1,
        mcc="460",
        mnc=mnc,
        lac=lac,
        ci=ci,
        t3212=1,
        cell_reselect_hysteresis_db=14,
        neighbour_arfcns=(),
        system_information=(
            SystemInformation(kind="3", hex="49061b3b2d64f0003aa7c80c281459404000a9000b2b2b", times=6, tc_seen=(2, 6)),
            SystemInformation(kind="4", hex="31061c64f0003aa7594040002b2b2b2b2b2b2b2b2b2b2b", times=5, tc_seen=(3, 7)),
        ),
    )


def standing(
    name: str,
    group: EvidenceGroup,
    weight_db: float,
    evidence: dict[str, float | int | str | bool],
    *,
    sensor: str | None = "hill",
    baseline_n: int | None = None,
    seq: int = 1,
) -> StandingFinding:
    return StandingFinding(
        finding=Finding(
            name=name, version=1, group=group, weight_db=weight_db, evidence=evidence, baseline_n=baseline_n, about=0
        ),
        sensor=sensor,
        first_utc_ns=NOW - 300 * S,
        last_utc_ns=NOW - 2 * S,
        times=41,
        reports=((sensor or "hill", BOOT, seq),),
    )


def emitter(id: str, service: str, freq_hz: float, *, age_s: float = 3.0, **fields: object) -> Emitter:
    values = {"first_seen_utc_ns": NOW - 3600 * S, "last_seen_utc_ns": NOW - int(age_s * S), **fields}
    return msgspec.convert(
        {"id": id, "service": service, "freq_hz": freq_hz, **values}, Emitter, strict=True, from_attributes=True
    )


def case(id: str, about: Emitter, kind: str, level: Level, score_db: float, *, opened_s: float = 240.0) -> Case:
    opened = NOW - int(opened_s * S)
    return Case(
        id=id,
        emitter_id=about.id,
        kind=kind,
        level=level,
        score_db=score_db,
        group_scores_db={one.finding.group.value: one.finding.weight_db for one in about.findings},
        findings=about.findings,
        opened_utc_ns=opened,
        changed_utc_ns=opened + 60 * S,
        steps=(
            CaseStep(time_utc_ns=opened, level=Level.NOTE, score_db=score_db / 3),
            CaseStep(time_utc_ns=opened + 60 * S, level=level, score_db=score_db),
        ),
    )


def alert_of(of: Case, about: Emitter) -> Alert:
    return Alert(
        key=f"{of.id}:{of.level.name.lower()}:1",
        case_id=of.id,
        emitter_id=of.emitter_id,
        kind=of.kind,
        level=int(of.level),
        time_utc_ns=of.changed_utc_ns,
        freq_hz=about.freq_hz,
        score_db=of.score_db,
        findings=of.findings,
        fix=about.fix,
    )


def report(lat: float, lon: float, *, seq: int = 1, **health: object) -> Report:
    values: dict[str, object] = {
        "uptime_s": 5400.0,
        "samples_read": 12_441_600_000,
        "samples_lost": 0,
        "clipped_share": 0.0004,
        "noise_dbfs_200k": -71.2,
        "gain_db": 29.7,
        "time_source": TimeSource.NTP,
        "time_sigma_ns": 4_000_000,
        "queue_length": 0,
        "temperature_c": 51.5,
        "radio": "RTL-SDR Blog V4, R828D",
        **health,
    }
    return Report(
        boot=BOOT,
        seq=seq,
        time_utc_ns=NOW - 2 * S,
        time_sigma_ns=4_000_000,
        time_source=TimeSource.NTP,
        created_utc_ns=NOW - 2 * S,
        created_monotonic_ns=5400 * S,
        position=Position(lat_deg=lat, lon_deg=lon, sigma_m=5.0, source=PositionSource.SURVEYED),
        swept=(
            Swept(
                service="fm",
                low_hz=87e6,
                high_hz=89.4e6,
                seconds=1.5,
                noise_dbfs_200k=-71.2,
                lost_samples=0,
                clipped_share=0.0,
            ),
        ),
        health=Health(**values),  # type: ignore[arg-type]
        software="0.1.0",
    )


def put_sensor(
    engine: Engine, id: int, name: str, body: Report | None, *, seen_s: float = 2.0, revoked: bool = False
) -> None:
    with engine.begin() as connection:
        connection.execute(
            insert(tables.sensor).values(
                id=id,
                name=name,
                public_key=secrets.token_hex(20),
                enrolled_utc_ns=NOW - 86400 * S,
                revoked_utc_ns=NOW if revoked else None,
                last_seen_utc_ns=None if body is None else NOW - int(seen_s * S),
                last_report=None if body is None else id,
            )
        )
        if body is not None:
            row = {"id": id, "sensor_id": id, "boot": body.boot, "seq": body.seq, "received_utc_ns": NOW - S}
            connection.execute(insert(tables.report).values(**row, body=msgspec.msgpack.encode(body)))


def put_emitter(engine: Engine, one: Emitter) -> None:
    row = {"id": one.id, "service": one.service, "freq_hz": one.freq_hz, "last_seen_utc_ns": one.last_seen_utc_ns}
    with engine.begin() as connection:
        connection.execute(tables.emitter.delete().where(tables.emitter.c.id == one.id))
        connection.execute(insert(tables.emitter).values(**row, body=msgspec.msgpack.encode(one)))


def put_case(engine: Engine, one: Case) -> None:
    with engine.begin() as connection:
        connection.execute(tables.case.delete().where(tables.case.c.id == one.id))
        connection.execute(
            insert(tables.case).values(
                id=one.id,
                emitter_id=one.emitter_id,
                kind=one.kind,
                level=int(one.level),
                opened_utc_ns=one.opened_utc_ns,
                changed_utc_ns=one.changed_utc_ns,
                closed_utc_ns=one.closed_utc_ns,
                body=msgspec.msgpack.encode(one),
            )
        )


def put_alert(engine: Engine, one: Alert) -> int:
    with engine.begin() as connection:
        result = connection.execute(
            insert(tables.alert).values(
                key=one.key,
                case_id=one.case_id,
                level=one.level,
                created_utc_ns=one.time_utc_ns,
                report_created_utc_ns=one.time_utc_ns - 310_000_000,
                body=msgspec.msgpack.encode(one),
            )
        )
        return int(result.inserted_primary_key[0])


def rogue() -> Emitter:
    """A base station in a car."""
    places = [(LAT + 0.012 - 0.0011 * k, LON - 0.035 + 0.0021 * k) for k in range(14)]
    return emitter(
        "e-rogue",
        "gsm",
        947.2e6,
        arfcn=61,
        bsic=23,
        mcc="460",
        mnc="00",
        lac=15015,
        ci=51208,
        licensed=False,
        moving=True,
        fix=fix(LAT - 0.0034, LON - 0.0056, 320.0),
        track=tuple(fix(*place, 300.0, time_utc_ns=NOW - (14 - k) * 12 * S) for k, place in enumerate(places)),
        latest=tuple(
            Latest(sensor=name, time_utc_ns=NOW - 3 * S, heard=cell(947.2e6, arfcn=61, lac=15015, ci=51208))
            for name in ("hill", "station-road", "van-1")
        ),
        findings=(
            standing(
                "gsm_unknown_cell",
                EvidenceGroup.IDENTITY,
                9.0,
                {"mcc": "460", "mnc": "00", "lac": 15015, "ci": 51208},
                baseline_n=6,
            ),
            standing("gsm_few_neighbours", EvidenceGroup.TOPOLOGY, 6.0, {"neighbours": 0, "threshold": 2}, seq=2),
            standing(
                "gsm_carrier_true",
                EvidenceGroup.RADIO_CLOCK,
                -2.0,
                {"offset_ppm": 0.011, "sigma_ppm": 0.004, "threshold_ppm": 0.05},
                sensor=None,
            ),
        ),
    )


def pirate() -> Emitter:
    return emitter(
        "e-pirate",
        "fm",
        97.437e6,
        ps=HOSTILE[:8],
        pi=0x1234,
        licensed=False,
        moving=False,
        fix=fix(LAT + 0.021, LON + 0.028, 650.0),
        latest=(
            Latest(
                sensor="hill",
                time_utc_ns=NOW - 4 * S,
                heard=station(97.437e6, ps=HOSTILE, rt=f"{FORMULA} <img src=x onerror=alert(2)>", pi=0x1234),
            ),
        ),
        findings=(
            standing(
                "fm_unlicensed",
                EvidenceGroup.LICENCE,
                12.0,
                {
                    "freq_mhz": 97.437,
                    "cnr_db": 38.2,
                    "threshold_db": 12.0,
                    "nearest_mhz": 97.0,
                    "reach_khz": 30.0,
                    "claims": HOSTILE,
                },
                baseline_n=6,
            ),
            standing(
                "fm_over_deviation",
                EvidenceGroup.BEHAVIOUR,
                4.5,
                {"deviation_khz": 96.4, "threshold_khz": 80.0},
                sensor="river",
            ),
        ),
    )


def hijack() -> Emitter:
    """Only a region in two pieces is known."""
    two = (ring(LAT - 0.03, LON + 0.02, 500.0), ring(LAT - 0.045, LON + 0.045, 380.0))
    base = fix(LAT, LON)
    return emitter(
        "e-hijack",
        "fm",
        103.2e6,
        age_s=400.0,
        ps="AD RADIO",
        licensed=False,
        fix=msgspec.structs.replace(base, lat_deg=None, lon_deg=None, covariance_m2=None, region=two, area_km2=1.6),
        latest=(Latest(sensor="river", time_utc_ns=NOW - 400 * S, heard=station(103.2e6, ps="AD RADIO", pi=0x2201)),),
        findings=(
            standing(
                "fm_pi_mismatch",
                EvidenceGroup.LICENCE,
                7.0,
                {"pi": "2201", "groups": 14, "threshold": 4, "licence": "交通之声", "licence_pi": "1203"},
                seq=3,
            ),
        ),
    )


def licensed() -> list[Emitter]:
    places = [(0.04, -0.06), (-0.035, -0.05), (0.03, 0.07), (-0.02, 0.06), (0.005, -0.01), (0.05, 0.01)]
    return [
        emitter(
            f"e-fm-{k}",
            "fm",
            (91.8 + 2.4 * k) * 1e6,
            ps=f"FM {k}",
            licensed=True,
            licence_name=FORMULA if k == 0 else f"交通之声 {k}",
            fix=fix(LAT + dlat, LON + dlon, 300.0),
        )
        for k, (dlat, dlon) in enumerate(places)
    ]


SENSORS = {"hill": (0.03, -0.03), "river": (-0.028, 0.01), "station-road": (0.0, 0.035), "east-gate": (-0.005, -0.055)}


def fill(engine: Engine) -> None:
    """The whole city: five sensors in different health, three suspects, six licensed stations, alerts."""
    unwell = ({}, {"clipped_share": 0.061}, {}, {"deaf": True})
    for id, ((name, (dlat, dlon)), health) in enumerate(zip(SENSORS.items(), unwell, strict=True), start=1):
        put_sensor(engine, id, name, report(LAT + dlat, LON + dlon, **health))
    put_sensor(engine, 5, "van-1", report(LAT - 0.012, LON - 0.02, queue_length=3), seen_s=900.0)
    put_sensor(engine, 6, "new-sensor", None)
    for one in (rogue(), pirate(), hijack(), *licensed()):
        put_emitter(engine, one)
    for made in cases():
        put_case(engine, made)
    for made, about in zip(cases()[:2], (rogue(), pirate()), strict=True):
        put_alert(engine, alert_of(made, about))


def cases() -> tuple[Case, Case, Case]:
    return (
        case("c-rogue", rogue(), "rogue_bts", Level.HIGH, 31.5),
        case("c-pirate", pirate(), "pirate_fm", Level.HIGH, 24.0, opened_s=700.0),
        case("c-hijack", hijack(), "hijack_fm", Level.WATCH, 11.0, opened_s=900.0),
    )
