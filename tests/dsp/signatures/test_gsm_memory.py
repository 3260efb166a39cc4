"""Signatures that rest on days of memory: each guilty once, and once innocent though it looks alike."""

import msgspec

from dsp.gsm.values import GsmCell
from dsp.signatures.history import SiteHistory
from tests.dsp.signatures.lived import DAY, HOUR, START, judged, last_of, lived, louder, timed
from tests.dsp.signatures.made import MINUTE, SECOND, cell, network, paged, rogue

OWN = cell(75)
NAMED = (10, 20, 30, 40, 50, 60, 75)
SELDOM = 4 * HOUR  # between looks, where many days are wanted


def around(now_ns: int, own: GsmCell | None = OWN, **phases: dict[int, float]) -> tuple[GsmCell, ...]:
    others = network(neighbour_arfcns=NAMED)
    cells = others if own is None else (*others, own)
    return timed(cells, now_ns, **phases)


def test_a_month_of_the_same_words_on_its_own_clock_speaks_for_a_cell():
    history = lived(around, days=31, every_ns=SELDOM)
    found = last_of(around(START + 31 * DAY), history, START + 31 * DAY)
    assert found["gsm_seen_unchanged"].weight_db == -15.0
    assert found["gsm_seen_unchanged"].evidence["days"] == 31
    young = lived(around, days=29, every_ns=SELDOM)
    assert "gsm_seen_unchanged" not in last_of(around(START + 29 * DAY), young, START + 29 * DAY)


def test_without_a_clock_a_month_speaks_for_little():
    def plain(_: int) -> tuple[GsmCell, ...]:
        return (*network(neighbour_arfcns=NAMED), OWN)

    history = lived(plain, days=31, every_ns=SELDOM)
    assert last_of(plain(0), history, START + 31 * DAY)["gsm_seen_unchanged"].weight_db == -5.0


def test_a_perfect_copy_on_the_same_channel_inherits_neither_month_nor_clock():
    history = lived(around, days=31, every_ns=SELDOM)
    now_ns = START + 31 * DAY
    found = last_of(around(now_ns, phases_s={75: 400.2}), history, now_ns)
    assert {"gsm_seen_unchanged", "gsm_clock_continuous"}.isdisjoint(found)
    assert "gsm_frame_clock" in found


def test_a_rogue_that_was_there_from_the_start_earns_no_trust_by_staying():
    suspect = cell(75, t3212=1)  # one oddity of 10 dB, day by day: below every alarm

    history = SiteHistory()
    for day in range(32):
        for hour in (9, 10, 11):
            now_ns = START + day * DAY + hour * HOUR
            found, history = judged(around(now_ns, suspect), history, now_ns)
    assert {f.name for f in found if f.about == 5} & {"gsm_seen_unchanged", "gsm_clock_continuous"} == set()
    assert all(seen.days == 0 for seen in history.cell(suspect).seen)
    # nor is it trusted once it stops being odd: the month begins then
    now_ns += HOUR
    assert "gsm_seen_unchanged" not in last_of(around(now_ns, OWN), history, now_ns)


def test_a_doubted_cell_is_never_learnt():
    now_ns, history = START, SiteHistory()
    for look in range(60):
        now_ns = START + look * 20 * MINUTE
        _, history = judged(around(now_ns, rogue(75, neighbour_arfcns=(10, 20))), history, now_ns)
    record = history.cell(rogue(75))
    assert record is not None and record.doubted
    assert record.levels is None and record.carrier is None and record.paging_rates is None


