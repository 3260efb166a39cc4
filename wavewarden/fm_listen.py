"""One frequency's sound out of the looks of a scan into a file, and into one beside it what a court will ask."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from dsp.fm.audio import AUDIO_RATE_HZ, ChannelSound
from dsp.fm.look import FmLook
from dsp.fm.widths import NARROW, Width, choose_widths
from dsp.iq import IqBlock
from recordings.sigmf_time import iso_utc
from wavewarden.audio_file import STDOUT, AudioSink, audio_sink
from wavewarden.fm_ledger import SAME_CHANNEL_HZ, Entry
from wavewarden.fm_lines import as_tree
from wavewarden.fm_place import Place

FULL_SCALE_HZ = 150e3  # twice the deviation allowed: what over-deviates is not clipped
EDGE_HZ = 100e3
BESIDE = ".json"  # added to the name of the sound


@dataclass(frozen=True, slots=True)
class Asked:
    """out: "-" is standard output; deemphasis_us: 50 or 75"""

    freq_hz: float
    out: str
    deemphasis_us: int


@dataclass(frozen=True, slots=True)
class Written:
    """seconds of sound, and what the files are called; sha256 of the sound"""

    name: str
    seconds: float
    sha256: str


@dataclass
class FmListen:
    """Remembers the sound of the channel from look to look. Nothing is opened before there is something to write."""

    asked: Asked
    open_sink: Callable[[str, float], AudioSink] = audio_sink
    _sink: AudioSink | None = None
    _sound: ChannelSound | None = None
    _expected: tuple[float, float, int] | None = None  # centre, rate and running count of the next sample
    _samples: int = 0
    _captures: list[dict[str, Any]] = field(default_factory=list)

    def hear(self, block: IqBlock, look: FmLook | None) -> None:
        """Raises OSError."""
        if abs(self.asked.freq_hz - block.centre_hz) > block.rate_hz / 2 - EDGE_HZ:
            return
        here = (block.centre_hz, block.rate_hz, block.first_sample)
        if self._sound is None or here != self._expected:
            self._begin(block, _width(self.asked.freq_hz, look))
        assert self._sound is not None
        self._write(self._sound.take(block.samples))
        self._expected = (block.centre_hz, block.rate_hz, block.first_sample + len(block.samples))

    def finish(self, source: dict[str, str], entry: Entry | None, at: Place | None) -> Written | None:
        """None: the frequency was in no look."""
        self._end()
        if self._sink is None:
            return None
        sha256 = self._sink.close()
        if self._sink.name != STDOUT:
            tree = self._tree(sha256, source, entry, at)
            beside = Path(self._sink.name + BESIDE)
            beside.write_bytes(msgspec.json.format(msgspec.json.encode(tree), indent=2) + b"\n")
        return Written(self._sink.name, self._samples / AUDIO_RATE_HZ, sha256)

    def _begin(self, block: IqBlock, width: Width) -> None:
        self._end()
        offset_hz = self.asked.freq_hz - block.centre_hz
        deemphasis_s = self.asked.deemphasis_us * 1e-6
        self._sound = ChannelSound(rate_hz=block.rate_hz, offset_hz=offset_hz, width=width, deemphasis_s=deemphasis_s)
        told = {
            "core:sample_start": self._samples,
            "core:frequency": self.asked.freq_hz,
            "core:datetime": None if block.time_utc_ns is None else iso_utc(block.time_utc_ns),
            "wavewarden:time_sigma_ns": block.time_sigma_ns,
            "wavewarden:centre_hz": block.centre_hz,
            "wavewarden:sample_rate": block.rate_hz,
            "wavewarden:first_sample": block.first_sample,
            "wavewarden:gain_db": block.gain_db,
            "wavewarden:channel_half_hz": self._sound.width.pass_hz,
        }
        self._captures.append({key: value for key, value in told.items() if value is not None})

    def _end(self) -> None:
        if self._sound is not None:
            self._write(self._sound.rest())
            self._sound = None

    def _write(self, sound_hz: NDArray[np.float32]) -> None:
        if self._sink is None:
            self._sink = self.open_sink(self.asked.out, AUDIO_RATE_HZ)
        self._sink.write(sound_hz / FULL_SCALE_HZ)
        self._samples += len(sound_hz)

    def _tree(self, sha256: str, source: dict[str, str], entry: Entry | None, at: Place | None) -> dict[str, Any]:
        """As SigMF has it; what it has no word for stands under `wavewarden:`."""
        assert self._sink is not None
        about: dict[str, Any] = {
            "core:dataset": Path(self._sink.name).name,
            "core:datatype": "ri16_le",
            "core:sample_rate": AUDIO_RATE_HZ,
            "core:num_channels": 1,
            "core:version": "1.2.0",
            "core:recorder": "wavewarden fm scan",
            "core:description": "mono sound of one FM channel, demodulated",
            "core:extensions": [{"name": "wavewarden", "version": "1.0.0", "optional": True}],
            "wavewarden:sha256": sha256,
            "wavewarden:codec": self._sink.codec,
            "wavewarden:source": source,
            "wavewarden:deviation_at_full_scale_hz": FULL_SCALE_HZ,
            "wavewarden:deemphasis_us": self.asked.deemphasis_us,
        }
        if at is not None:
            about["core:geolocation"] = {"type": "Point", "coordinates": [at.lon_deg, at.lat_deg]}
        if entry is not None:
            about["wavewarden:station"] = as_tree(entry, at)
        whole = {"core:sample_start": 0, "core:sample_count": self._samples}
        return {"global": about, "captures": self._captures, "annotations": [whole]}


def _width(freq_hz: float, look: FmLook | None) -> Width:
    """As the neighbours of the look allow; where nothing was recognised, a narrow one."""
    if look is None:
        return NARROW
    carriers = [reception.carrier for reception in look.stations]
    widths = zip(look.stations, choose_widths(carriers, look.rate_hz), strict=True)
    near = [(abs(each.freq_hz - freq_hz), width) for each, width in widths]
    return next((width for away_hz, width in sorted(near, key=lambda n: n[0]) if away_hz <= SAME_CHANNEL_HZ), NARROW)
