"""Names and texts by adding up, where single blocks hardly ever pass: 3 % at −1 dB, where a symbol in ten is wrong."""

import numpy as np
import pytest

from dsp.fm.rds_agreed import RepeatMemory, agreed_name, agreed_text
from dsp.fm.rds_combine import combine_pi
from dsp.fm.rds_repeats import RdsRepeats, add_repeats
from dsp.fm.values import FmStation
from tests.dsp.fm.made_groups import Words, bits_of, group_of
from tests.dsp.fm.made_symbols import looks, mixed_groups, random_letters, symbols

BARE = FmStation(freq_hz=98e6, freq_sigma_hz=1.0, level_dbfs=-60.0, cnr_db=10.0, seconds=4.0)


def _said(groups: list[Words], es_n0_db: float, rng: np.random.Generator) -> list[FmStation]:
    """A station look by look, by its repeats alone."""
    memory, out = RepeatMemory(), []
    for soft in looks(groups, es_n0_db, rng):
        found = combine_pi(soft)
        if found is not None:
            station = FmStation(
                freq_hz=98e6, freq_sigma_hz=1.0, level_dbfs=-60.0, cnr_db=10.0, seconds=4.0, pi=found.pi
            )
            out.append(memory.state(station, add_repeats(soft, found.start)))
    return out


def test_half_a_minute_gives_the_name_where_no_name_can_be_read() -> None:
    rng = np.random.default_rng(1)
    right = 0
    for _ in range(6):
        name = random_letters(8, rng)
        said = _said(mixed_groups(0x1234, [name], b"A TEXT", 46 * 8, rng), -1.0, rng)
        assert {station.ps for station in said} <= {None, name.decode()}
        assert all(station.ps_repeats >= 4 for station in said if station.ps)
        assert {(station.tp, station.pty) for station in said} <= {(None, None), (True, 5)}
        right += said[-1].ps is not None
    assert right >= 5


def test_a_minute_gives_the_text() -> None:
    rng = np.random.default_rng(2)
    said = _said(mixed_groups(0x1234, [b"RADIO   "], b"HALLO, WELT", 46 * 15, rng), 0.0, rng)
    assert {station.rt for station in said} == {None, "HALLO, WELT"}
    assert said[-1].rt_repeats >= 4


def test_a_name_that_scrolls_adds_up_to_nothing_that_was_not_sent() -> None:
    rng = np.random.default_rng(3)
    for count in (2, 3, 5):
        names = [random_letters(8, rng) for _ in range(count)]
        said = _said(mixed_groups(0x1234, names, b"A TEXT", 46 * 12, rng), 2.0, rng)
        assert {station.ps for station in said} <= {None, *(name.decode() for name in names)}


def test_two_stations_in_turn_do_not_make_a_third() -> None:
    rng = np.random.default_rng(4)
    streams = [mixed_groups(pi, [random_letters(8, rng)], b"TEXT", 46 * 10, rng) for pi in (0x1111, 0x2222)]

    memory = RepeatMemory()
    sent: dict[int, set[str | None]] = {0x1111: set(), 0x2222: set()}
    for pair in zip(*(looks(stream, 1.0, rng) for stream in streams), strict=True):
        for soft in pair:
            found = combine_pi(soft)
            if found is not None:
                station = FmStation(
                    freq_hz=98e6, freq_sigma_hz=1.0, level_dbfs=-60.0, cnr_db=10.0, seconds=4.0, pi=found.pi
                )
                sent[found.pi].add(memory.state(station, add_repeats(soft, found.start)).ps)
    assert len(sent[0x1111] - {None}) <= 1 and len(sent[0x2222] - {None}) <= 1
    assert not (sent[0x1111] & sent[0x2222]) - {None}


@pytest.mark.parametrize("kind", ["noise", "other groups"])
def test_what_is_no_name_gives_none(kind: str) -> None:
    rng = np.random.default_rng(5)
    total: RdsRepeats | None = None
    for _ in range(60):
        if kind == "noise":
            soft = rng.standard_normal(4750).astype(np.float32)
        else:
            words = [
                group_of(7, "8A", int(rng.integers(32)), *(int(w) for w in rng.integers(0, 65536, 2)))
                for _ in range(46)
            ]
            soft = symbols(bits_of(words), 0.0, rng)
        new = add_repeats(soft, int(rng.integers(104)) if kind == "noise" else 0)
        total = (
            new
            if total is None
            else RdsRepeats(
                *(
                    old.and_then(add, 1.0)
                    for old, add in ((total.header, new.header), (total.name, new.name), (total.text, new.text))
                )
            )
        )
        assert agreed_name(total.name) is None
        assert agreed_text(total.text) is None


def test_without_a_pi_or_symbols_nothing_is_said() -> None:
    memory = RepeatMemory()
    rng = np.random.default_rng(6)
    repeats = add_repeats(rng.standard_normal(4750).astype(np.float32), 0)
    assert memory.state(BARE, repeats) is BARE
    assert memory.state(BARE, None) is BARE
    assert add_repeats(np.zeros(50, np.float32), 0).name.groups.sum() == 0
