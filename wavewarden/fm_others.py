"""Emissions of the FM band that are no broadcast: told for what they are, once a scan, never as stations."""

from dataclasses import dataclass, field

from dsp.fm.kinds import kind_of
from dsp.fm.look import FmLook
from wavewarden.language import text

MOST_TOLD = 12
_SAME_HZ = 25e3


@dataclass(frozen=True, slots=True)
class _Heard:
    freq_hz: float
    kind: str
    cnr_db: float


@dataclass
class OtherEmissions:
    """Remembers the strongest sight of each, by its frequency."""

    _heard: dict[int, _Heard] = field(default_factory=dict)

    def take(self, look: FmLook) -> None:
        for each in look.others:
            new = _Heard(each.freq_hz, kind_of(each).value, each.carrier.cnr_db)
            place = round(each.freq_hz / _SAME_HZ)
            known = self._heard.get(place)
            if known is None or known.cnr_db < new.cnr_db:
                self._heard[place] = new

    def said(self) -> str | None:
        """The strongest, by frequency; None: there were none."""
        if not self._heard:
            return None
        strongest = sorted(self._heard.values(), key=lambda each: -each.cnr_db)[:MOST_TOLD]
        parts = (
            text(
                "fm.others.one",
                mhz=f"{each.freq_hz / 1e6:.3f}",
                kind=text(f"fm.kind.{each.kind}"),
                db=f"{each.cnr_db:.0f}",
            )
            for each in sorted(strongest, key=lambda each: each.freq_hz)
        )
        return text("fm.others", count=len(self._heard), list=text("fm.and").join(parts))
