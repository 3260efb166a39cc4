"""A sample of it as IQ: the same transmitters, made as samples, received by the real receiver, judged as they are.

It shows whether the simulator's observations are like real ones: the same content field by field, carriers and frame
clocks within what the receiver claims, and the same findings.
"""

from dataclasses import dataclass

import msgspec
import numpy as np

from dsp.gsm.cell import CellMemory
from dsp.gsm.frame import FRAME_SYMBOLS
from dsp.gsm.receive import receive_gsm
from dsp.gsm.values import GsmCell
from dsp.signatures.frame_clock import FRAME_NS, frame_phase_ns, wrapped_ns
from tests.benchmarks.rogue.catchers import Rung, catcher
from tests.benchmarks.rogue.chain import Chain
from tests.benchmarks.rogue.dongle import BAND_HZ, NOISE_DBM, START_NS, SWEEP_S, WINDOW_HZ, Look, window_hz
from tests.benchmarks.rogue.ladder import Ready, learn
from tests.benchmarks.rogue.plmn import with_fields
from tests.benchmarks.rogue.receiver import Receiver, window_of
from tests.benchmarks.rogue.transmitter import Transmitter
from tests.dsp.gsm.made import OnAir, window

EB_N0_DB = 20.0
CALIBRATED_DBM = NOISE_DBM + 1.3 + EB_N0_DB  # of a made cell of level 0
LOUDEST_DBM = -50.0
MEASURED = ("level_dbfs", "level_dbm", "cnr_db", "seconds", "sch_read", "blocks_read", "blocks_failed", "paging")
CLOCKED = ("frame_number", "frame_sample", "frame_sample_sigma", "frame_time_utc_ns", "system_information")
CARRIER = ("carrier_offset_hz", "carrier_offset_sigma_hz", "relative_offset_ppm", "relative_offset_sigma_ppm")
NOT_CONTENT = (*MEASURED, *CLOCKED, *CARRIER, "relative_references", "arrival", "weak")


@dataclass(frozen=True)
class Scene:
    name: str
    on_air: int
    read_iq: int
    read_simulated: int
    fields: int
    fields_alike: int
    carrier_rms_hz: float
    phase_rms_us: float
    cnr_rms_db: float
    only_iq: frozenset[str]
    only_simulated: frozenset[str]
    alike: frozenset[str]


def scenes() -> list[Scene]:
    rungs: tuple[Rung | None, ...] = (None, Rung.L0, Rung.L2, Rung.L3, Rung.L4)
    return [_scene(number, rung) for number, rung in enumerate(rungs)]


def _scene(number: int, rung: Rung | None) -> Scene:
    ready = learn(200 + number, gnss=True)
    rng = np.random.default_rng((9, number))
    on_air = list(ready.town.transmitters)
    if rung is None:
        windows = [window_of(t) for t in on_air]
        chosen = max(set(windows), key=windows.count)
    else:
        rogue = catcher(ready.town, rung, ready.now_s, rng).transmitter
        rogue.level_dbm = float(np.clip(rogue.level_dbm, -75.0, LOUDEST_DBM))
        on_air.append(rogue)
        chosen = window_of(rogue)
    there = [t for t in on_air if window_of(t) == chosen]
    return _compared("innocent" if rung is None else rung.name, ready, there, chosen, rng)


def _compared(name: str, ready: Ready, there: list[Transmitter], chosen: int, rng: np.random.Generator) -> Scene:
    """Two looks, each by both."""
    chains, memory, receiver = (ready.chain.copy(), ready.chain.copy()), CellMemory(), ready.receiver.copy(rng)
    pairs: list[tuple[GsmCell, GsmCell]] = []
    names: tuple[set[str], set[str]] = (set(), set())
    counts = [0, 0]
    for turn in range(2):
        time_s = ready.now_s + 20.0 + turn * SWEEP_S
        made = _received(there, chosen, time_s, receiver, memory, seed=turn)
        simulated = receiver.look(there, time_s)
        for which, (chain, cells) in enumerate(zip(chains, (made, simulated), strict=True)):
            names[which].update(_names(chain, Look(time_s, window_hz(chosen), cells)))
            counts[which] = len(cells)
        by_channel = {(c.arfcn, c.bsic): c for c in simulated}
        pairs += [(c, by_channel[c.arfcn, c.bsic]) for c in made if (c.arfcn, c.bsic) in by_channel]
    return _scene_of(name, len(there), counts, pairs, names)


