"""Alternative frequencies: single ones counted, and the lists of method A and B put together. IEC 62106 §6.2.1.6.

A list begins with its length (224 + n) and its first frequency. In method B every pair that follows holds that first
frequency, the one tuned to: rising pairs are the same programme, falling ones a regional variant.
"""

from dataclasses import dataclass, field

from dsp.fm.rds_tally import Tally
from dsp.fm.rds_values import AfList

_FILLER = 205
_LENGTH, _MOST = 224, 25  # code of an empty list, most frequencies of one
LF_MF = 250  # the next code is a channel of long or medium wave
_LAST_VHF, _LAST_LF, _LAST_MF = 204, 15, 135

Codes = tuple[int, int]


def af_hz(code: int) -> float | None:
    """Codes 1–204 are VHF channels; the others count, fill or announce LF/MF."""
    return round(87.5e6 + 1e5 * code, 1) if 1 <= code <= _LAST_VHF else None


def lf_mf_hz(code: int) -> float | None:
    """What follows code 250, with the 9 kHz raster of ITU regions 1 and 3."""
    if 1 <= code <= _LAST_LF:
        return 144e3 + 9e3 * code
    return 531e3 + 9e3 * (code - _LAST_LF - 1) if _LAST_LF < code <= _LAST_MF else None


@dataclass(slots=True)
class AlternativeFrequencies:
    """Remembers how often each frequency and each whole list came, and the list now being sent."""

    heard: Tally[float] = field(default_factory=Tally)  # VHF
    heard_lf_mf: Tally[float] = field(default_factory=Tally)
    lists: Tally[tuple[Codes, ...]] = field(default_factory=Tally)  # whole ones, as sent
    _pairs: list[Codes] = field(default_factory=list)

    def take(self, codes: Codes | None) -> None:
        """The next pair; None: it was lost, and with it the list."""
        if codes is None:
            self._pairs.clear()
            return
        self._hear(codes)
        if _LENGTH < codes[0] <= _LENGTH + _MOST:
            self._pairs = [codes]
        elif self._pairs:
            self._pairs.append(codes)
        if self._pairs and _frequencies(self._pairs) >= self._pairs[0][0] - _LENGTH:
            self.lists.count(tuple(self._pairs))
            self._pairs = []

    def _hear(self, codes: Codes) -> None:
        if codes[0] == LF_MF:
            low = lf_mf_hz(codes[1])
            if low is not None:
                self.heard_lf_mf.count(low)
            return
        for freq_hz in map(af_hz, codes):
            if freq_hz is not None:
                self.heard.count(freq_hz)

    @property
    def lists_b(self) -> tuple[AfList, ...]:
        """The lists of method B that came twice, by the frequency they are for."""
        found = [as_method_b(pairs) for pairs, times in self.lists.items() if times > 1]
        return tuple(sorted((each for each in found if each is not None), key=lambda each: each.tuned_hz))


def _frequencies(pairs: list[Codes]) -> int:
    """How many of the announced places are taken: LF/MF takes one, though it needs two codes."""
    count = 0
    for i, (first, second) in enumerate(pairs):
        if first == LF_MF:
            count += 1
        else:
            count += (i > 0 and first != _FILLER) + (second != _FILLER)
    return count


def as_method_b(pairs: tuple[Codes, ...]) -> AfList | None:
    """The list as one of method B; None: it is one of method A."""
    tuned, rest = pairs[0][1], pairs[1:]
    if not rest or af_hz(tuned) is None or any((tuned in pair) is False or pair[0] == LF_MF for pair in rest):
        return None
    others = [(pair[0] if pair[1] == tuned else pair[1], pair[0] < pair[1]) for pair in rest]
    same = sorted({freq for code, rises in others if rises and (freq := af_hz(code))})
    regional = sorted({freq for code, rises in others if not rises and (freq := af_hz(code))})
    if len(same) + len(regional) != len(rest):
        return None  # the same one twice, or no frequency: a pair of method A by chance
    return AfList(tuned_hz=af_hz(tuned) or 0.0, same_programme_hz=tuple(same), regional_variants_hz=tuple(regional))
