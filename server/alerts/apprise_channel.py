"""Alerts through apprise: e-mail, chat services, gateways, whatever its address names."""

import apprise

from server.alerts import text
from server.alerts.alert import Alert
from server.alerts.channel import ChannelRefused


class AppriseChannel:
    """Most of these services know no idempotency key: it stands in the text, so that people can tell a repeat."""

    def __init__(self, *, name: str, url: str, language: str) -> None:
        self.name, self._language = name, language
        self._service = apprise.Apprise()
        if not self._service.add(url):
            raise ChannelRefused(channel=name, reason="apprise does not understand this address")

    def send(self, alert: Alert) -> None:
        message = f"{text.body(alert, self._language)}\n({alert.key})"
        taken = self._service.notify(
            title=text.title(alert, self._language), body=message, body_format=apprise.NotifyFormat.TEXT
        )
        if not taken:
            raise ChannelRefused(channel=self.name, reason="the service did not take it; its log says more")
