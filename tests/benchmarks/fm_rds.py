"""RDS: names by repetition, false confirmations over hours, real bits and logs beside redsea's sets."""

import json
import os
import re
import shutil
import subprocess
import tarfile
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from dsp.fm.rds import decode_bits
from dsp.fm.rds_agreed import RepeatMemory
from dsp.fm.rds_blocks import Group
from dsp.fm.rds_combine import combine_pi
from dsp.fm.rds_fields import RdsFields
from dsp.fm.rds_repeats import add_repeats
from dsp.fm.rds_station import CONFIRMING_GROUPS, with_rds
from dsp.fm.rds_tally import CONFIRMING
from dsp.fm.values import FmStation
from tests.dsp.fm.made_symbols import AF_HZ, LOOK_SYMBOLS, looks, mixed_groups, random_letters

TRIALS = 8
LOOKS = 15  # of 4 s
GROUPS_A_LOOK = 46
EMPTY = FmStation(freq_hz=98e6, freq_sigma_hz=1.0, level_dbfs=-60.0, cnr_db=10.0, seconds=4.0)
RECORDINGS = Path(os.environ.get("WAVEWARDEN_RECORDINGS") or Path(__file__).resolve().parents[3] / "shared/recordings")
_GROUP = re.compile(r"([0-9A-F-]{4}) ([0-9A-F-]{4}) ([0-9A-F-]{4}) ([0-9A-F-]{4}) @")


class Receiver:
    """Remembers what one station said, as the sensor's memory does: single groups first, then what was added up."""

    def __init__(self) -> None:
        self.fields, self._repeats, self.blocks = RdsFields(), RepeatMemory(), 0

    def take(self, soft: NDArray[np.float32], *, start: int | None = None) -> FmStation:
        reading = decode_bits(((soft[1:] > 0) != (soft[:-1] > 0)).astype(np.uint8))
        self.blocks += reading.blocks_good
        found = combine_pi(soft)
        self.fields.take(reading.groups)
        heard = self.fields.pi.most_common(1)
        pi = heard[0][0] if heard and heard[0][1] >= CONFIRMING_GROUPS else None
        pi = found.pi if found is not None else pi
        station = with_rds(msgspec.structs.replace(EMPTY, pi=pi), self.fields, reading.groups)
        if start is None and found is None:
            return station
        begins = found.start if found is not None else start or 0
        named = station if pi is not None else msgspec.structs.replace(station, pi=0xFFFF)
        return self._repeats.state(named, add_repeats(soft, begins))


