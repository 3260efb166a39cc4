"""Made receptions against physics: level, delay, Doppler, frequency errors, noise, seams, saturation."""

import msgspec
import numpy as np
import pytest

from recordings.receive_converter import DBM_AT_FULL_SCALE, Converter, Imperfections
from recordings.scenario_read import parse_scenario
from recordings.world import World

CARRIER = """
[[interference]]
name = "carrier"
eirp_dbm = 40.0
freq_hz = 98.3e6
site = { east_m = 0.0, north_m = 0.0 }
"""
RATE_HZ = 2.4e6
C_M_S = 299_792_458.0


def scenario(*tables: str):
    head = """
name = "bench"
start_utc = 2026-03-02T08:00:00Z
duration_s = 30.0
seed = 5
[place]
lat_deg = 30.6
lon_deg = 104.1
[propagation.fm]
echoes = 0
shadowing_sigma_db = 0.0
exponent = 2.0
loss_db = 80.0
height_gain_db = 0.0
[[look]]
service = "fm"
centre_hz = 98.0e6
rate_hz = 2.4e6
seconds = 0.2
first_s = 1.0
"""
    return parse_scenario(head + "\n".join(tables), file="bench.toml")


def sensor(name: str = "one", place: str = "site = { east_m = 1000.0, north_m = 0.0 }", more: str = "") -> str:
    return f'[[sensor]]\nname = "{name}"\n{place}\nfm = {{ gain_db = 15.0, noise_figure_db = 6.0 }}\n{more}\n'


