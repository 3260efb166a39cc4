"""A snippet as a SigMF recording: metadata and samples in one zip. Names are made of numbers, never of radio text."""

import io
import json
import zipfile

from server.web.phrases import iso
from server.web.read_sensors import SnippetRow


def snippet_name(row: SnippetRow) -> str:
    return f"wavewarden-snippet-{row.id}"


def sigmf_meta(row: SnippetRow) -> dict[str, object]:
    """SigMF 1.2: global, captures, annotations."""
    capture: dict[str, object] = {"core:sample_start": 0, "core:frequency": row.centre_hz}
    if row.time_utc_ns is not None:
        capture["core:datetime"] = iso(row.time_utc_ns)
    return {
        "global": {
            "core:datatype": row.format,
            "core:sample_rate": row.rate_hz,
            "core:version": "1.2.0",
            "core:description": f"sensor {row.sensor}, task {row.task_id}",
            "core:extensions": [{"name": "wavewarden", "version": "1.0.0", "optional": True}],
            "wavewarden:sha256": row.sha256,
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
