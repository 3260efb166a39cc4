"""How a GSM emitter's frame clock and carrier ran, look by look, beside the cells that the same sensor heard.

A sensor's own clock and oscillator move all its cells together; what moves alone is the cell. Phases and carriers are
told against the first look, so that a cell that runs on lies at zero and one that was exchanged for another jumps.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from dsp.gsm.values import GsmCell
from dsp.signatures.frame_clock import frame_phase_ns, wrapped_ns
from fusion.times import world_ns
from fusion.values import Emitter, FiledReport

MOST_OTHERS = 12
SAME_CARRIER_HZ = 50e3


@dataclass(frozen=True, slots=True)
class ClockPoint:
    """phase_ms : frame phase against the first look's, None without a clock; carrier_ppm : measured minus nominal, by
    the sensor's oscillator."""

    time_utc_ns: int
    phase_ms: float | None
    carrier_ppm: float
    carrier_sigma_ppm: float


@dataclass(frozen=True, slots=True)
class ClockHistory:
    """Of one sensor. others : the cells it heard most often besides, each with its name."""

    sensor: str
    suspect: tuple[ClockPoint, ...]
    others: tuple[tuple[str, tuple[ClockPoint, ...]], ...]


def clock_histories(reports: Iterable[FiledReport], emitter: Emitter) -> tuple[ClockHistory, ...]:
    """One for each sensor that heard the emitter at least twice, in the order of their names."""
    cells: dict[str, dict[tuple[int, int], list[tuple[int, GsmCell]]]] = {}
    for filed in reports:
        sensor = cells.setdefault(filed.sensor, {})
        for cell in filed.report.heard:
            if isinstance(cell, GsmCell):
                sensor.setdefault(_transmitter(cell), []).append((world_ns(filed), cell))
    found = (_history(name, heard, emitter) for name, heard in sorted(cells.items()))
    return tuple(history for history in found if len(history.suspect) > 1)


def _transmitter(cell: GsmCell) -> tuple[int, int]:
    return round(cell.freq_hz / 100e3), cell.bsic


def _history(sensor: str, heard: dict[tuple[int, int], list[tuple[int, GsmCell]]], emitter: Emitter) -> ClockHistory:
    own = [key for key in heard if _is(heard[key][0][1], emitter)]
    suspect = [timed for key in own for timed in heard[key]]
    others = sorted((key for key in heard if key not in own), key=lambda key: (-len(heard[key]), key))[:MOST_OTHERS]
    return ClockHistory(
        sensor=sensor,
        suspect=_points(suspect),
        others=tuple((_name(heard[key][-1][1]), _points(heard[key])) for key in others if len(heard[key]) > 1),
    )


def _is(cell: GsmCell, emitter: Emitter) -> bool:
    return cell.bsic == emitter.bsic and abs(cell.freq_hz - emitter.freq_hz) < SAME_CARRIER_HZ


def _points(heard: list[tuple[int, GsmCell]]) -> tuple[ClockPoint, ...]:
    timed = sorted(heard, key=lambda pair: pair[0])
    phases = [phase for _, cell in timed if (phase := frame_phase_ns(cell)) is not None]
    first = phases[0] if phases else 0.0
    return tuple(_point(when, cell, first) for when, cell in timed)


def _point(when: int, cell: GsmCell, first_phase_ns: float) -> ClockPoint:
    phase = frame_phase_ns(cell)
    return ClockPoint(
        time_utc_ns=when,
        phase_ms=None if phase is None else wrapped_ns(phase - first_phase_ns) / 1e6,
        carrier_ppm=1e6 * cell.carrier_offset_hz / cell.freq_hz,
        carrier_sigma_ppm=1e6 * cell.carrier_offset_sigma_hz / cell.freq_hz,
    )


def _name(cell: GsmCell) -> str:
    channel = f"ARFCN {cell.arfcn}" if cell.arfcn is not None else f"{cell.freq_hz / 1e6:.1f} MHz"
    return f"{channel}/{cell.bsic}"
