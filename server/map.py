"""The live map, composed by folium; its parts are served as files of our own, so that a strict policy can hold.

folium writes one page with inline script and style and links to seven strange hosts. Here its parts are taken apart:
the map's element goes into our page, script and style become /map.js and /map.css, and of all it wants to load only
Leaflet is left, out of the installed XStatic-Leaflet package. Should a later folium want something else, it is said
at start and not on a blank page.
"""

from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import folium
from branca.element import MacroElement
from folium.template import Template
from xstatic.pkg import leaflet

from server.settings import Area
from server.settings import Map as MapSettings

LEAFLET_FOLDER = Path(leaflet.BASE_DIR)
VENDOR = "/static/vendor/leaflet"
ELEMENT_ID = "map_live"
# what folium 0.20 loads by default; all but Leaflet serves markers we do not use
KNOWN_JS = ("leaflet", "jquery", "bootstrap", "awesome_markers")
KNOWN_CSS = (
    "leaflet_css",
    "bootstrap_css",
    "glyphicons_css",
    "awesome_markers_font_css",
    "awesome_markers_css",
    "awesome_rotate_css",
)
TILE_LEVELS = 18
CHINA = Area(south_deg=18.0, west_deg=73.5, north_deg=53.6, east_deg=135.0)


class FoliumChanged(Exception):
    """folium composes a page otherwise than this module knows."""

    def __init__(self, what: str) -> None:
        super().__init__(f"folium {folium.__version__} composes maps otherwise than known here: {what}")
        self.what = what


@dataclass(frozen=True, slots=True)
class MapParts:
    script: str  # whole files
    style: str
    element_id: str
    js_links: tuple[str, ...]
    css_links: tuple[str, ...]


class LiveMap(folium.Map):  # type: ignore[misc]
    """A folium map that loads Leaflet from us and nothing else."""

    default_js = [("leaflet", f"{VENDOR}/leaflet.js")]  # noqa: RUF012
    default_css = [("leaflet_css", f"{VENDOR}/leaflet.css")]  # noqa: RUF012


class Script(MacroElement):  # type: ignore[misc]
    """A line of script that speaks of its map."""

    def __init__(self, template: str) -> None:
        super().__init__()
        self._name = "Script"
        self._template = Template("{% macro script(this, kwargs) %}" + template + "{% endmacro %}")


MAP = "{{ this._parent.get_name() }}"


def compose(settings: MapSettings, area: Area | None) -> MapParts:
    """The map's parts. Raises FoliumChanged."""
    check_folium()
    shown = area or CHINA
    live = LiveMap(location=_middle(shown), tiles=None, zoom_start=11, min_zoom=3, max_zoom=TILE_LEVELS, zoom_snap=0.25)
    live._id = "live"
    for layer in _tiles(settings):
        live.add_child(layer)
    live.add_child(Script(f"{MAP}.attributionControl.setPrefix('Leaflet');"))
    live.add_child(Script(f"L.control.scale({{imperial: false}}).addTo({MAP});"))
    live.add_child(Script(f"wavewardenGraticule().addTo({MAP});"))
    live.fit_bounds([[shown.south_deg, shown.west_deg], [shown.north_deg, shown.east_deg]])
    return take_apart(live)


def check_folium() -> None:
    """Raises FoliumChanged when folium's own list of things to load is not the one known here."""
    for known, found in ((KNOWN_JS, folium.Map.default_js), (KNOWN_CSS, folium.Map.default_css)):
        names = tuple(name for name, _ in found)
        if names != known:
            raise FoliumChanged(f"it loads {', '.join(names)}")


def take_apart(live: folium.Map) -> MapParts:
    """Raises FoliumChanged."""
    root = live.get_root()
    root.render()
    head = _Head()
    head.feed(root.header.render())
    head.close()
    if f'id="{ELEMENT_ID}"' not in root.html.render():
        raise FoliumChanged(f"there is no element {ELEMENT_ID}")
    script = "\n".join([*head.scripts, root.script.render()])
    return MapParts(script, "\n".join(head.styles), ELEMENT_ID, tuple(head.js_links), tuple(head.css_links))


class _Head(HTMLParser):
    """Sorts what folium writes into a page's head. Its <meta> are left out: they forbid zooming on phones."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self.js_links: list[str] = []
        self.css_links: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "script" and values.get("src"):
            self.js_links.append(values["src"] or "")
        elif tag == "link" and values.get("rel") == "stylesheet":
            self.css_links.append(values["href"] or "")
        elif tag in ("script", "style"):
            self._inside = tag
        elif tag != "meta":
            raise FoliumChanged(f"<{tag}> in its head")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self._inside = ""

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside:
            (self.scripts if self._inside == "script" else self.styles).append(data)
        elif data.strip():
            raise FoliumChanged(f"loose text in its head: {data.strip()[:40]!r}")


def _middle(area: Area) -> list[float]:
    return [(area.south_deg + area.north_deg) / 2, (area.west_deg + area.east_deg) / 2]


def _tiles(settings: MapSettings) -> list[folium.TileLayer]:
    """The plain ground has no tiles at all; 天地图 keeps its names in a layer of their own."""
    attribution, layers = {
        "plain": ("", ()),
        "mbtiles": ("MBTiles", ("base",)),
        "tianditu": ("天地图", ("base", "labels")),
    }[settings.base]
    url = "/tiles/{layer}/{{z}}/{{x}}/{{y}}"
    return [folium.TileLayer(url.format(layer=layer), attr=attribution, max_zoom=TILE_LEVELS) for layer in layers]
