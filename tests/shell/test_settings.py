import msgspec
import pytest

from shell.settings import BadValue, UnknownKey, UnreadableSettings, parse_settings


class Antenna(msgspec.Struct, frozen=True, kw_only=True):
    gain_db: float = 0.0


class Kit(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    antennas: tuple[Antenna, ...] = ()


def test_a_good_file_becomes_its_struct():
    kit = parse_settings('name = "k"\n[[antennas]]\ngain_db = 2.0\n', Kit, file="kit.toml")
    assert kit == Kit(name="k", antennas=(Antenna(gain_db=2.0),))


def test_an_unknown_key_is_refused_with_the_nearest_one_and_its_place():
    with pytest.raises(UnknownKey) as refusal:
        parse_settings('name = "k"\n[[antennas]]\ngian_db = 2.0\n', Kit, file="kit.toml")
    assert refusal.value.key == "antennas[0].gian_db"
    assert refusal.value.nearest == "gain_db"


def test_a_value_of_the_wrong_type_names_its_place():
    with pytest.raises(BadValue, match=r"name"):
        parse_settings("name = 3\n", Kit, file="kit.toml")


def test_what_is_not_toml_is_said_to_be_so():
    with pytest.raises(UnreadableSettings, match="is not TOML"):
        parse_settings("name = = 3", Kit, file="kit.toml")
