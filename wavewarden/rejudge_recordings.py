"""Recordings judged again, beside what an earlier `replay --json` said of them."""

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from dsp.signatures.band_plan import BandPlan
from dsp.signatures.finding import Finding
from dsp.signatures.licences import Licences
from dsp.signatures.weights import Weights
from fusion.judge import group_scores
from fusion.values import StandingFinding
from recordings.read import open_recording
from shell import words
from shell.data import read_chosen, read_data
from shell.settings import SettingsError, read_settings
from wavewarden.language import language, text
from wavewarden.progress import progress
from wavewarden.replay import Result
from wavewarden.replay import replay as receive
from wavewarden.replay_command import Law, recordings_of

WIDE = 140
Said = dict[tuple[str, str], float]  # (about, rule) → weight in dB


class NotReplayLines(SettingsError):
    """The file to compare with is not what `replay --json` printed."""

    def __init__(self, *, file: str, line: int) -> None:
        super().__init__(f"{file}, line {line}: is not a line that `wavewarden replay --json` printed")
        self.file, self.line = file, line


@dataclass(frozen=True, slots=True)
class Again:
    """One recording: what was said of it before (None: nothing to compare with), what is said now, the score of each
    transmitter now."""

    file: Path
    then: Said | None
    now: Said
    scores_db: dict[str, float]


def rejudge_recordings(
    files: Sequence[Path], against: Path | None, licences: Path | None, band_plan: str, *, as_json: bool
) -> bool:
    """Whether any of them held anything to judge."""
    law = Law(
        read_settings(licences, Licences) if licences else Licences(),
        read_data("weights.toml", Weights),
        read_chosen("plans", band_plan, BandPlan),
    )
    before = None if against is None else said_before(against)
    every = recordings_of(files)
    heard = False
    for file in every:
        with progress(text("replay.progress", file=file.name)) as advance:
            result = receive(open_recording(file), law.licences, weights=law.weights, plan=law.plan, progress=advance)
        heard |= bool(result.heard)
        again = _again(file, result, None if before is None else before.get(file.name, {}))
        if as_json:
            for line in _lines(again):
                typer.echo(json.dumps(line, ensure_ascii=False))
        else:
            Console(width=None if sys.stdout.isatty() else WIDE).print(_table(again, language()))
    return heard


def said_before(file: Path) -> dict[str, Said]:
    """Findings by the name of the recording. Raises NotReplayLines."""
    found: dict[str, Said] = {}
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            entry = json.loads(line)
            said = found.setdefault(Path(entry["file"]).name, {})
            if entry.get("type") == "finding":
                said[entry["about"] or "", entry["name"]] = float(entry["weight_db"])
        except (ValueError, KeyError, TypeError, AttributeError):
            raise NotReplayLines(file=str(file), line=number) from None
    return found


def _again(file: Path, result: Result, then: Said | None) -> Again:
    now: Said = {}
    by_about: dict[str, list[Finding]] = {}
    for (about, name), finding in result.findings.items():
        key = "" if about is None else "/".join(about)
        now[key, name] = finding.weight_db
        by_about.setdefault(key, []).append(finding)
    return Again(file, then, now, {key: _score_db(findings) for key, findings in by_about.items()})


def _score_db(findings: Iterable[Finding]) -> float:
    standing = (StandingFinding(finding=f, sensor=None, first_utc_ns=0, last_utc_ns=0, times=1) for f in findings)
    return sum(group_scores(tuple(standing)).values())


def _lines(again: Again) -> Iterable[dict[str, object]]:
    for about, name in sorted(again.now.keys() | (again.then or {}).keys()):
        line: dict[str, object] = {"type": "finding", "file": str(again.file), "about": about, "name": name}
        line["weight_db_now"] = again.now.get((about, name))
        if again.then is not None:
            line["weight_db_then"] = again.then.get((about, name))
        yield line
    for about, score in sorted(again.scores_db.items()):
        yield {"type": "score", "file": str(again.file), "about": about, "score_db": round(score, 1)}


def _table(again: Again, lang: str) -> Table | Text:
    keys = sorted(again.now.keys() | (again.then or {}).keys())
    if not keys:
        return Text(f"{again.file}: {words.say('replay.no_findings', lang)}")
    columns = ["about", "rule", "now"] if again.then is None else ["about", "rule", "then", "now"]
    table = Table(title=str(again.file), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(words.say(f"rejudge.column.{column}", lang), overflow="fold")
    for about, name in keys:
        row = [about, words.finding(name, "title", {}, lang)]
        row += [] if again.then is None else [_db(again.then.get((about, name)))]
        table.add_row(*(Text(cell) for cell in [*row, _db(again.now.get((about, name)))]))
    return table


def _db(weight: float | None) -> str:
    return "–" if weight is None else f"{weight:+.0f} dB"
