"""The server's one TOML file; `wavewarden server settings` prints it with every key explained."""

from typing import Annotated, Literal

import msgspec

from fusion.values import Delays

Port = Annotated[int, msgspec.Meta(ge=0, le=65535)]
Seconds = Annotated[float, msgspec.Meta(ge=0, le=86400)]
MessageBytes = Annotated[int, msgspec.Meta(ge=4096)]
Level = Literal["note", "watch", "high"]
Language = Annotated[str, msgspec.Meta(pattern="^(zh|en)$")]
BaseMap = Literal["plain", "mbtiles", "tianditu"]


class Web(msgspec.Struct, frozen=True, kw_only=True):
    host: str = "127.0.0.1"  # address the pages are served on
    port: Port = 8080  # 0 chooses a free one
    secure_cookies: bool = False  # true behind https


class Link(msgspec.Struct, frozen=True, kw_only=True):
    bind: str = "tcp://127.0.0.1:5640"  # where sensors connect; port * chooses a free one
    max_message_bytes: MessageBytes = 1 << 20  # a larger message costs its sender the connection


class Area(msgspec.Struct, frozen=True, kw_only=True):
    """Where emitters are looked for at first, and what the map shows."""

    south_deg: float
    west_deg: float
    north_deg: float
    east_deg: float


class Map(msgspec.Struct, frozen=True, kw_only=True):
    base: BaseMap = "plain"  # "plain" (graticule and scale, needs nothing), "mbtiles" or "tianditu"
    mbtiles: str | None = None  # path of the file, for base = "mbtiles"
    tianditu_key: str | None = None  # the agency's key, for base = "tianditu"; never leaves the server
    tianditu_url: str = "https://t0.tianditu.gov.cn"  # where tiles are fetched; an agency's own proxy can stand here


class Webhook(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    url: str
    level: Level = "high"  # least level that is sent: "note", "watch" or "high"
    allow_private: bool = False  # permit loopback and private addresses


class Apprise(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    url: str  # an apprise address, e.g. of an e-mail or chat service
    level: Level = "high"  # least level that is sent


class Differences(msgspec.Struct, frozen=True, kw_only=True):
    """Time differences of suspect FM emitters, measured by sensors that hear the same moment."""

    automatic: bool = True  # false: nothing is asked of sensors but by people


class Alerts(msgspec.Struct, frozen=True, kw_only=True):
    screen_level: Level = "watch"  # least level that is alerted on the pages
    language: Language = "zh"  # of what is sent away: "zh" or "en"
    webhooks: tuple[Webhook, ...] = ()
    apprise: tuple[Apprise, ...] = ()


class Fm(msgspec.Struct, frozen=True, kw_only=True):
    """When a case about an FM station rises and when it goes."""

    alarm_delay_s: Seconds = 60.0  # beyond a note once seen in two looks this far apart; aviation waits for nothing
    recovery_delay_s: Seconds = 600.0  # lowered, or closed as silent, when nothing has supported it for so long

    @property
    def delays(self) -> Delays:
        return Delays(alarm_s=self.alarm_delay_s, recovery_s=self.recovery_delay_s)


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """Sound of suspect FM emitters, recorded while they are on the air."""

    automatic: bool = True  # false: nothing is asked of sensors but by people
    seconds: Annotated[float, msgspec.Meta(gt=0, le=20)] = 10.0  # of one recording; 0.48 MB a second over the link
    every_h: Annotated[float, msgspec.Meta(gt=0)] = 6.0  # of one case, at most so often
    megabytes_a_day: Annotated[float, msgspec.Meta(ge=0)] = 100.0  # from all sensors together


class ServerSettings(msgspec.Struct, frozen=True, kw_only=True):
    data: str = "wavewarden-server"  # folder of the database, keys and snippets
    database: str | None = None  # SQLAlchemy address; without it SQLite in `data`
    name: str = "Wavewarden"  # shown on the pages
    licences: str | None = None  # TOML file of licensed stations and known cells
    cells: str | None = None  # a long list of known cells, as `wavewarden cells import` writes it
    band_plan: str = "cn"  # who may use which GSM channels: "cn", "de", "none", or the path of a TOML file
    weights: str | None = None  # TOML file of weights of one's own, as `wavewarden weights --out` writes it
    roads: str | None = None  # GeoJSON file of streets (LineString features): suspects that drive are likelier there
    language: Language = "zh"  # of the pages, until a person chooses
    area: Area | None = None
    web: Web = Web()
    link: Link = Link()
    map: Map = Map()
    alerts: Alerts = Alerts()
    evidence: Evidence = Evidence()
    differences: Differences = Differences()
    fm: Fm = Fm()
