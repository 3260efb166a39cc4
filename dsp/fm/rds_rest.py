"""The services beside name, text and clock, counted: country, language, item, open data, type name, long name."""

from dataclasses import dataclass, field

from dsp.fm.rds_blocks import Group
from dsp.fm.rds_eon import OtherNetworks
from dsp.fm.rds_groups import Header
from dsp.fm.rds_long import LongNameParts, TypeNameParts
from dsp.fm.rds_services import (
    OpenDataPart,
    SlowLabel,
    long_name_part,
    network_part,
    open_data,
    slow_label,
    type_name_part,
)
from dsp.fm.rds_tally import Steady, Tally
from dsp.fm.rds_text import text, utf8_text
from dsp.fm.rds_values import OpenData

LONG_NAME_GROUP = "15A"


@dataclass(slots=True)
class RdsRest:
    """Remembers what each of these groups said last, and how often."""

    ecc: Steady[int] = field(default_factory=Steady)
    language: Steady[int] = field(default_factory=Steady)
    linked: Steady[bool] = field(default_factory=Steady)
    pin: Steady[int] = field(default_factory=Steady)
    apps: Tally[tuple[int, str | None]] = field(default_factory=Tally)
    messages: dict[int, int] = field(default_factory=dict)  # by application, of those in `apps`
    type_name: Steady[str] = field(default_factory=Steady)
    long_name: Steady[str] = field(default_factory=Steady)
    networks: OtherNetworks = field(default_factory=OtherNetworks)
    _type_name: TypeNameParts = field(default_factory=TypeNameParts)
    _long_name: LongNameParts = field(default_factory=LongNameParts)

    def take(self, group: Group, header: Header) -> None:
        """Whatever of these the group is."""
        self._take_label(slow_label(group, header))
        self._take_app(open_data(group, header))
        network = network_part(group, header)
        if network is not None:
            self.networks.take(network)
        self._take_type_name(group, header)
        self._take_long_name(group, header)

    @property
    def open_data(self) -> tuple[OpenData, ...]:
        """Applications announced twice."""
        known = sorted(self.apps.confirmed(), key=lambda each: (each[0], each[1] or ""))
        return tuple(OpenData(app=app, group=used, message=self.messages.get(app, 0)) for app, used in known)

    def _take_label(self, label: SlowLabel | None) -> None:
        if label is None:
            return
        self.linked.take(label.linked)
        for steady, value in ((self.ecc, label.ecc), (self.language, label.language), (self.pin, label.pin)):
            if value is not None:
                steady.take(value)

    def _take_app(self, part: OpenDataPart | None) -> None:
        if part is None:
            return
        self.apps.count((part.app, part.group))
        known = {app for app, _ in self.apps}
        self.messages = {app: word for app, word in self.messages.items() if app in known} | {part.app: part.message}

    def _take_type_name(self, group: Group, header: Header) -> None:
        part = type_name_part(group, header)
        whole = None if part is None else self._type_name.take(part)
        if whole is not None:
            self.type_name.take(text(whole))

    def _take_long_name(self, group: Group, header: Header) -> None:
        """15A, unless an application has taken that group for itself."""
        part = long_name_part(group, header)
        if part is None or any(used == LONG_NAME_GROUP for _, used in self.apps):
            return
        whole = self._long_name.take(part)
        if whole is not None:
            self.long_name.take(utf8_text(whole))
