"""A snippet as a SigMF recording: metadata and samples in one zip. Names are made of numbers, never of radio text."""

import io
import json
import zipfile

from server.web.phrases import iso
from server.web.read_sensors import SnippetRow


def snippet_name(row: SnippetRow) -> str:
    return f"wavewarden-snippet-{int(row[0])}"


def sigmf_meta(row: SnippetRow) -> dict[str, object]:
    """SigMF 1.2: global, captures, annotations."""
    _, task_id, sensor, _, centre_hz, rate_hz, time_utc_ns, form, sha256, _ = row
    capture: dict[str, object] = {"core:sample_start": 0, "core:frequency": centre_hz}
    if time_utc_ns is not None:
        capture["core:datetime"] = iso(time_utc_ns)
    return {
        "global": {
            "core:datatype": form,
            "core:sample_rate": rate_hz,
            "core:version": "1.2.0",
            "core:description": f"sensor {sensor}, task {task_id}",
            "core:extensions": [{"name": "wavewarden", "version": "1.0.0", "optional": True}],
            "wavewarden:sha256": sha256,
        },
        "captures": [capture],
        "annotations": [],
    }


def sigmf_zip(row: SnippetRow, samples: bytes) -> bytes:
    """Samples are noise to a packer: they are stored as they are."""
    name, out = snippet_name(row), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(f"{name}.sigmf-meta", json.dumps(sigmf_meta(row), indent=2, ensure_ascii=False))
        archive.writestr(f"{name}.sigmf-data", samples)
    return out.getvalue()
