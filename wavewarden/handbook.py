"""The detectors' handbook, from the code: what each looks at, why, when it errs, what it weighs and on what counts.

`python -m wavewarden.handbook` prints docs/detectors.md.
"""

import sys
from collections.abc import Callable, Iterator
from typing import Any

from dsp.signatures.registry import FM, GSM, GSM_LOOKS
from dsp.signatures.weights import Counts, Weight, Weights
from fusion.scores import CAPS_DB
from fusion.signatures.registry import SIGNATURES
from shell import words
from shell.data import read_data

PARTS: tuple[tuple[str, tuple[Callable[..., Any], ...]], ...] = (
    ("GSM: what one sensor can know", GSM),
    ("GSM: what a look says without any cell", GSM_LOOKS),
    ("FM: what one sensor can know", FM),
    ("What only several sensors, or a long memory, can know", SIGNATURES),
)
HEAD = """# The detectors

Printed by `python -m wavewarden.handbook` from the code, the catalogue and `shell/data/weights.toml`: a test holds this
page to them. Weights are decibels, 10·log10 of the likelihood ratio guilty : innocent; the counts behind a weight are
fired/n. Evidence of one group says much the same and is capped together: {caps}. How scores become levels stands in
[judging.md](judging.md); `wavewarden weights` prints the weights alone, and computes them again from labelled
data.
"""


def handbook(weights: Weights) -> str:
    """The whole page, as Markdown."""
    caps = ", ".join(f"{group.value} {cap:g}" for group, cap in CAPS_DB.items())
    lines = [HEAD.format(caps=caps)]
    for title, signatures in PARTS:
        lines.append(f"## {title}\n")
        for judge in signatures:
            lines.extend(_detector(sys.modules[judge.__module__], weights))
    return "\n".join(lines).rstrip() + "\n"


def _detector(module: Any, weights: Weights) -> Iterator[str]:
    name, version = module.NAME, module.VERSION
    yield f"### {words.finding(name, 'title', {}, 'en')} · {words.finding(name, 'title', {}, 'zh')}\n"
    yield f"`{name}`, version {version}\n"
    yield f"{(module.__doc__ or '').strip()}\n"
    yield f"Told as: {_told(name, 'en')}  \n{_told(name, 'zh')}\n"
    yield f"Innocent: {_template(name, 'innocent', 'en')}  \n无辜的情形：{_template(name, 'innocent', 'zh')}\n"
    rows = [(key, row) for key, row in weights.weights.items() if key.split(".")[0] == name]
    if rows:
        yield "| variant | dB | group | guilty | innocent | rests on |\n|---|---|---|---|---|---|"
        for key, row in rows:
            yield _row(key.partition(".")[2] or "–", row)
        yield ""


def _row(variant: str, row: Weight) -> str:
    cells = (variant, f"{row.db:+g}", row.group.value, _counts(row.guilty), _counts(row.innocent), row.source)
    return f"| {' | '.join(cells)} |"


def _counts(counts: Counts | None) -> str:
    return "–" if counts is None else f"{counts.fired}/{counts.n}"


def _told(name: str, language: str) -> str:
    return _template(name, "what", language)


def _template(name: str, part: str, language: str) -> str:
    """The sentence with its fields left open, as `{field}`."""
    key = f"finding.{name}.{part}"
    return words.catalogue()[key][language] if words.has(key) else "–"


if __name__ == "__main__":
    sys.stdout.write(handbook(read_data("weights.toml", Weights)))
