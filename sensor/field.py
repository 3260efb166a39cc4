"""Field mode (逼近查找): one carrier, its strength several times a second, so that a person can walk towards it.

The receiver is tuned beside the carrier, never onto it, and its gain stays fixed: what changes is the field.
"""

import threading
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from dsp.iq import IqBlock
from dsp.spectrum import noise_floor_dbfs_hz, welch_spectrum
from hardware.clock import SystemClock
from hardware.errors import EndOfRecording
from hardware.radio import Radio
from sensor.bands import services
from sensor.console import Console
from sensor.level import Levels, dbm, levels
from sensor.listen import clipped_share
from sensor.radios import open_radio
from sensor.settings import SensorSettings
from shell.exits import Exit

LOOK_S = 0.3
CHANNEL_HZ = 200e3
BIN_HZ = 2e3
ASIDE = 0.2  # of the rate: how far beside the carrier the receiver is tuned
OVERLOAD_SHARE = 0.01  # of samples at the rails: more of the field would not show any more
TREND_READINGS = 8
STEADY_DB = 1.0
BAR_DB, BAR_WIDTH = 1.5, 40


@dataclass(frozen=True, slots=True)
class Strength:
    """level_dbfs : power in the channel; dbm where calibrated"""

    level_dbfs: float
    level_dbm: float | None
    cnr_db: float
    overloaded: bool


def strength(block: IqBlock, freq_hz: float, *, calibration: Levels) -> Strength:
    """Raises SignalError for a block that is too short."""
    spectrum = welch_spectrum(block, bin_hz=BIN_HZ)
    inside = np.abs(spectrum.freq_hz - freq_hz) <= CHANNEL_HZ / 2
    level = 10 * float(np.log10(max(1e-30, float(spectrum.power[inside].sum()))))
    noise = noise_floor_dbfs_hz(spectrum) + 10 * float(np.log10(CHANNEL_HZ))
    service = services(freq_hz, freq_hz + 1)[0]
    return Strength(
        level_dbfs=level,
        level_dbm=dbm(level, block.gain_db, calibration.of(service)),
        cnr_db=level - noise,
        overloaded=(clipped_share(block) or 0.0) > OVERLOAD_SHARE,
    )


class Trend:
    """Remembers the last few readings: is it getting stronger?"""

    def __init__(self) -> None:
        self._last: deque[float] = deque(maxlen=TREND_READINGS)

    def note(self, level_db: float) -> float | None:
        """Newer half against older half, dB; None until there is enough."""
        self._last.append(level_db)
        if len(self._last) < TREND_READINGS:
            return None
        values, half = list(self._last), TREND_READINGS // 2
        return sum(values[half:]) / half - sum(values[:half]) / half


def looks(radio: Radio, freq_hz: float, rate_hz: float, stop: threading.Event) -> Iterator[IqBlock]:
    """Until stopped, or a replay is over."""
    while not stop.is_set():
        try:
            yield radio.look(freq_hz + ASIDE * rate_hz, rate_hz, LOOK_S)
        except EndOfRecording:
            return


def follow(blocks: Iterable[IqBlock], freq_hz: float, console: Console, *, calibration: Levels) -> None:
    """One line a look."""
    trend, strongest = Trend(), -np.inf
    for block in blocks:
        now = strength(block, freq_hz, calibration=calibration)
        strongest = max(strongest, now.level_dbfs)
        change = trend.note(now.level_dbfs)
        console.say(
            "field.line",
            bar=bar(now.cnr_db),
            level=f"{now.level_dbm:.1f} dBm" if now.level_dbm is not None else f"{now.level_dbfs:.1f} dBFS",
            cnr=f"{now.cnr_db:.0f}",
            below=f"{strongest - now.level_dbfs:.1f}",
            trend=console.words(word(change, overloaded=now.overloaded)),
        )


def word(change_db: float | None, *, overloaded: bool) -> str:
    """Catalogue key of what to do with this reading."""
    if overloaded:
        return "field.overloaded"
    if change_db is None:
        return "field.wait"
    if abs(change_db) < STEADY_DB:
        return "field.steady"
    return "field.stronger" if change_db > 0 else "field.weaker"


def bar(cnr_db: float) -> str:
    filled = round(min(max(cnr_db / BAR_DB, 0), BAR_WIDTH))
    return "█" * filled + "·" * (BAR_WIDTH - filled)


def run_field(settings: SensorSettings, freq_hz: float, console: Console, stop: threading.Event) -> Exit:
    """Raises RadioError."""
    radio = open_radio(settings.radio, SystemClock(), stop.wait)
    try:
        blocks = looks(radio, freq_hz, settings.plan.rate_hz, stop)
        follow(blocks, freq_hz, console, calibration=levels(settings.calibration))
    finally:
        radio.close()
    return Exit.DONE
