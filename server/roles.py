"""Who may do what: every route and the least role it needs. A route not named here is refused to everybody."""

import enum
from collections.abc import Mapping


class Role(enum.IntEnum):
    """Each may do what the ones before it may."""

    VIEWER = 1  # looks
    MONITOR = 2  # 监测: acknowledges alerts, asks sensors for snippets, takes bearings
    ENFORCEMENT = 3  # 执法: takes evidence out: IQ snippets, lists
    ADMINISTRATOR = 4  # accounts, the audit log

    @property
    def text(self) -> str:
        return self.name.lower()

    @classmethod
    def named(cls, text: str) -> "Role":
        """Raises KeyError."""
        return cls[text.upper()]


ANYBODY = None  # also who is not logged in

_VIEWER, _MONITOR, _ENFORCEMENT, _ADMINISTRATOR = Role
ROUTES: Mapping[tuple[str, str], Role | None] = {
    ("GET", "/login"): ANYBODY,
    ("POST", "/login"): ANYBODY,
    ("GET", "/language/{code}"): ANYBODY,
    ("GET", "/words/{code}.json"): ANYBODY,
    ("POST", "/logout"): _VIEWER,
    ("GET", "/password"): _VIEWER,
    ("POST", "/password"): _VIEWER,
    # pages
    ("GET", "/"): _VIEWER,
    ("GET", "/map.js"): _VIEWER,
    ("GET", "/map.css"): _VIEWER,
    ("GET", "/tiles/{layer}/{z}/{x}/{y}"): _VIEWER,
    ("GET", "/events"): _VIEWER,
    ("GET", "/cases"): _VIEWER,
    ("GET", "/cases.csv"): _ENFORCEMENT,
    ("GET", "/cases/{id}"): _VIEWER,
    ("GET", "/cases/{id}/clock.svg"): _VIEWER,
    ("GET", "/cases/{id}/week.svg"): _VIEWER,
    ("POST", "/cases/{id}/bearing"): _MONITOR,
    ("POST", "/cases/{id}/bearing/withdraw"): _MONITOR,  # one's own; those of others: enforcement
    ("GET", "/cases/{id}/evidence/{number}.opus"): _VIEWER,
    ("GET", "/cases/{id}/evidence/{number}.flac"): _ENFORCEMENT,
    ("GET", "/cases/{id}/evidence/{number}.zip"): _ENFORCEMENT,
    ("GET", "/near"): _VIEWER,
    ("GET", "/sensors"): _VIEWER,
    ("GET", "/tasks"): _MONITOR,
    ("POST", "/tasks"): _MONITOR,
    ("GET", "/accounts"): _ADMINISTRATOR,
    ("POST", "/accounts"): _ADMINISTRATOR,
    ("POST", "/accounts/{id}/role"): _ADMINISTRATOR,
    ("POST", "/accounts/{id}/disable"): _ADMINISTRATOR,
    ("POST", "/accounts/{id}/enable"): _ADMINISTRATOR,
    ("POST", "/accounts/{id}/reset"): _ADMINISTRATOR,
    ("GET", "/audit"): _ADMINISTRATOR,
    ("GET", "/docs"): _VIEWER,
    ("GET", "/openapi.json"): _VIEWER,
    # for programs
    ("GET", "/api/v1/status"): _VIEWER,
    ("GET", "/api/v1/me"): _VIEWER,
    ("GET", "/api/v1/sensors"): _VIEWER,
    ("GET", "/api/v1/emitters"): _VIEWER,
    ("GET", "/api/v1/emitters.geojson"): _VIEWER,
    ("GET", "/api/v1/emitters/{id}"): _VIEWER,
    ("GET", "/api/v1/cases"): _VIEWER,
    ("GET", "/api/v1/cases/{id}"): _VIEWER,
    ("GET", "/api/v1/cases/{id}/reports"): _VIEWER,
    ("GET", "/api/v1/cases/{id}/evidence"): _VIEWER,
    ("GET", "/api/v1/cases/{id}/grounds"): _VIEWER,
    ("GET", "/api/v1/alerts"): _VIEWER,
    ("POST", "/api/v1/alerts/{id}/acknowledge"): _MONITOR,
    ("GET", "/api/v1/tasks"): _MONITOR,
    ("POST", "/api/v1/tasks"): _MONITOR,
    ("POST", "/api/v1/bearings"): _MONITOR,
    ("POST", "/api/v1/bearings/withdraw"): _MONITOR,
    ("GET", "/api/v1/snippets"): _MONITOR,
    ("GET", "/api/v1/snippets/{id}.zip"): _ENFORCEMENT,
}
