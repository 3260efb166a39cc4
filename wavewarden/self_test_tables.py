"""A self-test as tables for people."""

import datetime

import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text

from fusion.self_test import LEAST_LINKS
from fusion.self_test_values import EmitterTest, SelfTest, SensorTest
from shell import words
from shell.words import clean

UNKNOWN = "–"


def show_self_test(console: Console, test: SelfTest, language: str) -> None:
    when = datetime.datetime.fromtimestamp(test.time_utc_ns / 1e9).astimezone().isoformat(" ", "minutes")
    columns = ("sensor", "links", "level", "site", "scatter", "clock", "verdict")
    table = _table(words.say("self_test.sensors", language, time=when), columns, language)
    for sensor in test.sensors:
        table.add_row(*(Text(cell) for cell in _sensor_row(sensor, language)))
    console.print(table)
    if not test.emitters:
        return
    table = _table(_headline(test.emitters, language), ("emitter", "heard_by", "error", "area", "held"), language)
    for emitter in test.emitters:
        table.add_row(*(Text(cell) for cell in _emitter_row(emitter, language)))
    console.print(table)


def _table(title: str, columns: tuple[str, ...], language: str) -> Table:
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(words.say(f"self_test.{column}", language))
    return table


def _sensor_row(test: SensorTest, language: str) -> list[str]:
    return [
        clean(test.sensor),
        str(test.links),
        _plus_minus(test.level_error_db, test.level_sigma_db, 1.0),
        UNKNOWN if test.site_error_m is None else f"{test.site_error_m:.0f}",
        UNKNOWN if test.scatter_db is None else f"{test.scatter_db:.1f}",
        _plus_minus(test.clock_error_s, test.clock_sigma_s, 1e6),
        _verdict(test, language),
    ]


def _plus_minus(value: float | None, sigma: float | None, scale: float) -> str:
    return UNKNOWN if value is None or sigma is None else f"{value * scale:+.1f} ± {sigma * scale:.1f}"


def _verdict(test: SensorTest, language: str) -> str:
    if test.why is not None:
        return words.say("self_test.out", language, why=words.say(f"self_test.why.{test.why}", language))
    return words.say("self_test.too_few" if test.links < LEAST_LINKS else "self_test.fit", language)


def _headline(emitters: tuple[EmitterTest, ...], language: str) -> str:
    errors = [each.error_m for each in emitters if each.error_m is not None]
    median = f"{np.median(errors):.0f}" if errors else UNKNOWN
    held = sum(each.held for each in emitters)
    return words.say("self_test.emitters", language, n=len(emitters), median=median, held=held)


def _emitter_row(each: EmitterTest, language: str) -> list[str]:
    return [
        clean(each.name),
        str(each.sensors),
        UNKNOWN if each.error_m is None else f"{each.error_m:.0f}",
        f"{each.area_km2:.2f}",
        words.say("self_test.yes" if each.held else "self_test.no", language),
    ]
