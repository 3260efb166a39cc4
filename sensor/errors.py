"""Why the sensor program cannot do what was asked."""


class SensorError(Exception):
    """A sensor that cannot work as it is set up."""


class BandNotUsable(SensorError):
    def __init__(self, *, low_mhz: float, high_mhz: float, reason: str) -> None:
        super().__init__(f"[[plan.bands]] {low_mhz:g}–{high_mhz:g} MHz: {reason}")
        self.low_mhz, self.high_mhz, self.reason = low_mhz, high_mhz, reason


class NoReplayFile(SensorError):
    def __init__(self) -> None:
        super().__init__('radio.kind is "replay", but [radio.replay] names no file')


class NothingToListenWith(SensorError):
    def __init__(self) -> None:
        super().__init__(
            'radio.kind is "none" and there is no [direction_finder]: this sensor has nothing to listen with'
        )
