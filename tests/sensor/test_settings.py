import re
import tomllib

import msgspec
import pytest

from sensor.settings import ReplaySettings, SensorSettings
from shell.settings import BadValue, UnknownKey, parse_settings
from shell.settings_page import as_toml


def test_an_empty_file_is_a_sensor_with_one_dongle():
    settings = parse_settings("", SensorSettings, file="a.toml")
    assert settings.radio.kind == "rtlsdr"
    assert settings.link is None
    assert settings.position is None


def test_a_replay_in_place_of_a_receiver():
    text = '[radio]\nkind = "replay"\n[radio.replay]\nfile = "a.sigmf-meta"\nloop = true\n'
    settings = parse_settings(text, SensorSettings, file="a.toml")
    assert settings.radio.replay == ReplaySettings(file="a.sigmf-meta", loop=True)


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("[radio]\nkinds = 1", "kind"),
        ("[radio.rtlsdr]\ngian_db = 3", "gain_db"),
        ("[[plan.bands]]\nlow_mz = 1", "low_mhz"),
    ],
)
def test_a_key_with_a_typo_is_refused_with_the_one_that_was_meant(text, near):
    with pytest.raises(UnknownKey) as refused:
        parse_settings(text, SensorSettings, file="a.toml")
    assert refused.value.nearest == near


def test_a_kind_of_radio_that_is_not_known_is_refused():
    with pytest.raises(BadValue):
        parse_settings('[radio]\nkind = "hackrf"', SensorSettings, file="a.toml")


def test_the_printed_file_is_the_default_and_explains_every_key():
    page = as_toml(SensorSettings)
    assert msgspec.convert(tomllib.loads(page), SensorSettings) == SensorSettings()
    lines = page.splitlines()
    keys = [at for at, line in enumerate(lines) if re.match(r"(# )?\w+ =", line)]
    assert len(keys) > 40
    assert [lines[at] for at in keys if not lines[at - 1].startswith("# ") or at - 1 in keys] == []
