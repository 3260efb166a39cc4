import contextlib
import sqlite3
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

import folium
import pytest

from server import map as live_map
from server.roles import Role
from server.settings import Area, Map, ServerSettings
from tests.server import web

PNG = b"\x89PNG\r\n\x1a\n" + b"pixels"
KEY = "secret-key-of-the-agency"


def test_the_map_loads_leaflet_from_us_and_nothing_else():
    parts = live_map.compose(Map(), None)
    assert parts.js_links == ("/static/vendor/leaflet/leaflet.js",)
    assert parts.css_links == ("/static/vendor/leaflet/leaflet.css",)
    assert "http" not in parts.script + parts.style


def test_leaflet_is_of_the_version_folium_was_made_for():
    version = next(url for name, url in folium.Map.default_js if name == "leaflet").split("@")[1].split("/")[0]
    text = (live_map.LEAFLET_FOLDER / "leaflet.js").read_text(encoding="utf-8")
    assert f"Leaflet {version}" in text[:200]


@pytest.mark.parametrize("kind", ["default_js", "default_css"])
def test_a_folium_that_wants_another_file_is_refused_at_start(monkeypatch, kind):
    monkeypatch.setattr(folium.Map, kind, [*getattr(folium.Map, kind), ("new_thing", "https://example.org/new.js")])
    with pytest.raises(live_map.FoliumChanged, match="new_thing"):
        live_map.compose(Map(), None)


def test_composing_leaves_folium_as_it_was():
    before = list(folium.Map.default_js), list(folium.Map.default_css)
    live_map.compose(Map(), None)
    assert (list(folium.Map.default_js), list(folium.Map.default_css)) == before


def test_the_prefix_is_leaflet_alone_and_the_scale_metric():
    script = live_map.compose(Map(), None).script
    assert "attributionControl.setPrefix('Leaflet')" in script
    assert "L.control.scale({imperial: false})" in script


def test_the_map_shows_the_configured_area():
    area = Area(south_deg=30.1, west_deg=120.0, north_deg=30.4, east_deg=120.3)
    assert "[[30.1, 120.0], [30.4, 120.3]]" in live_map.compose(Map(), area).script


@pytest.mark.parametrize(("base", "layers"), [("plain", 0), ("mbtiles", 1), ("tianditu", 2)])
def test_each_base_map_has_its_layers(base, layers):
    assert live_map.compose(Map(base=base), None).script.count("L.tileLayer(") == layers


def test_script_and_style_are_files_and_the_page_has_neither_inside(tmp_path):
    with web.database(tmp_path) as engine, web.visitor(web.make_app(engine), Role.VIEWER) as client:
        page = client.get("/").text
        assert client.get("/map.js").headers["content-type"].startswith("text/javascript")
        assert client.get("/map.css").headers["content-type"].startswith("text/css")
    assert "<style" not in page
    assert " style=" not in page
    assert page.count("<script") == page.count("<script src=") + page.count('<script type="module" src=')
    assert " onclick" not in page


@pytest.fixture
def mbtiles(tmp_path):
    file = tmp_path / "city.mbtiles"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE tiles (zoom_level, tile_column, tile_row, tile_data)")
        connection.execute("INSERT INTO tiles VALUES (2, 3, 0, ?)", (PNG,))
        connection.execute("INSERT INTO tiles VALUES (2, 3, 1, ?)", (b"<svg onload=alert(1)>",))
    connection.close()
    return file


def test_mbtiles_count_their_rows_from_the_south(tmp_path, mbtiles):
    settings = ServerSettings(map=Map(base="mbtiles", mbtiles=str(mbtiles)))
    with web.database(tmp_path) as engine, web.visitor(web.make_app(engine, settings), Role.VIEWER) as client:
        answer = client.get("/tiles/base/2/3/3")
        assert (answer.content, answer.headers["content-type"]) == (PNG, "image/png")
        assert client.get("/tiles/base/2/3/0").status_code == 204
        assert client.get("/tiles/base/2/3/2").status_code == 204, "what is no picture is not passed on"
        assert client.get("/tiles/base/2/4/0").status_code == 204, "there is no column 4 at level 2"
        assert client.get("/tiles/base/19/0/0").status_code == 422


def test_a_missing_mbtiles_file_is_said_without_its_path(tmp_path):
    settings = ServerSettings(map=Map(base="mbtiles", mbtiles=str(tmp_path / "hidden-folder" / "gone.mbtiles")))
    with web.database(tmp_path) as engine, web.visitor(web.make_app(engine, settings), Role.VIEWER) as client:
        answer = client.get("/tiles/base/2/3/3")
    assert answer.status_code == 502
    assert "gone.mbtiles" in answer.text
    assert "hidden-folder" not in answer.text


class Upstream(BaseHTTPRequestHandler):
    asked: ClassVar[list[str]]
    status = 200
    body = PNG

    def do_GET(self):
        type(self).asked.append(self.path)
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_):
        pass


@pytest.fixture
def upstream():
    class Handler(Upstream):
        asked: ClassVar[list[str]] = []

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Handler, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@contextlib.contextmanager
def fetching(folder, url: str):
    settings = ServerSettings(data=str(folder), map=Map(base="tianditu", tianditu_key=KEY, tianditu_url=url))
    with web.database(folder) as engine, web.visitor(web.make_app(engine, settings), Role.VIEWER) as client:
        yield client


def test_a_tianditu_tile_is_fetched_once_with_the_key_and_then_kept(tmp_path, upstream, caplog):
    handler, url = upstream
    caplog.set_level("DEBUG")
    with fetching(tmp_path, url) as client:
        assert client.get("/tiles/base/11/1707/842").content == PNG
        assert client.get("/tiles/labels/11/1707/842").content == PNG
        page, script = client.get("/").text, client.get("/map.js").text
    with fetching(tmp_path, "http://127.0.0.1:1") as offline:
        assert offline.get("/tiles/base/11/1707/842").content == PNG
    query = parse_qs(urlsplit(handler.asked[0]).query)
    assert (query["TILEMATRIX"], query["TILECOL"], query["TILEROW"]) == (["11"], ["1707"], ["842"])
    assert (query["LAYER"], query["tk"]) == (["vec"], [KEY])
    assert len(handler.asked) == 2
    assert KEY not in page + script
    assert KEY not in caplog.text


@pytest.mark.parametrize(("status", "body"), [(403, b"no"), (200, b"<html>error</html>"), (302, b"")])
def test_what_tianditu_refuses_is_said_without_the_key_and_not_kept(tmp_path, upstream, caplog, status, body):
    handler, url = upstream
    handler.status, handler.body = status, body
    with fetching(tmp_path, url) as client:
        answer = client.get("/tiles/base/11/1707/842")
        assert answer.status_code == 502
        handler.status, handler.body = 200, PNG
        assert client.get("/tiles/base/11/1707/842").status_code == 200
    assert KEY not in answer.text + caplog.text


def test_tianditu_out_of_reach_is_said_without_the_key(tmp_path, caplog):
    with fetching(tmp_path, "http://127.0.0.1:1") as client:
        answer = client.get("/tiles/base/11/1707/842")
    assert answer.status_code == 502
    assert KEY not in answer.text + caplog.text


def test_the_plain_ground_has_no_tiles(tmp_path):
    with web.database(tmp_path) as engine, web.visitor(web.make_app(engine), Role.VIEWER) as client:
        assert client.get("/tiles/base/0/0/0").status_code == 404