def _names(chain: Chain, look: Look) -> set[str]:
    return {f"{f.name} {look.cells[f.about].arfcn}" for f in chain.judge(look) if f.about is not None}


def _received(
    there: list[Transmitter], chosen: int, time_s: float, receiver: Receiver, memory: CellMemory, *, seed: int
) -> tuple[GsmCell, ...]:
    centre_hz = BAND_HZ[0] + (chosen + 0.5) * WINDOW_HZ
    block = window(
        [_on_air(t, time_s, centre_hz, seed=seed) for t in there if t.on_air(time_s)],
        rate_hz=2.4e6,
        seconds=2.0,
        eb_n0_db=EB_N0_DB,
        seed=seed,
        centre_hz=centre_hz,
        clock_ppm=-receiver.lo.at(time_s, chosen),
    )
    block = type(block)(
        samples=block.samples,
        rate_hz=block.rate_hz,
        centre_hz=block.centre_hz,
        first_sample=round(time_s * block.rate_hz),
        time_utc_ns=START_NS + round(time_s * 1e9),
    )
    cells = memory.describe(receive_gsm(block))
    if not receiver.calibrated:
        return cells
    return tuple(msgspec.structs.replace(c, level_dbm=c.cnr_db + NOISE_DBM) for c in cells)


def _on_air(each: Transmitter, time_s: float, centre_hz: float, *, seed: int) -> OnAir:
    frame, began_ns = each.clock.frame_at(time_s)
    load, hour = each.load, each.load.of_hour(time_s)
    sent = with_fields(
        each.broadcast,
        frame_number_at_start=frame,
        symbol_offset=(time_s * 1e9 - began_ns) / FRAME_NS * FRAME_SYMBOLS,
        paging_per_s=load.paging_per_s * hour,
        paging_imsi_share=load.imsi_share,
        assignments_per_s=load.assignments_per_s * hour,
    )
    freq_hz = sent.freq_hz
    return OnAir(
        sent,
        offset_hz=freq_hz * (1 + 1e-6 * each.clock.ppm_at(time_s)) - centre_hz,
        level_db=min(each.median_dbm(time_s), LOUDEST_DBM) - CALIBRATED_DBM,
        seed=seed,
    )


def _scene_of(
    name: str,
    on_air: int,
    counts: list[int],
    pairs: list[tuple[GsmCell, GsmCell]],
    names: tuple[set[str], set[str]],
) -> Scene:
    fields = [
        (getattr(a, n), getattr(b, n)) for a, b in pairs for n in GsmCell.__struct_fields__ if n not in NOT_CONTENT
    ]
    known = [(a, b) for a, b in fields if a is not None and b is not None]
    carrier = [a.carrier_offset_hz - b.carrier_offset_hz for a, b in pairs]
    phases = [(frame_phase_ns(a), frame_phase_ns(b)) for a, b in pairs]
    late = [wrapped_ns(a - b) / 1e3 for a, b in phases if a is not None and b is not None]
    return Scene(
        name=name,
        on_air=on_air,
        read_iq=counts[0],
        read_simulated=counts[1],
        fields=len(known),
        fields_alike=sum(a == b for a, b in known),
        carrier_rms_hz=_rms(carrier),
        phase_rms_us=_rms(late),
        cnr_rms_db=_rms([a.cnr_db - b.cnr_db for a, b in pairs]),
        only_iq=frozenset(names[0] - names[1]),
        only_simulated=frozenset(names[1] - names[0]),
        alike=frozenset(names[0] & names[1]),
    )


def _rms(values: list[float]) -> float:
    return float(np.sqrt(np.mean(np.square(values)))) if values else 0.0


def table(found: list[Scene]) -> list[str]:
    rows = [
        "| scene | on air; read of IQ / simulated | fields alike | carrier Hz | frame clock µs | C/N dB | findings alike; only IQ; only simulated |",  # noqa: E501
        "|---|---|---|---|---|---|---|",
    ]
    for s in found:
        only = f"{len(s.alike)}; {', '.join(sorted(s.only_iq)) or '–'}; {', '.join(sorted(s.only_simulated)) or '–'}"
        rows.append(
            f"| {s.name} | {s.on_air}; {s.read_iq} / {s.read_simulated} | {s.fields_alike} of {s.fields} "
            f"| {s.carrier_rms_hz:.1f} | {s.phase_rms_us:.0f} | {s.cnr_rms_db:.1f} | {only} |"
        )
    return rows
