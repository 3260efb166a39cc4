"""The irregular terrain model against the values its authors give, and free space where that is all."""

from statistics import NormalDist

import pytest

from dsp.propagation import Link, area_loss, field_dbuv_m, free_space_db, loss_quantile_db


def z(percent: float) -> float:
    """The model's deviate of a share: negative beyond the median, where more is lost."""
    return -NormalDist().inv_cdf(percent / 100.0)


# The area-mode cases that the NTIA's own implementation is tested by (its area.csv), and its example of version 1.5:
# transmitter, receiver, Δh, mode, km, siting, conductivity, MHz, vertical, climate, time, place, situation, loss
NTIA = (
    (10, 1, 0, 0, 16, (0, 0), 0.008, 230, False, 5, 87, 50, 50, 152.5),
    (3, 1.5, 10, 1, 10, (1, 0), 0.008, 450, False, 5, 40, 28, 25, 133.0),
    (15, 3, 5, 2, 100, (2, 1), 0.008, 980, True, 4, 92, 53, 97, 224.1),
    (3, 5, 20, 3, 75, (0, 1), 0.008, 3100, True, 2, 50, 80, 43, 205.1),
    (1.5, 10, 45, 0, 25, (1, 2), 0.008, 8900, True, 1, 70, 99, 26, 156.0),
    (15, 3, 20, 1, 10, (0, 0), 0.005, 3500, True, 5, 50, 50, 50, 134.5),
)


@pytest.mark.parametrize("case", NTIA)
def test_the_loss_is_what_the_models_keepers_compute(case):
    transmitter, receiver, terrain, mode, km, siting, conductivity, mhz, vertical, climate, time, place, trust, loss = (
        case
    )
    link = Link(
        mhz * 1e6,
        km * 1e3,
        transmitter,
        receiver,
        terrain,
        siting=siting,
        conductivity_s_m=conductivity,
        vertical=vertical,
        climate=climate,
    )
    assert loss_quantile_db(link, mode, z(time), z(place), z(trust)) == pytest.approx(loss, abs=0.051)  # they print 0.1


def fm(km: float, height_m: float = 150.0, terrain_m: float = 90.0) -> Link:
    return Link(98e6, km * 1e3, height_m, 10.0, terrain_m)


def test_free_space_is_that_of_the_textbook_and_one_kilowatt_gives_its_field():
    assert free_space_db(100e6, 1e3) == pytest.approx(72.45, abs=0.01)
    assert field_dbuv_m(60.0 + 2.15 - free_space_db(98e6, 1e3), 98e6) == pytest.approx(
        106.9, abs=0.05
    )  # P.525, 1 kW ERP


def test_more_is_lost_farther_lower_and_over_rougher_ground():
    losses = [area_loss(fm(km)).median_db for km in (5, 10, 20, 40, 80, 160)]
    assert losses == sorted(losses)
    assert area_loss(fm(40, height_m=30.0)).median_db > area_loss(fm(40, height_m=300.0)).median_db + 6.0
    assert area_loss(fm(40, terrain_m=300.0)).median_db > area_loss(fm(40, terrain_m=30.0)).median_db


def test_the_spread_is_that_of_places_and_situations_and_is_told():
    assert 5.0 < area_loss(fm(30)).sigma_db < 14.0
    assert area_loss(fm(30, terrain_m=300.0)).sigma_db > area_loss(fm(30, terrain_m=10.0)).sigma_db


def test_beside_the_mast_it_goes_on_to_free_space_without_a_step():
    near, far = (area_loss(fm(km)).median_db for km in (0.999, 1.001))
    assert abs(far - near) < 0.1
    assert area_loss(fm(0.0)).median_db > 0.0