def test_a_clock_that_ran_on_for_a_day_speaks_for_a_cell_and_one_of_six_hours_does_not():
    history = lived(around, days=1.5)
    found = last_of(around(START + 3 * DAY // 2), history, START + 3 * DAY // 2)
    assert found["gsm_clock_continuous"].weight_db == -15.0
    short = lived(around, days=0.25)
    assert "gsm_clock_continuous" not in last_of(around(START + DAY // 4), short, START + DAY // 4)


def test_a_cell_that_comes_for_two_hours_and_comes_again_is_short_lived():
    def visits(now_ns: int) -> tuple[GsmCell, ...]:
        return around(now_ns, OWN if now_ns - START < 2 * HOUR else None)

    history = lived(visits, days=0.25, every_ns=5 * MINUTE)
    found = last_of(around(START + DAY // 4), history, START + DAY // 4)
    assert found["gsm_short_life"].weight_db == 8.0
    assert found["gsm_short_life"].evidence["longest_min"] == 115


def test_a_cell_of_long_standing_after_an_outage_and_a_sensor_that_was_off_are_innocent_of_a_short_life():
    def outage(now_ns: int) -> tuple[GsmCell, ...]:
        return around(now_ns, OWN if not 6 * HOUR <= now_ns - START < 8 * HOUR else None)

    history = lived(outage, days=0.4, every_ns=5 * MINUTE)
    assert "gsm_short_life" not in last_of(around(START + DAY), history, START + DAY)
    off = lived(around, days=0.05, every_ns=5 * MINUTE)
    assert "gsm_short_life" not in last_of(around(START + DAY), off, START + DAY)


def test_to_a_sensor_that_moves_everything_comes_and_goes_and_is_new():
    def passing(now_ns: int) -> tuple[GsmCell, ...]:
        block = (now_ns - START) // (HOUR // 2) % 12
        return timed([cell(10 * block + i + 1, bsic=i) for i in range(9)], now_ns)

    history = lived(passing, days=8, every_ns=10 * MINUTE)
    now_ns = START + 8 * DAY
    found, history = judged(passing(now_ns), history, now_ns)
    assert "gsm_short_life" not in {f.name for f in found}
    fresh = timed([cell(i + 1, bsic=40 + i, ci=1000 + i) for i in range(9)], now_ns + MINUTE)
    _, history = judged(fresh, history, now_ns + MINUTE)
    found, _ = judged(fresh, history, now_ns + 2 * MINUTE)
    assert "gsm_new_here" not in {f.name for f in found}


def test_a_loud_newcomer_at_a_site_learnt_for_a_week_is_new_and_in_the_first_week_nothing_is():
    network_only = lived(lambda now_ns: around(now_ns, None), days=8, every_ns=SELDOM)
    now_ns = START + 8 * DAY
    assert last_of(around(now_ns), network_only, now_ns)["gsm_new_here"].weight_db == 12.0
    weak = around(now_ns, cell(75, level_dbm=-98.0))
    assert "gsm_new_here" not in last_of(weak, network_only, now_ns)
    learning = lived(lambda now_ns: around(now_ns, None), days=5, every_ns=SELDOM)
    assert "gsm_new_here" not in last_of(around(START + 5 * DAY), learning, START + 5 * DAY)


def test_a_level_far_above_its_own_hour_has_jumped_and_stays_so_while_it_lasts():
    def weather(now_ns: int) -> tuple[GsmCell, ...]:
        return around(now_ns, louder(OWN, (now_ns // HOUR) % 5 - 22.0))

    history = lived(weather, days=3, every_ns=20 * MINUTE)
    for look in range(48):  # a day of it: the baseline is not taught by what it tells of
        now_ns = START + 3 * DAY + look * 30 * MINUTE
        found, history = judged(around(now_ns, OWN), history, now_ns)
        assert "gsm_power_jump" in {f.name for f in found if f.about == 5}
    assert "gsm_power_jump" not in last_of(weather(now_ns), history, now_ns)


def test_a_moved_antenna_is_the_new_usual_after_a_week():
    history = lived(lambda now_ns: around(now_ns, louder(OWN, -20.0)), days=2, every_ns=20 * MINUTE)
    history = lived(around, days=9, every_ns=20 * MINUTE, start_ns=START + 2 * DAY, history=history)
    assert "gsm_power_jump" not in last_of(around(START + 11 * DAY), history, START + 11 * DAY)


def carried(ppm: float, arfcn: int = 75, **fields: int) -> GsmCell:
    """A cell whose carrier is off by so much; the sensor's own oscillator adds 1.3 ppm to every one."""
    freq_hz = 935e6 + 0.2e6 * arfcn
    return cell(arfcn, carrier_offset_hz=(ppm + 1.3) * freq_hz / 1e6, carrier_offset_sigma_hz=5.0, **fields)


def true_cells() -> tuple[GsmCell, ...]:
    return tuple(carried(0.01 * (i % 3 - 1), 10 * (i + 1), bsic=16 + i, neighbour_arfcns=NAMED) for i in range(5))


def drifting(ppm: float, *, learnt: float = -0.01, warming_ppm_s: float = 0.0, jumps: int = 0) -> dict[str, float]:
    """Learnt for hours, then a few minutes in which the sensor may warm up, then the cell is off by `ppm`."""
    history = lived(lambda t: timed((*true_cells(), carried(learnt)), t), days=0.5, every_ns=20 * MINUTE)
    for look in range(12):
        now_ns = START + DAY // 2 + look * 10 * SECOND
        warm = warming_ppm_s * 10 * look
        shifted = [carried(warm + 0.01 * (i % 3 - 1), 10 * (i + 1), bsic=16 + i) for i in range(5)]
        look_s = shifted if not jumps else [*shifted, carried(warm + learnt)]
        history = history.with_look(timed(look_s, now_ns), now_ns=now_ns)
    now_ns += 10 * SECOND
    found = last_of(timed((*shifted, carried(ppm + warm)), now_ns), history, now_ns)
    return {name: finding.weight_db for name, finding in found.items()}


def test_a_carrier_off_its_own_usual_place_has_drifted_though_within_what_others_allow():
    assert drifting(0.08)["gsm_carrier_drift"] == 7.0
    assert drifting(0.16, learnt=-0.05)["gsm_carrier_drift"] == 12.0
    assert "gsm_carrier_drift" not in drifting(0.03)
    assert "gsm_carrier_drift" not in drifting(0.16, learnt=-0.05, warming_ppm_s=0.2 / 60)
    assert drifting(0.16, learnt=-0.05, warming_ppm_s=0.02 / 60)["gsm_carrier_drift"] == 12.0
    far = drifting(0.9)
    assert "gsm_carrier_offset" in far and "gsm_carrier_drift" not in far


def test_a_carrier_that_jumps_between_two_looks_is_another_crystal():
    assert drifting(0.16, learnt=-0.05, jumps=1)["gsm_carrier_drift"] == 15.0
    assert drifting(0.08, jumps=1)["gsm_carrier_drift"] == 7.0


def test_a_cell_alone_in_its_window_is_compared_with_all_that_were_heard_of_late():
    history = SiteHistory()
    for number, one in enumerate(true_cells()):
        history = history.with_look((one,), now_ns=START + 5 * number * SECOND)
    now_ns = START + 40 * SECOND
    assert "gsm_carrier_offset" in last_of((carried(0.9),), history, now_ns)
    tuner = last_of((carried(0.24),), history, now_ns)  # what the tuner's steps may add in a window nobody knows
    assert {"gsm_carrier_offset", "gsm_carrier_true"}.isdisjoint(tuner)
    assert "gsm_carrier_offset" not in last_of((carried(0.9),), history.restarted(), now_ns)
    late = last_of((carried(0.9),), history, START + 10 * MINUTE)
    assert "gsm_carrier_offset" not in late


def test_a_known_cell_in_the_window_tells_what_the_tuner_adds_there():
    def window(own: GsmCell) -> tuple[GsmCell, ...]:  # all of it lies 0.2 ppm beside the others
        return (carried(0.2, 80, bsic=9), own)

    history = SiteHistory()
    for look in range(20):
        now_ns = START + look * MINUTE
        history = history.with_look(timed(true_cells(), now_ns), now_ns=now_ns)
        history = history.with_look(window(carried(0.2))[:1], now_ns=now_ns + 2 * SECOND)
    found = last_of(window(carried(0.5)), history, now_ns + 2 * SECOND)
    assert found["gsm_carrier_offset"].evidence["offset_ppm"] == 0.3
    assert "gsm_carrier_offset" not in last_of(window(carried(0.25)), history, now_ns + 2 * SECOND)


def busy(now_ns: int, own: int, others: int) -> tuple[GsmCell, ...]:
    cells = [paged(c, blocks=120, tmsi=others) for c in network()]
    return timed([*cells, paged(OWN, blocks=120, tmsi=own)], now_ns)


def paging_after_two_days(own: int, others: int) -> dict[str, object]:
    history = lived(lambda now_ns: busy(now_ns, 60, 50), days=2, every_ns=20 * MINUTE)
    for look in range(4):
        now_ns = START + 2 * DAY + look * 5 * MINUTE + HOUR
        found, history = judged(busy(now_ns, own, others), history, now_ns)
    return {f.name: f for f in found if f.about == 5}


def test_a_cell_that_pages_a_tenth_of_its_own_hour_while_its_network_goes_on_is_found():
    assert "gsm_paging_hour" in paging_after_two_days(5, 50)
    assert "gsm_paging_hour" not in paging_after_two_days(40, 50)


def test_a_whole_network_that_falls_quiet_is_innocent():
    assert "gsm_paging_hour" not in paging_after_two_days(6, 5)


def test_an_old_line_tells_a_jump_of_three_milliseconds_and_forgives_the_sensors_own_wander():
    def wandering(now_ns: int) -> tuple[GsmCell, ...]:
        wander_s = 0.02 * ((now_ns // HOUR) % 7)  # the sensor's clock, all cells alike
        return timed(
            (*network(neighbour_arfcns=NAMED), OWN),
            now_ns,
            phases_s={a: 7.0 * a + wander_s for a in (10, 20, 30, 40, 50, 75)},
        )

    history = lived(wandering, days=1, every_ns=10 * MINUTE)
    now_ns = START + DAY
    quiet = last_of(wandering(now_ns), history, now_ns)
    assert "gsm_frame_clock" not in quiet
    moved = msgspec.structs.replace(
        wandering(now_ns)[-1], frame_time_utc_ns=wandering(now_ns)[-1].frame_time_utc_ns + 3 * 10**6
    )
    jumped = last_of((*wandering(now_ns)[:-1], moved), history, now_ns)
    assert jumped["gsm_frame_clock"].evidence["jump_ms"] == 3.0


def test_two_clocks_in_turns_are_two_transmitters_whatever_the_gap():
    history = lived(around, days=0.5, every_ns=10 * MINUTE)
    now_ns = START + DAY // 2
    for look in range(6):
        now_ns += 2 * MINUTE
        cells = around(now_ns, phases_s={75: 400.2} if look % 2 else {})
        found, history = judged(cells, history, now_ns)
    (clock,) = [f for f in found if f.name == "gsm_frame_clock"]
    assert (clock.variant, clock.weight_db, clock.about) == ("two", 20.0, 5)


def test_a_cell_that_was_seen_off_the_air_has_restarted_and_is_its_own_again_after_hours():
    history = lived(around, days=0.5, every_ns=MINUTE * 10)
    now_ns = START + DAY // 2
    for _ in range(3):
        now_ns += 20 * SECOND
        history = history.with_look(around(now_ns, None), now_ns=now_ns, swept=((934e6, 961e6),))
    found = last_of(around(now_ns, phases_s={75: 400.2}), history, now_ns)
    assert (found["gsm_frame_clock"].variant, found["gsm_frame_clock"].weight_db) == ("after_outage", 5.0)
    history = lived(
        lambda t: around(t, phases_s={75: 400.2}), days=0.4, every_ns=10 * MINUTE, start_ns=now_ns, history=history
    )
    assert "gsm_frame_clock" not in last_of(around(now_ns + DAY // 2, phases_s={75: 400.2}), history, now_ns + DAY // 2)


def test_a_copy_that_leaves_gives_the_cell_its_own_clock_back():
    history = lived(around, days=0.5, every_ns=10 * MINUTE)
    copy = lambda t: around(t, phases_s={75: 400.2})  # noqa: E731
    history = lived(copy, days=0.4, every_ns=10 * MINUTE, start_ns=START + DAY // 2, history=history)
    now_ns = START + DAY
    found, history = judged(around(now_ns), history, now_ns)
    assert "gsm_frame_clock" not in {f.name for f in found}
