"""Alerts as JSON by HTTP POST, with the idempotency key as a header."""

import json
from typing import Any

import httpx
import msgspec

from fusion.values import Level
from server.alerts import text
from server.alerts.address import resolve
from server.alerts.alert import Alert
from server.alerts.channel import ChannelRefused

TIMEOUT_S = 10.0


class WebhookChannel:
    def __init__(self, *, name: str, url: str, language: str, allow_private: bool) -> None:
        self.name, self._url, self._language, self._allow_private = name, url, language, allow_private

    def send(self, alert: Alert) -> None:
        parts, address = resolve(self._url, channel=self.name, allow_private=self._allow_private)
        host = f"[{address}]" if ":" in address else address
        target = parts._replace(netloc=host + (f":{parts.port}" if parts.port else "")).geturl()
        headers = {"Host": parts.netloc.rpartition("@")[2], "Idempotency-Key": alert.key}
        headers["Content-Type"] = "application/json; charset=utf-8"
        try:
            with httpx.Client(timeout=TIMEOUT_S, follow_redirects=False, trust_env=False) as client:
                answer = client.post(
                    target,
                    content=json.dumps(payload(alert, self._language), ensure_ascii=False).encode(),
                    headers=headers,
                    extensions={"sni_hostname": parts.hostname},
                )
        except httpx.HTTPError as error:
            raise ChannelRefused(channel=self.name, reason=f"{type(error).__name__}: {error}") from error
        if not answer.is_success:
            raise ChannelRefused(channel=self.name, reason=f"answered {answer.status_code}")


def payload(alert: Alert, language: str) -> dict[str, Any]:
    """What a webhook receives; documented in docs/alerts.md."""
    return {
        "key": alert.key,
        "level": Level(alert.level).name.lower(),
        "title": text.title(alert, language),
        "text": text.body(alert, language),
        "alert": msgspec.to_builtins(alert),
    }
