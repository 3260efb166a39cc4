from dsp.fm.rds_af import AlternativeFrequencies, af_hz, lf_mf_hz
from dsp.fm.rds_values import AfList


def _heard(*pairs: tuple[int, int] | None, times: int = 2) -> AlternativeFrequencies:
    af = AlternativeFrequencies()
    for pair in pairs * times:
        af.take(pair)
    return af


def test_codes_are_channels_of_their_bands() -> None:
    assert (af_hz(1), af_hz(204), af_hz(0), af_hz(205)) == (87.6e6, 107.9e6, None, None)
    assert (lf_mf_hz(1), lf_mf_hz(15), lf_mf_hz(16), lf_mf_hz(135)) == (153e3, 279e3, 531e3, 1602e3)
    assert lf_mf_hz(0) is None and lf_mf_hz(136) is None


def test_a_list_of_method_a_is_whole_by_its_own_count() -> None:
    af = _heard((227, 56), (120, 33))
    assert af.lists == {((227, 56), (120, 33)): 2}
    assert af.lists_b == ()
    assert set(af.heard.confirmed()) == {93.1e6, 99.5e6, 90.8e6}


def test_a_filler_is_no_frequency() -> None:
    af = _heard((226, 56), (120, 205))
    assert sum(af.lists.values()) == 2
    assert set(af.heard) == {93.1e6, 99.5e6}


def test_a_list_with_a_lost_pair_is_not_whole() -> None:
    af = _heard((229, 1), None, (2, 3), (4, 5))
    assert not af.lists
    assert set(af.heard) == {87.6e6, 87.7e6, 87.8e6, 87.9e6, 88.0e6}


def test_a_long_wave_channel_takes_two_codes_and_one_place() -> None:
    af = _heard((227, 10), (250, 1), (20, 205))
    assert sum(af.lists.values()) == 2
    assert set(af.heard_lf_mf) == {153e3}
    assert set(af.heard) == {88.5e6, 89.5e6}


def test_method_b_names_the_tuned_frequency_in_every_pair() -> None:
    """The standard's own example (§6.2.1.6.3): 89.3 with 99.5, 101.7, 88.8 and the regional 102.6, 89.0."""
    tuned = 18  # 89.3 MHz
    af = _heard((224 + 11, tuned), (tuned, 120), (tuned, 142), (13, tuned), (151, tuned), (tuned, 15))
    assert af.lists_b == (
        AfList(tuned_hz=89.3e6, same_programme_hz=(88.8e6, 99.5e6, 101.7e6), regional_variants_hz=(89.0e6, 102.6e6)),
    )


def test_one_wrong_frequency_in_hours_is_not_confirmed() -> None:
    af = _heard((227, 56), (120, 33), times=200)
    for _ in range(3):
        af.take((77, 78))
    assert set(af.heard.confirmed()) == {93.1e6, 99.5e6, 90.8e6}
