"""One look, from samples to what was heard and what is wrong with it. No clock, no file, no socket."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from dsp.fm.values import FmStation
from dsp.gsm.values import GsmCell
from dsp.iq import IqBlock
from dsp.signatures.band_plan import BandPlan
from dsp.signatures.finding import Finding
from dsp.signatures.history import SiteHistory
from dsp.signatures.licences import Licences
from dsp.signatures.noise_memory import Noise
from dsp.signatures.registry import judge_fm, judge_gsm
from dsp.signatures.weights import Weights
from sensor.bands import services
from sensor.ears import Ears, FmHeard, GsmHeard
from sensor.level import NOT_CALIBRATED, Levels, calibrated, dbm
from wire.report import Swept

USABLE = 0.8  # of the rate: what lies outside may be heard but is not claimed to have been listened to
MOST_CLIPPED = 0.001  # of the samples, before clipping adds noise of its own
HEARD_FROM_CNR_DB = {"gsm": 10.0, "fm": 12.0}  # a carrier this far over the noise in 200 kHz would have been reported


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """What one look gave.

    findings : `about` is the index into `values`
    history  : the one given, with this look added
    refused  : how often a decoder refused something, by reason
    """

    cells: tuple[GsmCell, ...]
    stations: tuple[FmStation, ...]
    findings: tuple[Finding, ...]
    swept: tuple[Swept, ...]
    history: SiteHistory
    refused: dict[str, int]

    @property
    def values(self) -> tuple[GsmCell | FmStation, ...]:
        return (*self.cells, *self.stations)


def listen(
    block: IqBlock,
    memories: Ears,
    history: SiteHistory,
    licences: Licences,
    *,
    weights: Weights,
    plan: BandPlan | None,
    levels: Levels = NOT_CALIBRATED,
    now_ns: int | None = None,
) -> Heard:
    """Receive and judge what the window's band can hold; where the band plan knows nothing, both services.

    now_ns : rises from look to look; without it the block's own time, or its count of samples
    """
    wanted = services(block.centre_hz - block.rate_hz / 2, block.centre_hz + block.rate_hz / 2)
    gsm = memories.hear_gsm(block) if "gsm" in wanted else GsmHeard()
    fm = memories.hear_fm(block) if "fm" in wanted else FmHeard()
    cells = calibrated(gsm.cells, block.gain_db, levels.gsm_dbm)
    stations = calibrated(fm.stations, block.gain_db, levels.fm_dbm)
    now_ns = block_ns(block) if now_ns is None else now_ns
    noise = noise_of(block, gsm.noise_dbfs_200k)
    findings = (
        *judge_gsm(cells, history, licences, now_ns=now_ns, weights=weights, plan=plan, noise=noise),
        *_behind(len(cells), judge_fm(stations, history, licences, now_ns=now_ns)),
    )
    swept = tuple(_swept(block, {"gsm": gsm.noise_dbfs_200k, "fm": fm.noise_dbfs_200k}, levels))
    gsm_hz, fm_hz = ([(s.low_hz, s.high_hz) for s in swept if s.service == service] for service in ("gsm", "fm"))
    return Heard(
        cells=cells,
        stations=stations,
        findings=findings,
        swept=swept,
        history=history.with_look(
            (*cells, *stations), now_ns=now_ns, findings=findings, swept=gsm_hz, swept_fm=fm_hz, noise=noise
        ),
        refused=dict(Counter(gsm.refused) + Counter(fm.refused)),
    )


def noise_of(block: IqBlock, dbfs_200k: float | None) -> Noise | None:
    """None where it was not measured, or clipping makes it up."""
    if dbfs_200k is None or (clipped_share(block) or 0.0) > MOST_CLIPPED:
        return None
    return Noise(centre_hz=block.centre_hz, rate_hz=block.rate_hz, gain_db=block.gain_db, dbfs_200k=dbfs_200k)


def block_ns(block: IqBlock) -> int:
    """Its time; without a clock, a count that rises."""
    return block.time_utc_ns if block.time_utc_ns is not None else round(block.first_sample / block.rate_hz * 1e9)


def _behind(count: int, findings: Iterable[Finding]) -> Iterable[Finding]:
    """Findings about stations, which stand behind the cells."""
    for finding in findings:
        about = None if finding.about is None else finding.about + count
        yield msgspec.structs.replace(finding, about=about)


def _swept(block: IqBlock, noises: dict[str, float | None], levels: Levels) -> Iterable[Swept]:
    """What was listened to; a service whose noise is not known was not."""
    for service, noise in noises.items():
        if noise is not None:
            yield Swept(
                service=service,
                low_hz=block.centre_hz - USABLE * block.rate_hz / 2,
                high_hz=block.centre_hz + USABLE * block.rate_hz / 2,
                seconds=block.seconds,
                noise_dbfs_200k=noise,
                lost_samples=block.lost_samples,
                clipped_share=clipped_share(block),
                floor_dbm=dbm(noise + HEARD_FROM_CNR_DB[service], block.gain_db, levels.of(service)),
            )


def clipped_share(block: IqBlock) -> float | None:
    if block.clipped_samples is None or not len(block.samples):
        return None
    return block.clipped_samples / len(block.samples)
