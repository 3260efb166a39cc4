"""What judging again would change, as a table and as lines for programs."""

from collections.abc import Iterator, Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from fusion.differences import Difference, Standing
from fusion.rejudge import Anew
from shell import words
from shell.words import clean


def show(console: Console, found: Sequence[Difference], anew: Anew, language: str) -> None:
    changed = [difference for difference in found if not difference.same]
    console.print(words.say("rejudge.judged", language, n=anew.reports, cases=len(found), changed=len(changed)))
    if found:
        console.print(_cases(found, language))
    rules = _rules(anew)
    if rules:
        console.print(_fired(rules, language))


def as_lines(found: Sequence[Difference], anew: Anew) -> Iterator[dict[str, Any]]:
    """One object a case, then one a rule, then the sum."""
    for difference in found:
        emitter = difference.emitter
        yield {
            "type": "case",
            "same": difference.same,
            "service": emitter.service,
            "freq_hz": emitter.freq_hz,
            "bsic": emitter.bsic,
            "mcc": emitter.mcc,
            "mnc": emitter.mnc,
            "lac": emitter.lac,
            "ci": emitter.ci,
            "pi": emitter.pi,
            "then": _plain(difference.then),
            "now": _plain(difference.now),
        }
    for name, then, now in _rules(anew):
        yield {"type": "rule", "name": name, "reports_then": then, "reports_now": now}
    yield {"type": "sum", "reports": anew.reports, "cases": len(found), "changed": sum(not d.same for d in found)}


def _plain(standing: Standing | None) -> dict[str, Any] | None:
    if standing is None:
        return None
    return {
        "kind": standing.kind,
        "level": standing.level.name.lower(),
        "score_db": standing.score_db,
        "opened_utc_ns": standing.opened_utc_ns,
        "findings": list(standing.findings),
    }


def _rules(anew: Anew) -> list[tuple[str, int, int]]:
    """Rules that fire oftener or rarer than they did."""
    names = sorted(anew.fired_then.keys() | anew.fired_now.keys())
    return [(n, anew.fired_then[n], anew.fired_now[n]) for n in names if anew.fired_then[n] != anew.fired_now[n]]


def _cases(found: Sequence[Difference], language: str) -> Table:
    table = _table(("about", "then", "now", "new_rules", "gone_rules"), "rejudge.cases", language)
    for difference in found:
        before = set(difference.then.findings if difference.then else ())
        after = set(difference.now.findings if difference.now else ())
        table.add_row(
            Text(_name(difference)),
            Text(_says(difference.then, language)),
            Text(_says(difference.now, language), style="" if difference.same else "bold"),
            Text(_titles(after - before, language)),
            Text(_titles(before - after, language)),
        )
    return table


def _fired(rules: Sequence[tuple[str, int, int]], language: str) -> Table:
    table = _table(("rule", "then", "now"), "rejudge.rules", language)
    for name, then, now in rules:
        table.add_row(Text(_titles({name}, language)), str(then), str(now))
    return table


def _table(columns: Sequence[str], title: str, language: str) -> Table:
    table = Table(title=words.say(title, language), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(words.say(f"rejudge.column.{column}", language), overflow="fold")
    return table


def _name(difference: Difference) -> str:
    emitter = difference.emitter
    if emitter.service == "fm":
        parts = [f"{emitter.freq_hz / 1e6:.2f} MHz", f"{emitter.pi:04X}" if emitter.pi is not None else ""]
        return clean(" ".join(part for part in [*parts, emitter.ps or ""] if part))
    channel = f"ARFCN {emitter.arfcn}" if emitter.arfcn is not None else f"{emitter.freq_hz / 1e6:.3f} MHz"
    network = f" {emitter.mcc}-{emitter.mnc}/{emitter.lac}/{emitter.ci}" if emitter.mcc else ""
    return f"{channel} BSIC {emitter.bsic}{network}"


def _says(standing: Standing | None, language: str) -> str:
    if standing is None:
        return words.say("rejudge.no_case", language)
    kind = words.say(f"case.{standing.kind}", language) if words.has(f"case.{standing.kind}") else standing.kind
    level = words.say(f"level.{standing.level.name.lower()}", language)
    return f"{level}, {kind}, {standing.score_db:.0f} dB"


def _titles(names: set[str], language: str) -> str:
    return "; ".join(words.finding(name, "title", {}, language) for name in sorted(names))
