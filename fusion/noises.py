"""Noise that sensors found risen is an emitter too, one a sensor and window: what makes it has no name of its own."""

import msgspec

from dsp.signatures import gsm_noise_rise
from dsp.signatures.finding import Finding
from fusion.naming import name_of
from fusion.standing import merge
from fusion.values import Emitter, FiledReport


def with_noises(emitters: dict[str, Emitter], filed: FiledReport, now_ns: int) -> list[str]:
    """Give the report's findings about noise to their emitters; the ids of those it touched."""
    touched = []
    for finding in filed.report.findings:
        freq_mhz = finding.evidence.get("freq_mhz")
        if finding.name == gsm_noise_rise.NAME and finding.about is None and isinstance(freq_mhz, int | float):
            emitter = _raised(emitters, finding, freq_mhz * 1e6, filed, now_ns)
            emitters[emitter.id] = emitter
            touched.append(emitter.id)
    return touched


def _raised(emitters: dict[str, Emitter], finding: Finding, freq_hz: float, filed: FiledReport, now_ns: int) -> Emitter:
    key = name_of("noise", filed.sensor, round(freq_hz / 1e3))
    old = emitters.get(key) or Emitter(
        id=key, service="gsm", freq_hz=freq_hz, first_seen_utc_ns=now_ns, last_seen_utc_ns=now_ns
    )
    identity = (filed.sensor, filed.report.boot, filed.report.seq)
    standing = merge(old.findings, (finding,), sensor=filed.sensor, report=identity, now_ns=now_ns)
    return msgspec.structs.replace(old, last_seen_utc_ns=max(old.last_seen_utc_ns, now_ns), findings=standing)
