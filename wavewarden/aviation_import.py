"""A table of aeronautical frequencies, as an airport or a regulator gives it, becomes rows of the list of licences."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from dsp.fm.aeronautical import AeronauticalFrequency, Service
from dsp.signatures.licences import Licences
from shell.lines import decoded, encoding_of, opened
from shell.settings import read_settings
from wavewarden.licence_import import write_licences
from wavewarden.sheet_rows import is_workbook, sheet_rows
from wavewarden.table_file import Account, ColumnsNotUnderstood, RowRefused, rows_of

COLUMNS = {
    "freq": ("mhz", "freq", "frequency", "freq_mhz", "频率", "频率mhz"),
    "name": ("name", "station", "callsign", "名称", "台站"),
    "kind": ("kind", "service", "type", "类别", "类型"),
    "lat": ("lat", "lat_deg", "latitude", "纬度"),
    "lon": ("lon", "lon_deg", "longitude", "lng", "经度"),
    "radius": ("radius_km", "radius", "半径", "半径km"),
}
NEEDED = ("freq", "name", "kind")
KINDS = {"loc": Service.ILS, "llz": Service.ILS, "localizer": Service.ILS, "voice": Service.COM, "vhf": Service.COM}
KINDS |= {"航向台": Service.ILS, "话音": Service.COM, "dvor": Service.VOR} | {each.value: each for each in Service}
MOST_MHZ, HZ = 1000.0, 1e6


@dataclass(frozen=True, slots=True)
class Meaning:
    """The index of each column there is."""

    at: dict[str, int]

    def text(self, row: list[str], column: str) -> str:
        index = self.at.get(column)
        return "" if index is None or index >= len(row) else row[index].strip()

    def number(self, row: list[str], column: str) -> float | None:
        text = self.text(row, column)
        if not text:
            return None
        try:
            return float(text)
        except ValueError:
            raise RowRefused("number") from None


def import_aviation(source: Path, out: Path) -> Account:
    """Write the rows into `out`, whole or not at all; licences and cells already there stay.

    Raises SettingsError for a table that cannot be read or understood.
    """
    kept = read_settings(out, Licences) if out.exists() else Licences()
    account = Account()
    taken = tuple(dict.fromkeys(_taken(source, account)))
    if taken:
        write_licences(out, msgspec.structs.replace(kept, aviation=taken), source)
    return account


def _taken(source: Path, account: Account) -> Iterator[AeronauticalFrequency]:
    with opened(source) as (content, _):
        text = rows_of(decoded(content, encoding_of(source)), None)
        rows = sheet_rows(source, None) if is_workbook(source) else text
        meaning = _meaning(next(rows, (0, []))[1], source)
        for line, row in rows:
            account.rows += 1
            try:
                frequency = _frequency(row, meaning)
            except RowRefused as refusal:
                account.refuse(refusal.reason, line)
                continue
            account.taken += 1
            yield frequency


def _meaning(names: list[str], source: Path) -> Meaning:
    plain = [name.strip().strip('"').lower().lstrip("\ufeff") for name in names]
    at = {column: plain.index(n) for column, known in COLUMNS.items() for n in reversed(known) if n in plain}
    missing = [column for column in NEEDED if column not in at]
    if missing:
        why = f"a table of aeronautical frequencies has the columns {', '.join(NEEDED)}; missing: {', '.join(missing)}"
        raise ColumnsNotUnderstood(file=str(source), why=why)
    return Meaning(at)


def _frequency(row: list[str], meaning: Meaning) -> AeronauticalFrequency:
    freq, kind = meaning.number(row, "freq"), KINDS.get(meaning.text(row, "kind").lower())
    if freq is None:
        raise RowRefused("number")
    if kind is None:
        raise RowRefused("kind")
    try:
        return AeronauticalFrequency(
            freq_hz=round(freq * HZ) if freq < MOST_MHZ else freq,
            name=meaning.text(row, "name") or f"{kind.name} {freq:g}",
            kind=kind,
            lat_deg=meaning.number(row, "lat"),
            lon_deg=meaning.number(row, "lon"),
            radius_km=meaning.number(row, "radius") or 100.0,
        )
    except ValueError:
        raise RowRefused("band_or_place") from None
