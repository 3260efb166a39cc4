"""What a run of RDS groups says together: names and texts are put together from their parts, and counted.

Only unharmed blocks of one station are used, nothing is corrected. How parts become a whole is in `rds_parts`; which
groups are a station's own in `rds_own`; what has to come twice in `rds_tally`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from dsp.fm.rds_af import AlternativeFrequencies
from dsp.fm.rds_blocks import Group
from dsp.fm.rds_groups import (
    Header,
    NamePart,
    Switches,
    TextPart,
    clock_of,
    header_of,
    name_part,
    pis_of,
    switches,
    text_part,
)
from dsp.fm.rds_long import Clocks
from dsp.fm.rds_own import own_groups
from dsp.fm.rds_parts import NameParts, TextParts
from dsp.fm.rds_rest import RdsRest
from dsp.fm.rds_tally import Steady, Tally
from dsp.fm.rds_text import running_text, text


@dataclass(slots=True)
class RdsFields:
    """Remembers the parts of one station's names and texts, and how often each value came.

    The station is the one whose PI came most often; groups of another PI are counted in `pi` and not read.
    """

    groups: int = 0
    pi: Tally[int] = field(default_factory=Tally)
    names: Tally[str] = field(default_factory=Tally)
    texts: Tally[str] = field(default_factory=Tally)
    kinds: Tally[str] = field(default_factory=Tally)
    pty: Tally[int] = field(default_factory=Tally)
    pty_now: Steady[int] = field(default_factory=Steady)
    tp: Steady[bool] = field(default_factory=Steady)
    ta: Steady[bool] = field(default_factory=Steady)
    music: Steady[bool] = field(default_factory=Steady)
    decoder: dict[str, Steady[bool]] = field(default_factory=dict)
    af: AlternativeFrequencies = field(default_factory=AlternativeFrequencies)
    clock: Clocks = field(default_factory=Clocks)
    rest: RdsRest = field(default_factory=RdsRest)
    last_name: str | None = None
    last_text: str | None = None
    text_flag_b: bool | None = None
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
        """Alternative frequencies that came twice, lowest first."""
        return tuple(sorted(self.af.heard.confirmed()))

    @property
    def clock_time_utc_ns(self) -> int | None:
        return self.clock.time_utc_ns

    def take(self, groups: Iterable[Group]) -> "RdsFields":
        heard = tuple(groups)
        self.groups += len(heard)
        for group in heard:
            for pi in pis_of(group)[:1]:
                self.pi.count(pi)
        for group in own_groups(heard, self.pi.most_common(1)[0][0]) if self.pi else heard:
            self._take(group)
        return self

    def _take(self, group: Group) -> None:
        header = header_of(group)
        if header is None:
            return
        self.kinds.count(header.kind)
        self.pty.count(header.pty)
        self.pty_now.take(header.pty)
        self.tp.take(header.tp)
        self._take_switches(switches(group, header))
        self._take_name(name_part(group, header), header)
        self._take_text(text_part(group, header))
        clock = clock_of(group, header)
        if clock is not None:
            self.clock.take(clock.time_utc_ns, clock.utc_offset_s)
        self.rest.take(group, header)

    def _take_switches(self, said: Switches | None) -> None:
        if said is None:
            return
        self.ta.take(said.ta)
        self.music.take(said.music)
        self.decoder.setdefault(said.decoder_bit, Steady()).take(said.decoder_on)

    def _take_name(self, part: NamePart | None, header: Header) -> None:
        if part is None:
            return
        if header.kind == "0A":
            self.af.take(part.af_codes)
        whole = self._name.take(part)
        if whole is not None:
            self.last_name = text(whole)
            self.names.count(self.last_name)

    def _take_text(self, part: TextPart | None) -> None:
        if part is None:
            return
        self.text_flag_b = part.flag_b
        whole = self._text.take(part)
        if whole is not None:
            self.last_text = running_text(whole)
            self.texts.count(self.last_text)