def names_by_repetition() -> None:
    print("\nPS and RT by repetition, looks of 4 s, the name within 12 / 24 / 60 s and the text within 60 s, of 8:")
    print(
        "| Es/N0 dB | blocks, % | PI in 4 s | PS 12 s | PS 24 s | PS 60 s | PS 60 s, single groups | RT 60 s | wrong |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    rng = np.random.default_rng(5)
    for es_n0_db in (-3, -2, -1, 0, 1, 2, 3):
        print(_name_row(es_n0_db, rng), flush=True)


def _name_row(es_n0_db: float, rng: np.random.Generator) -> str:
    pi_first = plain = texts = wrong = blocks = 0
    named: list[int] = []
    for trial in range(TRIALS):
        name, text = random_letters(8, rng), random_letters(int(rng.integers(10, 40)), rng)
        receiver = Receiver()
        groups = mixed_groups(0x1234 + trial, [name], text, GROUPS_A_LOOK * LOOKS, rng)
        said = [receiver.take(soft) for soft in looks(groups, es_n0_db, rng)]
        pi_first += said[0].pi == 0x1234 + trial
        named += [next((i + 1 for i, each in enumerate(said) if each.ps == name.decode()), 99)]
        plain += name.decode() in receiver.fields.names
        texts += any(each.rt == text.decode() for each in said)
        wrong += sum(len(false_fields(each, {name.decode()}, {text.decode()}, {0x1234 + trial})) for each in said)
        blocks += receiver.blocks
    share = 100 * blocks / (TRIALS * (LOOKS - 1) * LOOK_SYMBOLS / 26)
    within = [sum(n <= most for n in named) for most in (3, 6, LOOKS)]
    cells = (es_n0_db, f"{share:.1f}", pi_first, *within, plain, texts, wrong)
    return "| " + " | ".join(map(str, cells)) + " |"


def false_fields(station: FmStation, names: set[str], texts: set[str], pis: set[int]) -> list[str]:
    """Fields stated as confirmed that were never sent."""
    agreement = station.rds_agreement
    wrong = []
    if station.pi not in {None, 0xFFFF, *pis}:
        wrong.append("pi")
    ps_sure = station.ps_repeats or (agreement is not None and agreement.ps >= CONFIRMING)
    rt_sure = station.rt_repeats or (agreement is not None and agreement.rt >= CONFIRMING)
    wrong += ["ps"] * bool(ps_sure and station.ps not in names)
    wrong += ["ps_all"] * bool(set(station.ps_all) - names)
    wrong += ["rt"] * bool(rt_sure and station.rt not in texts)
    type_sure = station.pty_repeats or (agreement is not None and agreement.pty >= CONFIRMING)
    wrong += ["pty"] * bool(type_sure and pis and station.pty != 5)
    wrong += ["af_hz"] * bool(set(station.af_hz) - AF_HZ)
    wrong += [name for name in ("open_data", "other_networks", "af_lists", "pi_others") if getattr(station, name)]
    if agreement is not None:
        never_sent = ("clock_time", "ecc", "language", "pin", "pty_name", "long_ps")
        wrong += [name for name in never_sent if getattr(agreement, name) >= CONFIRMING]
    return wrong


def false_confirmations(hours: float) -> None:
    """Looks in which anything confirmed was never sent: noise with an invented group start, scrolling, two stations."""
    rng = np.random.default_rng(11)
    print("\n| input | hours | looks with a false confirmed field |\n|---|---|---|")
    for what in ("noise", "one station, Es/N0 0 to 4 dB", "name scrolls, 0 to 4 dB", "two stations in turn, 0 to 4 dB"):
        wrong: Counter[str] = Counter()
        count = 0
        while count < hours * 900:
            for station, names, texts, pis in _hour_part(what, rng):
                wrong.update(set(false_fields(station, names, texts, pis)))
                count += 1
        print(f"| {what} | {count / 900:.1f} | {sum(wrong.values())} {dict(wrong) or ''} |", flush=True)


def _hour_part(what: str, rng: np.random.Generator) -> Iterator[tuple[FmStation, set[str], set[str], set[int]]]:
    """A quarter of an hour or so of one memory."""
    receiver = Receiver()
    if what == "noise":
        for _ in range(225):
            soft = rng.standard_normal(LOOK_SYMBOLS).astype(np.float32)
            yield receiver.take(soft, start=int(rng.integers(104))), set(), set(), set()
        return
    stations = 2 if what.startswith("two") else 1
    names = [[random_letters(8, rng) for _ in range(4 if what.startswith("name") else 1)] for _ in range(stations)]
    texts = [random_letters(20, rng) for _ in range(stations)]
    pis = [int(pi) for pi in rng.integers(0x1000, 0xFFFF, stations)]
    streams = [
        looks(mixed_groups(pi, each, text, GROUPS_A_LOOK * 225 // stations, rng), float(rng.uniform(0, 4)), rng)
        for pi, each, text in zip(pis, names, texts, strict=True)
    ]
    sent = {name.decode() for each in names for name in each}
    for together in zip(*streams, strict=False):
        for soft in together:
            yield receiver.take(soft), sent, {text.decode() for text in texts}, set(pis)


def real_logs() -> None:
    """Sets of confirmed values of the group logs, ours against redsea's (each value it printed twice or more)."""
    theirs = {each["file"]: each for each in json.loads((RECORDINGS / "fm/rds_group_logs.redsea.json").read_bytes())}
    tally: Counter[str] = Counter()
    missing: list[str] = []
    with tarfile.open(RECORDINGS / "fm/rds_group_logs.tar.xz") as logs:
        for member in logs:
            their = theirs.get(member.name.removeprefix("./"))
            content = logs.extractfile(member)
            if their is not None and content is not None:
                fields = RdsFields().take(groups_of_log(content.read().decode("latin-1").splitlines()))
                missing += _compare_log(their, fields, tally)
    print("\n| real group logs: values redsea has | ours too | not ours |\n|---|---|---|")
    for what in ("pi", "ps", "rt", "ct", "af"):
        both, lack = tally[f"{what} both"], tally[f"{what} lack"]
        print(f"| {what.upper()}: {both + lack} | {both} | {lack} |")
    print("only ours: " + ", ".join(f"{what.upper()} {tally[f'{what} ours']}" for what in ("ps", "rt")))
    print("\n".join(missing))


def groups_of_log(lines: Iterable[str]) -> list[Group]:
    groups = []
    for match in filter(None, map(_GROUP.match, lines)):
        a, b, c, d = (None if "-" in word else int(word, 16) for word in match.groups())
        groups.append(Group(0, (a, b, c, d), b is not None and bool(b >> 11 & 1)))
    return groups


def _compare_log(their: dict[str, list[tuple[str, int]]], fields: RdsFields, tally: Counter[str]) -> Iterator[str]:
    ours = {
        "pi": {f"0x{pi:04X}" for pi in fields.pi},
        "ps": {_alike(name) for name in fields.names},
        "rt": {_alike(text) for text in fields.texts},
    }
    yield from _compare_frequencies(their, fields, tally)
    for what, have in ours.items():
        known = {_alike(value) for value, times in their[what] if times >= CONFIRMING}
        tally[f"{what} both"] += len(known & have)
        tally[f"{what} lack"] += len(known - have)
        tally[f"{what} ours"] += len(have - {_alike(value) for value, _ in their[what]})
        for value in sorted(known - have):
            yield f"- {str(their['file'])[:24]}: {what.upper()} {value!r} not ours"


def _compare_frequencies(
    their: dict[str, list[tuple[str, int]]], fields: RdsFields, tally: Counter[str]
) -> Iterator[str]:
    """Lists that redsea printed twice, and the last clock time."""
    ours = {round(freq / 1e3) for freq in (*fields.frequencies_hz, *fields.af.heard_lf_mf.confirmed())}
    tuned = {round(each.tuned_hz / 1e3) for each in fields.af.lists_b}
    for printed, times in their["af"]:
        said = json.loads(printed)
        if times < CONFIRMING:
            continue
        found = set(said) <= ours if isinstance(said, list) else said["tuned_frequency"] in tuned
        tally[f"af {'both' if found else 'lack'}"] += 1
        if not found:
            yield f"- {str(their['file'])[:24]}: AF {printed[:70]} ×{times} not ours"
    if their["ct"][-1]:
        last_ns = int(datetime.fromisoformat(their["ct"][-1][0]).timestamp()) * 10**9
        same = fields.clock_time_utc_ns == last_ns
        tally[f"ct {'both' if same else 'lack'}"] += 1
        if not same:
            yield f"- {str(their['file'])[:24]}: CT {their['ct'][-1][0]}, ours {fields.clock_time_utc_ns}"


def real_bits() -> None:
    """Bit streams: groups with a PI, and the sets of names and texts that came twice, ours and redsea's."""
    print("\n| bit stream | groups with PI, ours / redsea | other PIs, ours / redsea | PS both / ours / redsea | RT |")
    print("|---|---|---|---|---|")
    for path in sorted((RECORDINGS / "fm/bits").glob("*.bits")):
        bits = np.frombuffer(path.read_bytes().strip(), np.uint8) - ord("0")
        lines = [json.loads(line) for line in path.with_suffix(".redsea.jsonl").read_text().splitlines()]
        fields = RdsFields().take(decode_bits(bits).groups)
        their_pi = Counter(line["pi"] for line in lines)
        pi, groups = fields.pi.most_common(1)[0]
        row = [f"{groups} / {their_pi[f'0x{pi:04X}']}", f"{len(fields.pi) - 1} / {len(their_pi) - 1}"]
        for key, ours in (("ps", fields.names), ("radiotext", fields.texts)):
            theirs = Counter(_alike(line[key]) for line in lines if key in line)
            mine, printed = ({_alike(each) for each in ours}, {each for each, n in theirs.items() if n >= CONFIRMING})
            row.append(f"{len(mine & printed)} / {len(mine - set(theirs))} / {sorted(printed - mine)}")
        print(f"| {path.stem} | " + " | ".join(row) + " |", flush=True)
    _redsea_here()


def _redsea_here() -> None:
    """The peer on the same bit streams, where it is installed: groups with a PI, and its CPU time."""
    redsea = shutil.which("redsea")
    if redsea is None:
        print("\nredsea is not installed here: beside stands what it gave when the recordings were made")
        return
    for path in sorted((RECORDINGS / "fm/bits").glob("*.bits")):
        done = subprocess.run([redsea, "-b"], input=path.read_bytes(), capture_output=True, check=False)
        lines = [line for line in done.stdout.splitlines() if b'"pi"' in line]
        print(f"redsea here, {path.stem}: {len(lines)} groups with a PI")


def _alike(value: str) -> str:
    """As both of us print: without spaces at the ends, and the letters that the printed table leaves open."""
    return value.translate(str.maketrans("βǧǦ�", "ßğĞ ")).strip()
