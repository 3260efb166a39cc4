"""What a station says of other networks, group 14, one record a PI. IEC 62106 §6.2.2 (enhanced other networks)."""

from collections import OrderedDict
from dataclasses import dataclass, field

from dsp.fm.rds_af import LF_MF, af_hz
from dsp.fm.rds_services import NetworkPart, valid_pin
from dsp.fm.rds_tally import CONFIRMING, Steady, Tally
from dsp.fm.rds_text import text
from dsp.fm.rds_values import OtherNetwork

MOST_NETWORKS = 64
_NAME = range(4)  # variants: two characters of the name each
_FREQUENCIES = 4
_MAPPED = range(5, 9)  # ours and theirs
_TYPE = 13
_ITEM = 14


@dataclass(slots=True)
class _Heard:
    groups: int = 0
    parts: dict[int, Steady[bytes]] = field(default_factory=dict)
    af: Tally[float] = field(default_factory=Tally)
    pty: Steady[int] = field(default_factory=Steady)
    tp: Steady[bool] = field(default_factory=Steady)
    ta: Steady[bool] = field(default_factory=Steady)
    pin: Steady[int] = field(default_factory=Steady)

    def take(self, part: NetworkPart) -> None:
        self.groups += 1
        self.tp.take(part.tp)
        if part.variant is None:
            self.ta.take(bool(part.ta))
        elif part.variant in _NAME:
            self.parts.setdefault(part.variant, Steady()).take(part.word.to_bytes(2, "big"))
        elif part.variant == _TYPE:
            self.pty.take(part.word >> 11)
            self.ta.take(bool(part.word & 1))
        elif part.variant == _ITEM and valid_pin(part.word):
            self.pin.take(part.word)
        else:
            self._take_frequencies(part.variant, part.word)

    def _take_frequencies(self, variant: int, word: int) -> None:
        codes: tuple[int, ...] = ()
        if variant == _FREQUENCIES and word >> 8 != LF_MF:
            codes = (word >> 8, word & 0xFF)
        elif variant in _MAPPED:
            codes = (word & 0xFF,)
        for freq_hz in map(af_hz, codes):
            if freq_hz is not None:
                self.af.count(freq_hz)

    def network(self, pi: int) -> OtherNetwork:
        parts = [self.parts[i].value or b"" for i in _NAME] if len(self.parts) == len(_NAME) else []
        return OtherNetwork(
            pi=pi,
            groups=self.groups,
            ps=text(b"".join(parts)) if parts else None,
            pty=self.pty.value,
            tp=self.tp.value,
            ta=self.ta.value,
            af_hz=tuple(sorted(self.af.confirmed())),
            pin=self.pin.value,
        )


@dataclass(slots=True)
class OtherNetworks:
    """Remembers up to 64 networks, those least recently spoken of forgotten first."""

    heard: OrderedDict[int, _Heard] = field(default_factory=OrderedDict)

    def take(self, part: NetworkPart) -> None:
        self.heard.setdefault(part.pi, _Heard()).take(part)
        self.heard.move_to_end(part.pi)
        while len(self.heard) > MOST_NETWORKS:
            self.heard.popitem(last=False)

    def networks(self) -> tuple[OtherNetwork, ...]:
        """Those spoken of twice, and not much more seldom than the others, by PI: a harmed block makes up a PI too."""
        known = Tally({pi: each.groups for pi, each in self.heard.items()}).confirmed()
        return tuple(self.heard[pi].network(pi) for pi in sorted(known) if self.heard[pi].groups >= CONFIRMING)
