"""The channels of a settings file."""

from fusion.values import Level
from server.alerts.apprise_channel import AppriseChannel
from server.alerts.channel import Channel
from server.alerts.webhook import WebhookChannel
from server.settings import Alerts


def channels(alerts: Alerts) -> tuple[Channel, ...]:
    webhooks = [
        WebhookChannel(name=w.name, url=w.url, language=alerts.language, allow_private=w.allow_private)
        for w in alerts.webhooks
    ]
    services = [AppriseChannel(name=a.name, url=a.url, language=alerts.language) for a in alerts.apprise]
    return (*webhooks, *services)


def channels_for(alerts: Alerts, level: Level) -> tuple[str, ...]:
    """Names of the channels that want an alert of this level."""
    wishes = [(w.name, w.level) for w in alerts.webhooks] + [(a.name, a.level) for a in alerts.apprise]
    return tuple(name for name, least in wishes if level >= Level[least.upper()])
