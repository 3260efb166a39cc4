"""A sensor's memory at its largest: bytes on disk, time to read and write it, and what one cell observation costs."""

import random
import statistics
import tempfile
import time
from itertools import chain
from pathlib import Path

import msgspec

from dsp.gsm.values import GsmCell, SystemInformation
from dsp.signatures.cell_list import HEADER, parse_cell_list
from dsp.signatures.history import MOST_CELLS, SiteHistory, cell_key
from dsp.signatures.licences import Licences
from dsp.signatures.registry import judge_gsm
from dsp.signatures.seen import Seen, digests
from sensor.remember import load, save
from tests.dsp.signatures.made import LAW, MINUTE, SECOND, cell, clocked, paged

DAYS, A_LOOK, LOOKS = 9, 5, 200
DAY = 86400 * SECOND
START = 20718 * DAY
TODAY = START // DAY + DAYS - 1
LIMIT_BYTES, LIMIT_MS, MILLION = 20e6, 1.0, 1_000_000


def main() -> None:
    history = full_history()
    now_ns = START + DAYS * DAY
    near = [key for key, _ in history.latest_cells(now_ns, 30 * MINUTE)]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "history.msgpack"
        saving = timed_ms(lambda: save(file, history))
        size = file.stat().st_size
        loading = timed_ms(lambda: load(file))
        assert load(file).cells == history.cells
    print(f"| {MOST_CELLS} cells, each with {DAYS} days of everything | reach | measured |\n|---|---|---|")
    print(
        f"| on disk | ≤ {LIMIT_BYTES / 1e6:.0f} MB | {size / 1e6:.1f} MB "
        f"({size / len(history.cells):.0f} bytes a cell) |"
    )
    print(f"| writing, reading | – | {saving:.0f} ms, {loading:.0f} ms |")
    for label, heard in (("few near in time", 60), ("all near in time", MOST_CELLS)):
        each = observed_ms(history, heard)
        print(
            f"| judge_gsm and with_look, a cell observation, {A_LOOK} a look, {label} | ≤ {LIMIT_MS:.0f} ms "
            f"| median {statistics.median(each):.2f} ms, p99 {statistics.quantiles(each, n=100)[98]:.2f} ms |"
        )
    for line in cell_list_rows():
        print(line)
    print(f"\n({len(near)} records stand within half an hour of the last look before the looks above.)")


def cell_list_rows() -> list[str]:
    """An operator's list of a million cells: read at a start, then asked for one."""
    chance = random.Random(1)
    rows = (f"460,0{n % 2},{1 + n // 60_000},{1 + n % 60_000},{n % 124},{n % 64},30.6,114.3," for n in range(MILLION))
    began = time.process_time()
    held = parse_cell_list(chain((",".join(HEADER),), rows))
    reading = time.process_time() - began
    asked = [(f"0{n % 2}", 1 + n // 60_000, 1 + n % 60_000) for n in chance.sample(range(MILLION), 2000)]
    began = time.process_time()
    found = sum(bool(held.rows("460", *name)) for name in asked)
    each_us = (time.process_time() - began) / len(asked) * 1e6
    assert found == len(asked)
    return [
        f"| a list of {MILLION} cells: read, asked for one | – | {reading:.1f} s, {each_us:.0f} µs |",
    ]


def full_history() -> SiteHistory:
    """One record that lived, a look every twenty minutes, and as many like it as there is room for."""
    history = SiteHistory()
    for step in range(DAYS * 72):
        now_ns = START + step * 20 * MINUTE
        history = history.with_look(look(0, now_ns), now_ns=now_ns)
    record = next(iter(history.cells.values()))
    cells = {
        cell_key(one): msgspec.structs.replace(
            record, freq_hz=one.freq_hz, arfcn=one.arfcn, bsic=one.bsic, ci=one.ci, seen=seen_of(one)
        )
        for one in (a_cell(number) for number in range(MOST_CELLS))
    }
    return msgspec.structs.replace(history, settled=cells, fresh={})


def seen_of(one: GsmCell) -> tuple[Seen, ...]:
    return tuple(Seen(kind, digest, DAYS, TODAY, DAYS, TODAY) for kind, digest in digests(one))


def observed_ms(history: SiteHistory, heard: int) -> list[float]:
    """Milliseconds a cell observation, of looks that go round among `heard` of the cells."""
    now_ns = START + DAYS * DAY + DAY
    if heard == MOST_CELLS:
        now_ns -= DAY
    each = []
    for number in range(LOOKS):
        now_ns += 2 * SECOND
        cells = look(number * A_LOOK % heard, now_ns)
        began = time.process_time()
        found = judge_gsm(cells, history, Licences(), now_ns=now_ns, **LAW)
        history = history.with_look(cells, now_ns=now_ns, findings=found, swept=((934e6, 960e6),))
        each.append((time.process_time() - began) * 1e3 / len(cells))
    return each[LOOKS // 4 :]


def look(first: int, now_ns: int) -> tuple[GsmCell, ...]:
    numbers = range(first, first + A_LOOK)
    return tuple(clocked(a_cell(number), now_ns, phase_ns=number % 12_000 * 1e9) for number in numbers)


def a_cell(number: int) -> GsmCell:
    """Every field read, every System Information there, paging and carrier measured."""
    arfcn, bsic = 1 + number % 94, number // 94 % 64
    octets = bytes(range(23)).hex()
    heard = tuple(
        SystemInformation(kind=kind, hex=octets, times=9, tc_seen=(0, 4)) for kind in ("1", "2", "3", "4", "13")
    )
    one = cell(
        arfcn,
        bsic=bsic,
        ci=number + 1,
        system_information=heard,
        neighbour_arfcns=tuple(range(1, 33)),
        relative_offset_ppm=0.01,
        relative_offset_sigma_ppm=0.01,
        relative_references=5,
    )
    return paged(one, blocks=120, tmsi=50 + number % 9)


def timed_ms(work: object) -> float:
    began = time.process_time()
    work()  # type: ignore[operator]
    return (time.process_time() - began) * 1e3


if __name__ == "__main__":
    main()
