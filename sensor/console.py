"""What a sensor says on its own console: without a link nobody else hears of a finding, so in both languages."""

from collections import OrderedDict
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TextIO

from dsp.fm.values import FmStation
from dsp.gsm.values import GsmCell
from dsp.signatures.finding import Finding
from dsp.signatures.history import cell_key, station_key
from shell import words
from wire.report import Report

AGAIN_NS = 600 * 1_000_000_000
MOST_REMEMBERED = 4096


class Console:
    """Remembers what it has said, so that a finding that stays is not said at every look."""

    def __init__(self, stream: TextIO, language: str) -> None:
        self._stream = stream
        self._language = language
        self._said: OrderedDict[tuple[str, str], int] = OrderedDict()

    def say(self, key: str, **values: object) -> None:
        self._write(words.say(key, self._language, **values))

    def words(self, key: str) -> str:
        return words.say(key, self._language)

    def tell_error(self, error: Exception) -> None:
        self._write(words.explain(error, self._language))

    def tell_findings(self, report: Report) -> None:
        """Each finding of the report that speaks against somebody and was not said of late."""
        when_ns = report.created_utc_ns if report.time_utc_ns is None else report.time_utc_ns
        for finding in report.findings:
            if finding.weight_db <= 0:
                continue
            about = None if finding.about is None else report.heard[finding.about]
            if self._is_new((_key(about), finding.name), report.created_utc_ns):
                for line in finding_lines(finding, about, when_ns):
                    self._write(line)

    def _is_new(self, key: tuple[str, str], now_ns: int) -> bool:
        last_ns = self._said.pop(key, None)
        new = last_ns is None or not 0 <= now_ns - last_ns < AGAIN_NS
        self._said[key] = now_ns if new or last_ns is None else last_ns
        while len(self._said) > MOST_REMEMBERED:
            self._said.popitem(last=False)
        return new

    def _write(self, line: str) -> None:
        self._stream.write(line + "\n")
        self._stream.flush()


def finding_lines(finding: Finding, about: GsmCell | FmStation | None, utc_ns: int) -> Iterator[str]:
    """One line a language."""
    for language in words.LANGUAGES:
        yield words.say(
            "sensor.finding",
            language,
            utc=f"{datetime.fromtimestamp(utc_ns // 1_000_000_000, UTC):%Y-%m-%d %H:%M:%S}",
            about=words.say("sensor.finding.nobody", language) if about is None else name_of(about),
            title=words.finding(finding.name, "title", finding.evidence, language),
            what=words.finding(finding.name, "what", finding.evidence, language),
            weight=f"{finding.weight_db:+.0f}",
        )


def name_of(heard: GsmCell | FmStation) -> str:
    """A carrier by its frequency and what it calls itself."""
    mhz = f"{heard.freq_hz / 1e6:.2f} MHz"
    if isinstance(heard, FmStation):
        texts = [f"{heard.pi:04X}" if heard.pi is not None else "", words.clean(heard.ps or "")]
    else:
        cell = f"{heard.mcc}-{heard.mnc}/{heard.lac}/{heard.ci}" if heard.mcc is not None else ""
        texts = ["" if heard.arfcn is None else f"ARFCN {heard.arfcn}", cell]
    return " ".join([mhz, *filter(None, texts)])


def _key(about: GsmCell | FmStation | None) -> str:
    if about is None:
        return ""
    return cell_key(about) if isinstance(about, GsmCell) else station_key(about.freq_hz)
