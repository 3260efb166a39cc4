"""Emitters by their channel and by their name, so that a hearing is held against a handful and not against all."""

from collections import defaultdict
from collections.abc import Iterable

from dsp.fm.values import FmStation
from dsp.gsm.values import GsmCell
from fusion.values import Emitter

STEP_HZ = 100e3  # wider than any channel is taken for the same


class OnChannel:
    """Remembers which emitters there were; `put` after each change of one."""

    def __init__(self, emitters: Iterable[Emitter]) -> None:
        self._emitters: dict[str, Emitter] = {}
        self._by_channel: dict[tuple[str, int], dict[str, None]] = defaultdict(dict)
        self._by_name: dict[tuple[str | None, str | None, int | None], dict[str, None]] = defaultdict(dict)
        for emitter in emitters:
            self.put(emitter)

    def put(self, emitter: Emitter) -> None:
        self._emitters[emitter.id] = emitter
        self._by_channel[emitter.service, round(emitter.freq_hz / STEP_HZ)][emitter.id] = None
        if emitter.ci is not None:
            self._by_name[emitter.mcc, emitter.mnc, emitter.ci][emitter.id] = None

    def near(self, service: str, freq_hz: float) -> list[Emitter]:
        """Those on the channel or next to it."""
        step = round(freq_hz / STEP_HZ)
        ids = [key for near in (step - 1, step, step + 1) for key in self._by_channel.get((service, near), ())]
        return [self._emitters[key] for key in dict.fromkeys(ids)]

    def about(self, heard: GsmCell | FmStation) -> list[Emitter]:
        """Those, and of a cell those of the same identity wherever they are."""
        if not isinstance(heard, GsmCell):
            return self.near("fm", heard.freq_hz)
        named = self._by_name.get((heard.mcc, heard.mnc, heard.ci), ()) if heard.ci is not None else ()
        found = {e.id: e for e in self.near("gsm", heard.freq_hz)} | {key: self._emitters[key] for key in named}
        return list(found.values())
