"""GSM reception: what was asked for, in tables. gr-gsm's figures are quoted: measured elsewhere, not in this run.

Their signals were real base station bursts in white noise and in fading of the same kinds; grgsm_decode as Debian 12
has it does not run unrepaired. "bound" is coherent detection, perfectly synchronised, with the 0.5 dB loss of GMSK.
"""

from tests.benchmarks import gsm_blocks, gsm_cost, gsm_crowded, gsm_false_cells, gsm_found, gsm_measured
from tests.benchmarks.gsm_blocks import FADING_LOOKS, HILLY, ONE_BIT_OTHER, URBAN, Taps, beside_a_strong_one, blocks
from tests.benchmarks.gsm_truth import CELL, Tally, total

_SOFT_BOUND = {4.0: "100", 3.0: "100", 1.5: "98", 0.0: "83.6", -1.0: "40.3"}
_STATIC = ((4.0, "91", "99.5"), (3.0, "0", "98"), (1.5, "0", "88"), (0.0, "–", "–"), (-1.0, "–", "–"))
_FADING: tuple[tuple[str, Taps, float, float, str, str, str], ...] = (
    ("TU 42 Hz", URBAN, 42.0, 12.0, "97", "99.9", "98"),
    ("TU 42 Hz", URBAN, 42.0, 8.0, "76", "98.5", "90"),
    ("TU 42 Hz", URBAN, 42.0, 6.0, "58", "95.7", "–"),
    ("TU 2.5 Hz", URBAN, 2.5, 12.0, "93", "–", "–"),
    ("HT 83 Hz", HILLY, 83.0, 18.0, "76", "–", "97"),
    ("HT 83 Hz", HILLY, 83.0, 12.0, "72", "–", "–"),
)
_FOUND = ((3.0, "0", "95"), (1.0, "0", "85"), (0.0, "0", "–"), (-1.0, "–", "–"), (-2.0, "–", "–"))
_SERIES_LOOKS = 4


def main() -> None:
    gsm_cost.table()
    heard = _blocks() + _found() + _over_time() + gsm_crowded.table()
    _strong_neighbours()
    gsm_found.offset_table()
    gsm_measured.table()
    _wrong(heard)
    gsm_false_cells.main()


def _blocks() -> Tally:
    print("\n| blocks of BCCH and CCCH read | gr-gsm (quoted) % | bound % | reach % | here % | of |")
    print("|---|---|---|---|---|---|")
    every = []
    for eb_n0_db, peer, reach in _STATIC:
        got = blocks(eb_n0_db)
        every.append(_row(f"static, {eb_n0_db:g} dB", (peer, _SOFT_BOUND[eb_n0_db], reach), got))
    for name, taps, doppler_hz, eb_n0_db, *figures in _FADING:
        got = blocks(eb_n0_db, taps=taps, doppler_hz=doppler_hz, looks=FADING_LOOKS)
        every.append(_row(f"{name}, {eb_n0_db:g} dB", figures, got))
    return total(every)


def _row(name: str, figures: object, got: Tally) -> Tally:
    assert isinstance(figures, list | tuple)
    print(f"| {name} | {' | '.join(figures)} | {100 * got.share:.1f} | {got.sent} |", flush=True)
    return got


def _found() -> Tally:
    print("\n| found within 0.5 s, any of ±100 kHz and ±100 ppm | gr-gsm (quoted) | reach % | here | blocks each |")
    print("|---|---|---|---|---|")
    every = []
    for eb_n0_db, peer, reach in _FOUND:
        got = gsm_found.found(eb_n0_db)
        every.append(got)
        row = f"| {eb_n0_db:g} dB | {peer} | {reach} | {got.found} of {got.looks} | {got.read / got.looks:.1f} |"
        print(row, flush=True)
    return total(every)


def _over_time() -> Tally:
    print("\n| BCCH blocks, % | alone | in one look of 2 s | in the 2nd | 3rd | 4th look |\n|---|---|---|---|---|---|")
    every = []
    for eb_n0_db in (1.0, 0.0, -1.0, -2.0, -3.0):
        looks = gsm_blocks.over_time(eb_n0_db, looks=_SERIES_LOOKS)
        alone = total(looks)
        shares = [alone.bcch_alone / alone.bcch_sent, *(look.bcch_read / look.bcch_sent for look in looks)]
        print(f"| {eb_n0_db:g} dB | {' | '.join(f'{100 * share:.0f}' for share in shares)} |", flush=True)
        every += looks
    changing = gsm_blocks.over_time(-1.5, looks=_SERIES_LOOKS, cells=(CELL, ONE_BIT_OTHER))
    got = total(changing)
    print(
        f"at −1.5 dB, one bit of SI3 changed from look to look: {got.bcch_read} of {got.bcch_sent}, {got.wrong} wrong"
    )
    return total([*every, *changing])


def _strong_neighbours() -> None:
    print("\n| neighbour | wanted | blocks read alone | beside it |\n|---|---|---|---|")
    for away_hz, stronger_db, eb_n0_db in (
        (4e5, 40, 3.0),
        (4e5, 40, 0.5),
        (6e5, 40, 0.5),
        (2e5, 9, 3.0),
        (-2e5, 9, 3.0),
    ):
        alone, beside = beside_a_strong_one(away_hz, stronger_db, eb_n0_db=eb_n0_db)
        print(f"| {away_hz / 1e3:+g} kHz, +{stronger_db} dB | {eb_n0_db:g} dB | {alone} | {beside} |", flush=True)


def _wrong(heard: Tally) -> None:
    print(f"\nblocks read in all of the above: {heard.read} in {heard.looks} looks")
    print(f"wrong contents with a good check: {heard.wrong}; wrong frame numbers: {heard.wrong_synchronisations}")
    print(f"cells that were not there: {heard.false_cells}")
