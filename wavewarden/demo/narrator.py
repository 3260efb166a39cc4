"""Says on the terminal what the server's database shows: each alert once, in words."""

import msgspec
from rich.console import Console
from sqlalchemy import Engine, func, select

from fusion.values import Case, Level
from server import tables
from server.alerts.alert import Alert
from shell import words


class Narrator:
    """Remembers which alerts were told."""

    def __init__(self, engine: Engine, console: Console, language: str) -> None:
        self._engine, self._console, self._language = engine, console, language
        self._told = 0
        self.kinds_drawn: set[str] = set()  # kinds of offence that are alerted and have a region

    def tell(self, *, after_s: float) -> None:
        query = select(tables.alert.c.id, tables.alert.c.body).where(tables.alert.c.id > self._told)
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(tables.alert.c.id)).all()
        for row in rows:
            self._told = row.id
            self._say(msgspec.msgpack.decode(row.body, type=Alert), after_s)

    def _say(self, alert: Alert, after_s: float) -> None:
        fix = alert.fix
        where = self._text("demo.region", km2=f"{fix.area_km2:.2f}") if fix else self._text("demo.no_region")
        if fix and fix.region:
            self.kinds_drawn.add(alert.kind)
        line = self._text(
            "demo.alert",
            after=f"{after_s:6.1f}",
            level=self._text(f"level.{Level(alert.level).name.lower()}"),
            kind=self._text(f"case.{alert.kind}"),
            mhz=f"{alert.freq_hz / 1e6:.3f}",
            where=where,
        )
        self._console.print(line, style="bold red" if alert.level == Level.HIGH else "yellow", markup=False)

    def counts(self) -> tuple[int, int]:
        """Reports and alerts stored so far."""
        with self._engine.connect() as connection:
            reports = connection.execute(select(func.count()).select_from(tables.report)).scalar_one()
            alerts = connection.execute(select(func.count()).select_from(tables.alert)).scalar_one()
        return reports, alerts

    def open_cases(self) -> list[Case]:
        query = select(tables.case.c.body).where(tables.case.c.closed_utc_ns.is_(None))
        with self._engine.connect() as connection:
            return [msgspec.msgpack.decode(row.body, type=Case) for row in connection.execute(query)]

    def _text(self, key: str, **values: object) -> str:
        return words.say(key, self._language, **values)
