"""What a run of RDS groups says together: names and texts are put together from their parts, and counted.

Only unharmed blocks are used, nothing is corrected. How parts become a whole is in `rds_parts`.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from dsp.fm.rds_blocks import Group
from dsp.fm.rds_groups import (
    Header,
    NamePart,
    TextPart,
    af_hz,
    clock_time_utc_ns,
    header_of,
    name_part,
    pis_of,
    text_part,
)
from dsp.fm.rds_parts import NameParts, TextParts
from dsp.fm.rds_text import text

_AF_LF_MF = 250  # the next code is a channel of long or medium wave


@dataclass(slots=True)
class RdsFields:
    """Remembers the parts of one station's names and texts, and how often each value came."""

    groups: int = 0
    pi: Counter[int] = field(default_factory=Counter)
    names: Counter[str] = field(default_factory=Counter)
    texts: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    pty: Counter[int] = field(default_factory=Counter)
    af: Counter[float] = field(default_factory=Counter)
    tp: bool | None = None
    ta: bool | None = None
    last_name: str | None = None
    last_text: str | None = None
    clock_time_utc_ns: int | None = None
    _name: NameParts = field(default_factory=NameParts)
    _text: TextParts = field(default_factory=TextParts)

    @property
    def name(self) -> str | None:
        """The name heard most often, the latest of equals: a scrolling name has no better one."""
        if not self.names:
            return None
        most = max(self.names.values())
        return self.last_name if self.names[self.last_name or ""] == most else self.names.most_common(1)[0][0]

    @property
    def frequencies_hz(self) -> tuple[float, ...]:
        """Alternative frequencies, lowest first."""
        return tuple(sorted(self.af))

    def take(self, groups: Iterable[Group]) -> "RdsFields":
        for group in groups:
            self._take(group)
        return self

    def _take(self, group: Group) -> None:
        self.groups += 1
        self.pi.update(pis_of(group)[:1])
        header = header_of(group)
        if header is None:
            return
        self.kinds[header.kind] += 1
        self.pty[header.pty] += 1
        self.tp = header.tp
        self._take_name(name_part(group, header))
        self._take_text(text_part(group, header))
        self._take_rest(group, header)

    def _take_rest(self, group: Group, header: Header) -> None:
        moment = clock_time_utc_ns(group, header)
        if moment is not None:
            self.clock_time_utc_ns = moment
        d = group.words[3]
        if header.kind == "15B" and d is not None:
            self.ta = bool(header.spare >> 4 & 1)

    def _take_name(self, part: NamePart | None) -> None:
        if part is None:
            return
        self.ta = part.ta
        self._take_af(part.af_codes)
        whole = self._name.take(part)
        if whole is not None:
            self.last_name = text(whole)
            self.names[self.last_name] += 1

    def _take_af(self, codes: tuple[int, int] | None) -> None:
        if codes is None or codes[0] == _AF_LF_MF:
            return
        self.af.update(freq for freq in map(af_hz, codes) if freq is not None)

    def _take_text(self, part: TextPart | None) -> None:
        if part is None:
            return
        whole = self._text.take(part)
        if whole is not None:
            self.last_text = text(whole).rstrip()
            self.texts[self.last_text] += 1
