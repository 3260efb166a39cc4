from pathlib import Path

from sensor.link_settings import LinkSettings
from sensor.settings import RadioSettings, ReplaySettings, SensorSettings
from server.settings import ServerSettings
from wavewarden.beside import beside


def test_relative_paths_are_taken_from_the_folder_of_the_file():
    link = LinkSettings(server="tcp://127.0.0.1:5640", server_key="k" * 40)
    plan = SensorSettings(link=link, radio=RadioSettings(replay=ReplaySettings(file="made/roof.sigmf-meta")))
    seen = beside(Path("kit/sensor.toml"), plan)
    assert seen.data == "kit/wavewarden-sensor"
    assert seen.link is not None and seen.link.key == "kit/sensor.key"
    assert seen.link.server_key == "k" * 40
    assert seen.radio.replay.file == "kit/made/roof.sigmf-meta"
    assert seen.outbox is None


def test_absolute_paths_and_files_in_the_folder_itself_stay():
    assert beside(Path("/etc/ww/server.toml"), ServerSettings(data="/srv/ww")).data == "/srv/ww"
    assert beside(Path("server.toml"), ServerSettings()).data == "wavewarden-server"


def test_a_band_plan_of_ones_own_lies_beside_the_file_and_a_name_stays_a_name():
    assert beside(Path("kit/server.toml"), ServerSettings(band_plan="mine.toml")).band_plan == "kit/mine.toml"
    assert beside(Path("kit/server.toml"), ServerSettings(band_plan="de")).band_plan == "de"
