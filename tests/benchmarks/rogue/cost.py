"""What judging costs: CPU a cell observation, at the sensor and at the server, after eight learnt days."""

import time
from dataclasses import replace

from dsp.signatures.registry import judge_gsm
from tests.benchmarks.rogue.chain import PLAN, WEIGHTS, ns
from tests.benchmarks.rogue.dongle import SWEEP_S, Look
from tests.benchmarks.rogue.ladder import Ready, learn

SWEEPS = 20


def table(towns: int = 3) -> list[str]:
    rows = ["| cells on air | CPU ms a cell observation: sensor | server besides |", "|---|---|---|"]
    for seed in range(towns):
        ready = learn(300 + seed, gnss=True)
        looks = [
            look
            for turn in range(SWEEPS)
            for look in ready.receiver.sweep(ready.town.transmitters, ready.now_s + turn * SWEEP_S)
        ]
        cells = sum(len(look.cells) for look in looks)
        sensor_s, all_s = _sensor_s(ready, looks), _all_s(ready, looks)
        rows.append(f"| {cells / SWEEPS:.0f} | {1e3 * sensor_s / cells:.2f} | {1e3 * (all_s - sensor_s) / cells:.2f} |")
    return rows


def _sensor_s(ready: Ready, looks: list[Look]) -> float:
    history, started = ready.chain.history, time.process_time()
    for look in looks:
        now_ns = ns(look.time_s)
        findings = judge_gsm(look.cells, history, ready.chain.licences, now_ns=now_ns, weights=WEIGHTS, plan=PLAN)
        history = history.with_look(look.cells, now_ns=now_ns, findings=findings, swept=(look.swept_hz,))
    return time.process_time() - started


def _all_s(ready: Ready, looks: list[Look]) -> float:
    chain, started = replace(ready.chain), time.process_time()
    for look in looks:
        chain.look(look, ready.receiver.clock)
    return time.process_time() - started
