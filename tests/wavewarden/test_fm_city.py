"""The made city's FM band, as two of its roofs hear it."""

import json
from pathlib import Path

import msgspec
import pytest

from recordings.make import make
from recordings.scenario_read import open_scenario
from tests.wavewarden.running import invoke
from wavewarden.fm_verdict import Verdict

PIRATE_HZ, STOLEN_HZ = 98.1e6, 98.7e6
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[float, dict]]:
    """By roof, by frequency to 100 kHz: what `fm scan --json` says of one look of 3 s."""
    city = open_scenario("demo_city")
    fm = msgspec.structs.replace(
        next(look for look in city.look if look.service == "fm"), seconds=3.0, first_s=0.0, every_s=None
    )
    roofs = tuple(each for each in city.sensor if each.name in {"north-roof", "east-roof"})
    one = msgspec.structs.replace(city, look=(fm,), sensor=roofs, gsm_cell=(), interference=(), duration_s=4.0)
    folder = tmp_path_factory.mktemp("city")
    rows = [
        f'[[fm]]\nfreq_hz = {each.freq_hz}\nname = "{each.name}"\npi = {each.pi}\nstereo = true\nrds = true\n'
        for each in city.licences().fm
    ]
    (folder / "licences.toml").write_text("\n".join(rows), encoding="utf-8")
    with pytest.MonkeyPatch.context() as monkeypatch:
        return {
            file.name.split(".")[0]: _scan(monkeypatch, file, folder / "licences.toml")
            for file in make(one, folder / "made")
        }


def _scan(monkeypatch: pytest.MonkeyPatch, file: Path, licences: Path) -> dict[float, dict]:
    done = invoke(monkeypatch, "fm", "scan", file, "--licences", licences, "--json")
    said = [json.loads(line) for line in done.stdout.splitlines()]
    return {round(line["freq_hz"] / 1e5) * 1e5: line for line in said}


def test_every_station_of_the_city_is_found_where_it_is_and_no_other(scanned):
    licensed = {each.freq_hz for each in open_scenario("demo_city").licences().fm}
    for roof, found in scanned.items():
        assert set(found) == licensed | {PIRATE_HZ}, roof


def test_the_pirate_is_unlicensed_and_the_licensed_are_licensed_by_name(scanned):
    names = {each.freq_hz: each.name for each in open_scenario("demo_city").licences().fm}
    for found in scanned.values():
        assert found[PIRATE_HZ]["verdict"] == Verdict.UNLICENSED.value
        for freq_hz in set(names) - {STOLEN_HZ}:
            assert (found[freq_hz]["verdict"], found[freq_hz]["licence"]["name"]) == ("licensed", names[freq_hz])


def test_on_the_stolen_channel_the_far_roof_hears_the_owner_and_the_near_roof_two_carriers(scanned):
    far, near = scanned["north-roof"][STOLEN_HZ], scanned["east-roof"][STOLEN_HZ]
    assert (far["pi"], far["verdict"]) == (0xC305, "licensed")
    assert near["pi"] is None and near["sinr_db"] < far["sinr_db"]  # too much alike for one look to accuse anybody
    assert (near["deviation_hz"], near["deviation_reason"]) == (None, "neighbour")