def received(made, look: int = 0) -> list[np.ndarray]:
    """Complex samples of each sensor, full scale 1."""
    world = World(made)
    one = made.looks()[look]
    blocks = range(-(-one.samples // world.grid(one.plan).kept))
    return [
        ((raw.astype(np.float32) - 127.5) / 127.5).view(np.complex64).astype(np.complex128)
        for _, raw in world.blocks(one, blocks)
    ]


def mixed_down(samples, freq_hz):
    return samples * np.exp(-2j * np.pi * freq_hz * np.arange(len(samples)) / RATE_HZ)


def frequency_of(samples, near_hz):
    """Phase slope of a carrier near a frequency, averaged over 0.1 ms."""
    steps = mixed_down(samples, near_hz)[: len(samples) // 240 * 240].reshape(-1, 240).mean(axis=1)
    phase = np.unwrap(np.angle(steps))
    return near_hz + np.polyfit(np.arange(len(phase)) * 240 / RATE_HZ, phase, 1)[0] / (2 * np.pi)


def level_dbfs(samples, freq_hz):
    return 20 * np.log10(np.abs(mixed_down(samples, freq_hz).mean()))


def test_a_carrier_arrives_with_the_level_of_the_link_budget():
    (heard,) = received(scenario(sensor(), CARRIER))
    # 40 dBm − 80 dB at 1 km + 15 dB gain, against full scale
    assert level_dbfs(heard, 300e3) == pytest.approx(40.0 - 80.0 + 15.0 - DBM_AT_FULL_SCALE, abs=0.02)


def test_twice_the_distance_is_six_db_less_in_free_space():
    near, far = received(scenario(sensor(), sensor("two", "site = { east_m = 2000.0, north_m = 0.0 }"), CARRIER))
    assert level_dbfs(near, 300e3) - level_dbfs(far, 300e3) == pytest.approx(
        6.02, abs=0.05
    )  # rounding is a few hundredths


def test_noise_has_the_power_of_the_noise_figure():
    loud = sensor().replace("gain_db = 15.0, noise_figure_db = 6.0", "gain_db = 49.6, noise_figure_db = 20.0")
    (heard,) = received(scenario(loud))
    expected = -174 + 10 * np.log10(RATE_HZ) + 20.0 + 49.6 - DBM_AT_FULL_SCALE
    assert 10 * np.log10(np.mean(np.abs(heard) ** 2)) == pytest.approx(expected, abs=0.05)
    spectrum = np.abs(np.fft.fft(heard[:480_000].reshape(-1, 64), axis=1)) ** 2
    assert 10 * np.log10(spectrum.mean(axis=0)).std() < 0.2  # white


def test_the_emitters_crystal_moves_its_carrier():
    (heard,) = received(scenario(sensor(), CARRIER + "carrier_ppm = 2.5"))
    assert frequency_of(heard, 300e3) == pytest.approx(300e3 + 98.3e6 * 2.5e-6, abs=0.05)


@pytest.mark.parametrize("ppm", [0.7, -38.0, 70.0])
def test_the_sensors_crystal_moves_tuning_and_sampling_together(ppm):
    (heard,) = received(scenario(sensor(more=f"clock_ppm = {ppm}"), CARRIER))
    clock = 1 + ppm * 1e-6
    expected = (98.3e6 - 98e6 * clock) / clock
    assert frequency_of(heard, expected + 1000.0) == pytest.approx(expected, abs=0.05)


def test_a_vehicle_that_drives_away_hears_the_doppler_shift():
    away = "route = { points_m = [[1000.0, 0.0], [3000.0, 0.0]], speed_m_s = 30.0, closed = false, height_m = 10.0 }"
    (heard,) = received(scenario(sensor(place=away), CARRIER))
    assert frequency_of(heard, 300e3) == pytest.approx(300e3 - 30.0 / C_M_S * 98.3e6, abs=0.05)


def test_the_doppler_shift_is_the_same_when_the_emitter_drives():
    away = CARRIER.replace(
        "site = { east_m = 0.0, north_m = 0.0 }",
        "route = { points_m = [[0.0, 0.0], [-2000.0, 0.0]], speed_m_s = 30.0, closed = false, height_m = 10.0 }",
    )
    (heard,) = received(scenario(sensor(), away))
    assert frequency_of(heard, 300e3) == pytest.approx(300e3 - 30.0 / C_M_S * 98.3e6, abs=0.05)


NOISE = """
[[interference]]
name = "noise"
eirp_dbm = 40.0
freq_hz = 97.6e6
noise_width_hz = 200e3
site = { east_m = 0.0, north_m = 0.0 }
"""


def delay_between(one, other):
    """Seconds that `other` is later than `one`: phase slope over the noise's band, whole samples first."""
    one, other = (mixed_down(x, -400e3) for x in (one, other))
    n = len(one)
    cross = np.fft.fft(other) * np.conj(np.fft.fft(one))
    freq = np.fft.fftfreq(n, 1 / RATE_HZ)
    inside = np.abs(freq) < 95e3
    grid = np.arange(-40, 40, 0.01) / RATE_HZ
    parts = cross[inside].reshape(-1)
    coarse_freq, step = freq[inside], 50
    order = np.argsort(coarse_freq)
    keep = len(order) // step * step
    folded = parts[order][:keep].reshape(-1, step).sum(axis=1)
    at = coarse_freq[order][:keep].reshape(-1, step).mean(axis=1)
    match = np.abs(np.exp(2j * np.pi * np.outer(grid, at)) @ folded)
    return grid[np.argmax(match)]


def test_two_sensors_hear_a_signal_as_far_apart_as_they_stand():
    places = ("site = { east_m = 700.0, north_m = 0.0 }", "site = { east_m = 0.0, north_m = 3211.0 }")
    one, other = received(scenario(sensor("one", places[0]), sensor("two", places[1]), NOISE))
    assert delay_between(one, other) == pytest.approx((3211.0 - 700.0) / C_M_S, abs=0.02 / RATE_HZ)


def test_a_fast_clock_pulls_the_signal_together():
    """After 0.1 s, 5 ppm are half a microsecond; the delay is measured over the middle of the look."""
    one, other = received(scenario(sensor("one"), sensor("two", more="clock_ppm = 5.0"), NOISE))
    off = np.exp(2j * np.pi * 98e6 * 5e-6 / (1 + 5e-6) * np.arange(len(other)) / RATE_HZ)
    middle = slice(len(one) // 2 - 24_000, len(one) // 2 + 24_000)
    measured = delay_between(one[middle], (other * off)[middle])
    assert measured == pytest.approx(0.1 * 5e-6, abs=0.03 / RATE_HZ)


def test_a_computer_clock_that_is_ahead_starts_early():
    one, other = received(scenario(sensor("one"), sensor("two", more="time_offset_s = 4e-6"), NOISE))
    assert delay_between(one, other) == pytest.approx(4e-6, abs=0.02 / RATE_HZ)


@pytest.mark.parametrize("moving", [False, True])
def test_blocks_join_without_a_seam(moving):
    place = (
        "route = { points_m = [[500.0, 0.0], [2500.0, 40.0]], speed_m_s = 30.0, closed = false }"
        if moving
        else "site = { east_m = 1000.0, north_m = 0.0 }"
    )
    made = scenario(sensor(place=place, more="clock_ppm = -12.0"), CARRIER + "carrier_ppm = 1.0")
    (heard,) = received(made)
    flat = mixed_down(heard, frequency_of(heard, 300e3))
    smooth = flat[: len(flat) // 24 * 24].reshape(-1, 24).mean(axis=1)
    steps = np.abs(np.diff(smooth))
    world = World(made)
    kept = world.grid(made.look[0]).kept
    seams = [block * kept // 24 for block in range(1, len(flat) // kept)]
    assert len(seams) >= 7
    at_seams = max(steps[seam - 2 : seam + 2].max() for seam in seams)
    assert at_seams <= 1.5 * np.quantile(steps, 0.999)


def test_echoes_keep_the_mean_power_and_make_places_differ():
    sensors = [sensor(f"s{k}", f"site = {{ east_m = 1000.0, north_m = {k} }}") for k in range(12)]
    plain = scenario(*sensors, NOISE)
    fm = msgspec.structs.replace(plain.propagation.fm, echoes=3, rice_factor_db=0.0, delay_spread_s=1.0e-6)
    echoing = msgspec.structs.replace(plain, propagation=msgspec.structs.replace(plain.propagation, fm=fm))
    power = [
        np.mean(np.abs(x) ** 2) / np.mean(np.abs(y) ** 2)
        for x, y in zip(received(echoing), received(plain), strict=True)
    ]
    assert np.mean(power) == pytest.approx(1.0, abs=0.45)  # twelve links, each fading on its own
    assert np.std(10 * np.log10(power)) > 0.5


def test_too_strong_a_signal_clips():
    (heard,) = received(scenario(sensor(), CARRIER.replace("eirp_dbm = 40.0", "eirp_dbm = 70.0")))
    assert np.mean(np.maximum(np.abs(heard.real), np.abs(heard.imag)) >= 1.0) > 0.3
    assert np.abs(heard.real).max() == 1.0


def test_an_emitter_at_the_edge_is_cut_off_and_does_not_come_back_on_the_other_side():
    edge = NOISE.replace("freq_hz = 97.6e6", "freq_hz = 99.2e6")
    (heard,) = received(scenario(sensor(), edge))
    spectrum = np.abs(np.fft.fftshift(np.fft.fft(heard[:479_232].reshape(-1, 1024), axis=1), axes=1)) ** 2
    psd = 10 * np.log10(spectrum.mean(axis=0))
    assert psd[-20:].mean() - psd[20:60].mean() > 25.0


def test_an_emitter_is_heard_only_while_it_is_on():
    made = scenario(sensor(), CARRIER + "on_s = [[1.05, 1.15]]")
    (heard,) = received(made)
    power = np.abs(mixed_down(heard, 300e3).reshape(-1, 2400).mean(axis=1))
    on = (np.arange(200) >= 50) & (np.arange(200) < 150)
    assert power[on].min() > 30 * power[~on].max()


def test_direct_current_and_uneven_channels_are_what_they_are_told():
    uneven = Converter(Imperfections(dc_i=0.05, dc_q=-0.1, iq_gain_db=1.0, iq_phase_deg=5.0))
    tone = (0.4 * np.exp(2j * np.pi * 0.11 * np.arange(40_000))).astype(np.complex64)
    raw = uneven.convert(tone.copy()).reshape(-1, 2) / 127.5 - 1.0
    i, q = raw.T
    assert i.mean() == pytest.approx(0.05, abs=1e-3)
    assert q.mean() == pytest.approx(-0.1, abs=1e-3)
    assert 20 * np.log10(i.std() / q.std()) == pytest.approx(1.0, abs=0.05)
    assert np.mean((i - i.mean()) * (q - q.mean())) / i.std() / q.std() == pytest.approx(
        np.sin(np.radians(5)), abs=2e-3
    )


def test_an_even_converter_rounds_to_the_nearest_step():
    values = np.linspace(-0.99, 0.99, 5001)
    raw = Converter(Imperfections()).convert((values + 1j * values[::-1]).astype(np.complex64))
    assert np.max(np.abs(raw[0::2] / 127.5 - 1.0 - values)) <= 0.5 / 127.5 + 1e-6
