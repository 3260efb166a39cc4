"""A carrier where the network it claims may not transmit.

Why: a rogue takes a free channel, whoever holds it.
Innocent: refarming and spectrum swaps that the plan does not know; licensed cells out of their band (which is a matter
for enforcement of its own: most complaints in the railway band are these). The variant "railway" names those: a public
network on the railway's channels, or the railway's network off them.
"""

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_band_plan", 2


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    operator = scene.operator(cell)
    if scene.plan is None or operator is None or cell.arfcn is None:
        return None
    if operator.may_use(cell.arfcn, cell.freq_hz, cell.frame_time_utc_ns):
        return None
    holders = scene.plan.holders(cell.arfcn, cell.freq_hz, cell.frame_time_utc_ns)
    variant = "railway" if operator.railway or any(holder.railway for holder in holders) else None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.IDENTITY,
        weight_db=scene.weights.db(NAME, variant),
        variant=variant,
        evidence={
            "arfcn": cell.arfcn,
            "claims": operator.name,
            "holder": ", ".join(holder.name for holder in holders) or "-",
            "plan": scene.plan.name,
        },
    )
