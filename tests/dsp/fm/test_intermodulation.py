"""Products of third order on aeronautical frequencies: which, of whom, how far off; and tables that cannot be."""

import time

import msgspec
import pytest

from dsp.fm.aeronautical import AeronauticalFrequency, Service, distance_km, in_use_near
from dsp.fm.intermodulation import beside, hits
from shell.settings import BadValue, parse_settings


def frequency(mhz: float, kind: Service = Service.ILS, **fields: float) -> AeronauticalFrequency:
    return AeronauticalFrequency(freq_hz=mhz * 1e6, name=f"{kind.name} {mhz}", kind=kind, **fields)  # type: ignore[arg-type]


def test_twice_one_less_another_falls_on_a_localizer():
    (hit,) = hits([101.5e6, 104.9e6, 88.1e6], [frequency(108.3)])
    assert hit.stations == (1, 0)  # 2 × 104.9 − 101.5
    assert (hit.product_hz, hit.offset_hz, hit.inside) == (108.3e6, 0.0, True)


def test_the_sum_of_two_less_a_third_falls_on_a_beacon():
    (hit,) = hits([104.9e6, 103.2e6, 92.0e6], [frequency(116.1, Service.VOR)])
    assert sorted(hit.stations[:2]) == [0, 1]
    assert hit.stations[2] == 2
    assert hit.product_hz == pytest.approx(116.1e6)


def test_the_offset_is_held_against_the_receivers_bandwidth():
    offset_hz = {mhz: [h.offset_hz for h in hits([101.5e6, mhz * 1e6], [frequency(108.3)])] for mhz in (104.91, 104.94)}
    assert offset_hz[104.91] == [pytest.approx(20e3)]
    assert offset_hz[104.94] == []  # 80 kHz off: beyond half the channel and the product's spread
    assert not hits([101.5e6, 104.92e6], [frequency(108.3)])[0].inside  # 40 kHz: only its spread


def test_only_products_of_the_one_asked_about():
    stations = [101.5e6, 104.9e6, 96.0e6]
    assert hits(stations, [frequency(108.3)], involving=2) == ()
    assert len(hits(stations, [frequency(108.3)], involving=0)) == 1


def test_two_stations_come_before_three_and_the_nearer_first():
    found = hits([101.5e6, 104.9e6, 104.6e6, 101.19e6], [frequency(108.3)])
    assert [len(hit.stations) for hit in found] == sorted(len(hit.stations) for hit in found)
    assert abs(found[0].offset_hz) == 0.0


def test_every_product_agrees_with_the_plain_sums():
    stations = [88.3e6, 95.7e6, 101.1e6, 104.4e6, 107.3e6]
    table = [frequency(mhz) for mhz in (108.1, 108.3, 109.5, 110.3)] + [frequency(120.5, Service.COM)]
    plain = set()
    for first in range(5):
        for second in range(first, 5):
            for third in set(range(5)) - {first, second}:
                product = stations[first] + stations[second] - stations[third]
                for victim in table:
                    half = 25e3 if victim.kind is Service.ILS else 12.5e3
                    if abs(product - victim.freq_hz) <= half + 45e3:
                        plain.add((victim.name, (first, third) if first == second else (first, second, third)))
    assert {(hit.victim.name, hit.stations) for hit in hits(stations, table)} == plain
    assert plain


def test_sixty_stations_and_forty_frequencies_take_less_than_a_tenth_of_a_second():
    stations = [87.5e6 + 0.3e6 * n for n in range(60)]
    table = [frequency(108.1 + 0.2 * n) for n in range(20)] + [frequency(118.0 + n / 4, Service.COM) for n in range(20)]
    started = time.process_time()
    hits(stations, table, involving=7)
    assert time.process_time() - started < 0.1


def test_no_station_or_one_makes_no_product():
    assert hits([], [frequency(108.3)]) == hits([104.9e6], [frequency(108.3)]) == ()


def test_the_skirt_of_a_carrier_near_108_reaches_the_first_localizers():
    table = [frequency(108.1), frequency(108.15), frequency(108.3)]
    assert [each.freq_hz for each in beside(107.9e6, table)] == [108.1e6, 108.15e6]
    assert beside(107.7e6, table) == ()


def test_a_frequency_counts_where_it_is_used():
    far = frequency(108.3, lat_deg=30.0, lon_deg=114.0, radius_km=50.0)
    anywhere = frequency(108.5)
    assert in_use_near([far, anywhere], 30.2, 114.2) == (far, anywhere)
    assert in_use_near([far, anywhere], 31.0, 114.0) == (anywhere,)  # 111 km
    assert in_use_near([far], None, None) == (far,)
    assert distance_km((0.0, 0.0), (0.0, 1.0)) == pytest.approx(111.2, abs=0.1)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ('freq_hz = 108200000.0\nkind = "ils"', "tenths are odd"),
        ('freq_hz = 101000000.0\nkind = "vor"', "outside VOR"),
        ('freq_hz = 118.1\nkind = "com"', "outside COM"),  # MHz where Hz was meant
        ('freq_hz = 118100000.0\nkind = "com"\nlat_deg = 114.0\nlon_deg = 30.0', "no such place"),  # swapped
        ('freq_hz = 118100000.0\nkind = "com"\nlat_deg = 30.0', "go together"),
        ('freq_hz = 118100000.0\nkind = "radar"', "radar"),
    ],
)
def test_a_table_that_cannot_be_is_refused_with_its_reason(row: str, why: str):
    class Table(msgspec.Struct):
        aviation: tuple[AeronauticalFrequency, ...]

    with pytest.raises(BadValue, match=why):
        parse_settings(f'[[aviation]]\nname = "x"\n{row}\n', Table, file="a.toml")
