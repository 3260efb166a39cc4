"""A second look, the centre moved, at what would be accused for the first time: what moves with it is a ghost.

It costs a third of a second once for each carrier that comes new on a free channel, and is over long before the first
alarm. A recording cannot be asked for it.
"""

from dsp.iq import IqBlock
from dsp.signatures.history import SiteHistory
from hardware.errors import BadWindow
from hardware.radio import Radio, Recorded
from sensor.ears import Ears, LooksAgain
from sensor.listen import Heard

ACCUSED = "fm_unlicensed"
MOVE_HZ, SECONDS = (
    300e3,
    0.3,
)  # centres stay half a channel beside the raster; images move by 600, products by 1,200 kHz


def asks_again(heard: Heard) -> bool:
    """Something unlicensed is here that was never heard before."""
    accused = {finding.about for finding in heard.findings if finding.name == ACCUSED}
    first = len(heard.cells)
    records = (heard.history.station(s.freq_hz) for n, s in enumerate(heard.stations) if n + first in accused)
    return any(record is not None and record.looks == 1 for record in records)


def looked_again(block: IqBlock, heard: Heard, radio: Radio, ears: Ears, *, now_ns: int) -> SiteHistory:
    """The history, with what proved to be a ghost marked. Raises RadioError."""
    if isinstance(radio, Recorded) or not isinstance(ears, LooksAgain) or not asks_again(heard):
        return heard.history
    try:
        second = radio.look(block.centre_hz + MOVE_HZ, block.rate_hz, SECONDS)
    except BadWindow:  # beyond what it can tune to
        return heard.history
    return heard.history.moved(ears.moved(second), now_ns=now_ns)
