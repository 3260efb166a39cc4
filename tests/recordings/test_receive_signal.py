"""The arithmetic under made receptions, each against the exact answer for a tone."""

import numpy as np
import pytest
import scipy.fft

from recordings.receive_grid import grid_for
from recordings.world_emission import emit, piece
from recordings.world_phasor import NODE_SAMPLES, bent_phasor, node_count, phasor
from recordings.world_stretch import alternating, stretched, tapered, terms_for


class Tone:
    """A transmitter that sends one tone, endless to both sides."""

    def __init__(self, freq_hz, rate_hz):
        self.freq_hz, self.rate_hz = freq_hz, rate_hz

    def baseband(self, first, count):
        return np.exp(2j * np.pi * (self.freq_hz / self.rate_hz * np.arange(first, first + count) % 1)).astype(
            np.complex64
        )


def test_a_phasor_turns_evenly():
    exact = np.exp(2j * np.pi * (0.3 + 0.01234 * np.arange(5000)))
    assert np.max(np.abs(phasor(0.3, 0.01234, 5000) - exact)) < 1e-5


def test_a_bent_phasor_passes_through_its_nodes():
    nodes = np.cumsum(np.random.default_rng(0).normal(size=node_count(3000)))
    turned = bent_phasor(nodes, 3000)
    at_nodes = turned[::NODE_SAMPLES]
    assert np.allclose(at_nodes, np.exp(2j * np.pi * nodes[: len(at_nodes)]), atol=1e-4)
    assert np.allclose(np.abs(turned), 1.0, atol=1e-5)


@pytest.mark.parametrize("ppm", [1.0, 5.0, 50.0, 100.0])
@pytest.mark.parametrize("freq", [0.01, 0.3, 0.4])
def test_a_stretched_block_is_right_within_what_eight_bits_can_show(ppm, freq):
    n, guard = 15_360, 640
    stretch = ppm * 1e-6
    block = np.exp(2j * np.pi * freq * np.arange(n)) * tapered(n, guard) * alternating(n)
    spectrum = scipy.fft.fft(block.astype(np.complex64))
    terms = terms_for(stretch * n / 2, band=0.5)
    read = stretched(spectrum, stretch, terms=terms) * alternating(n)
    exact = np.exp(2j * np.pi * freq * (np.arange(n) + (np.arange(n) - n / 2) * stretch))
    error = np.abs(read - exact)[guard:-guard]
    assert 20 * np.log10(error.max()) < -49.0  # the stated tolerance, at the edges of the block


def test_no_clock_error_needs_no_terms():
    assert terms_for(0.0, band=0.5) == 0


@pytest.mark.parametrize("rate_hz", [4 * 1625000 / 6, 384e3, 250e3])
@pytest.mark.parametrize("ppm", [0.0, 0.9, -20.0])
def test_an_emission_is_resampled_to_60_db(rate_hz, ppm):
    low_hz, tone_hz, shift_hz = 450e3, 71_234.5, -17.25
    emission = emit(
        Tone(tone_hz, rate_hz),
        rate_hz=low_hz,
        begin_s=0.1,
        end_s=0.25,
        clock_ppm=ppm,
        shift_hz=shift_hz,
        on_s=None,
    )
    time_s = (emission.first + np.arange(len(emission.samples))) / low_hz
    assert time_s[0] <= 0.1
    assert time_s[-1] >= 0.25
    exact = np.exp(2j * np.pi * (tone_hz * (1 + ppm * 1e-6) + shift_hz) * time_s)
    assert 20 * np.log10(np.max(np.abs(emission.samples - exact))) < -60.0


def test_an_emission_has_the_same_samples_whoever_asks():
    def between(begin_s, end_s):
        return emit(
            Tone(50e3, 384e3),
            rate_hz=450e3,
            begin_s=begin_s,
            end_s=end_s,
            clock_ppm=1.0,
            shift_hz=3.0,
            on_s=None,
        )

    whole, part = between(0.0, 0.5), between(0.2, 0.3)
    same = whole.samples[part.first - whole.first :][: len(part.samples)]
    assert np.max(np.abs(same - part.samples)) < 1e-5


def test_an_emission_is_silent_while_it_is_off():
    emission = emit(
        Tone(1e3, 384e3),
        rate_hz=450e3,
        begin_s=0.0,
        end_s=0.3,
        clock_ppm=0.0,
        shift_hz=0.0,
        on_s=((0.1, 0.2),),
    )
    time_s = (emission.first + np.arange(len(emission.samples))) / 450e3
    off = (time_s < 0.1) | (time_s > 0.2)
    assert np.all(emission.samples[off] == 0)
    assert np.abs(emission.samples[(time_s > 0.11) & (time_s < 0.19)]).min() > 0.99


def test_pieces_beyond_the_ends_are_zeros():
    held = np.arange(1, 5).astype(np.complex64)
    assert piece(held, -2, 4).tolist() == [0, 0, 1, 2]
    assert piece(held, 2, 4).tolist() == [3, 4, 0, 0]
    assert piece(held, 9, 2).tolist() == [0, 0]
    assert piece(held, -9, 3).tolist() == [0, 0, 0]
    assert piece(held, -1, 7).tolist() == [0, 1, 2, 3, 4, 0, 0]


@pytest.mark.parametrize("rate_hz", [240e3, 1.024e6, 2.048e6, 2.4e6, 3.2e6])
@pytest.mark.parametrize("ppm", [0.0, 1.0, 70.0])
def test_every_dongle_rate_has_a_grid(rate_hz, ppm):
    grid = grid_for(rate_hz, worst_clock_ppm=ppm)
    assert grid.kept > 0
    assert grid.kept % 2 == 0
    assert grid.seconds <= 0.027
    for width_hz in (20e3, 330e3, 560e3):
        low = grid.low(width_hz)
        assert low.rate_hz >= width_hz / 0.84
        assert low.size / low.rate_hz == pytest.approx(grid.seconds)
        assert low.size % 2 == 0
