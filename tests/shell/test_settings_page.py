import tomllib

from server.settings import ServerSettings
from shell.settings import parse_settings
from shell.settings_page import as_toml


def test_the_printed_file_is_accepted_and_is_the_default():
    assert parse_settings(as_toml(ServerSettings), ServerSettings, file="server.toml") == ServerSettings()


def test_every_key_is_printed_with_its_comment():
    page = as_toml(ServerSettings)
    assert "# folder of the database, keys and snippets\ndata =" in page
    assert 'host = "127.0.0.1"' in page
    assert "[[alerts.webhooks]]" in page
    assert tomllib.loads(page)["link"]["bind"].startswith("tcp://")
