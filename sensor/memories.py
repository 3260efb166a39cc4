"""The two receivers, and what they remember between looks."""

from dsp.errors import SignalError
from dsp.fm.look import FmLook
from dsp.fm.receive import receive_fm
from dsp.fm.second_look import Standing, standings
from dsp.fm.station import StationMemory
from dsp.gsm.cell import CellMemory
from dsp.gsm.receive import receive_gsm
from dsp.iq import IqBlock
from sensor.ears import FmHeard, GsmHeard


class Memories:
    """Remembers the System Information of each cell and the RDS of each station. A new one has heard nothing."""

    def __init__(self) -> None:
        self._cells = CellMemory()
        self._stations = StationMemory()
        self._last: FmLook | None = None

    def hear_gsm(self, block: IqBlock) -> GsmHeard:
        try:
            look = receive_gsm(block)
        except SignalError as error:
            return GsmHeard(refused={type(error).__name__: 1})
        return GsmHeard(self._cells.describe(look), look.noise_dbfs_200k, dict(look.refused))

    def hear_fm(self, block: IqBlock) -> FmHeard:
        try:
            look = receive_fm(block)
        except SignalError as error:
            return FmHeard(refused={type(error).__name__: 1})
        self._last = look
        return FmHeard(self._stations.describe(look), look.noise_dbfs_200k)

    def moved(self, block: IqBlock) -> tuple[float, ...]:
        if self._last is None:
            return ()
        try:
            second = receive_fm(block)
        except SignalError:
            return ()
        told = zip(self._last.stations, standings(self._last, second), strict=True)
        return tuple(station.freq_hz for station, standing in told if standing is Standing.MOVED)
