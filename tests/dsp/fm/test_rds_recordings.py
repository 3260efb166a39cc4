"""Real RDS bits and group logs, against what redsea 1.3.1 made of the same files."""

import json
import re
import tarfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from scipy.io import wavfile

from dsp.fm.multiplex import receive_multiplex
from dsp.fm.rds import decode_bits
from dsp.fm.rds_blocks import Group
from dsp.fm.rds_fields import RdsFields

pytestmark = pytest.mark.needs_recordings

BIT_FILES = (
    "FM_Radio_RDS", "FM_Radio_RDS1", "PR2_log1", "ZET_log1", "big_bits_88b483b", "bits_94.9_1dfd1c7",
    "log_RDS_book_KRK", "log_Radio_Krakow_TT", "log_Radio_Zet_AA", "log_Radio_Zet_XX",
)  # fmt: skip
_GROUP = re.compile(r"([0-9A-F-]{4}) ([0-9A-F-]{4}) ([0-9A-F-]{4}) ([0-9A-F-]{4}) @")


@pytest.mark.parametrize("name", BIT_FILES)
def test_real_bits_give_the_station_and_the_names_that_redsea_finds(recordings_dir: Path, name: str) -> None:
    folder = recordings_dir / "fm" / "bits"
    bits = np.frombuffer((folder / f"{name}.bits").read_bytes().strip(), np.uint8) - ord("0")
    theirs = [json.loads(line) for line in (folder / f"{name}.redsea.jsonl").read_text().splitlines()]
    reading = decode_bits(bits)
    fields = RdsFields().take(reading.groups)
    their_pi = Counter(line["pi"] for line in theirs).most_common(1)[0][0]
    pi, groups = fields.pi.most_common(1)[0]
    assert f"0x{pi:04X}" == their_pi
    assert groups >= 3
    repeated = {ps for ps, times in Counter(line["ps"] for line in theirs if "ps" in line).items() if times >= 4}
    found = repeated & set(fields.names)
    print(f"\n{name}: PI {pi:04X} in {groups} groups, block errors {reading.block_error_rate:.3f}, PS {found}")
    # Ours corrects nothing: redsea's correction keeps a few names on the worst of these that ours does not have.
    assert len(found) >= 0.75 * len(repeated)


def test_the_real_second_of_multiplex_holds_every_group_that_redsea_reads(recordings_dir: Path) -> None:
    rate_hz, counts = wavfile.read(recordings_dir / "fm" / "mpx_93.1_chicago_256k.wav")
    lines = (recordings_dir / "fm" / "mpx_93.1_chicago_256k.redsea.jsonl").read_text().splitlines()
    theirs = [json.loads(line)["raw_data"] for line in lines]
    ours = [group.words for group in receive_multiplex(counts, rate_hz).rds.groups]
    said = [" ".join("----" if word is None else f"{word:04X}" for word in words) for words in ours]
    whole = [raw for raw in theirs if "-" not in raw]
    print(f"\nwhole groups: ours {sum('-' not in each for each in said)}, redsea {len(whole)}")
    assert set(whole) <= set(said)
    assert sum("-" not in each for each in said) >= len(whole) == 8


def _groups_of(lines: list[str]) -> list[Group]:
    groups = []
    for match in filter(None, map(_GROUP.match, lines)):
        a, b, c, d = (None if "-" in word else int(word, 16) for word in match.groups())
        groups.append(Group(0, (a, b, c, d), b is not None and bool(b >> 11 & 1)))
    return groups


def test_real_group_logs_give_the_names_and_texts_that_redsea_finds(recordings_dir: Path) -> None:
    theirs = {
        entry["file"]: entry for entry in json.loads((recordings_dir / "fm/rds_group_logs.redsea.json").read_bytes())
    }
    pi = names = named = texts = texted = 0
    with tarfile.open(recordings_dir / "fm" / "rds_group_logs.tar.xz") as logs:
        for member in logs:
            their = theirs.get(member.name.removeprefix("./"))
            if their is None:
                continue
            content = logs.extractfile(member)
            assert content is not None
            fields = RdsFields().take(_groups_of(content.read().decode("latin-1").splitlines()))
            pi += f"0x{fields.pi.most_common(1)[0][0]:04X}" == max(their["pi"], key=lambda item: item[1])[0]
            if their["ps"]:
                named += 1
                names += max(their["ps"], key=lambda item: item[1])[0] in fields.names
            if their["rt"]:
                texted += 1
                texts += max(their["rt"], key=lambda item: item[1])[0].strip() in {t.strip() for t in fields.texts}
    print(f"\n{len(theirs)} logs: PI {pi}, PS {names} of {named}, RT {texts} of {texted} agree with redsea")
    assert pi == len(theirs)
    assert names >= 0.98 * named
    assert texts >= 0.95 * texted
