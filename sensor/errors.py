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


class NoSampleClock(SensorError):
    def __init__(self, *, kind: str) -> None:
        super().__init__(f'[sample_clock] is of recordings; radio.kind is "{kind}", dated to a millisecond')
        self.kind = kind


class MovedTimes(SensorError):
    def __init__(self) -> None:
        super().__init__(
            "[sample_clock] times a recording, but a live replay without shift_s calls its first sample now"
        )


class NothingToListenWith(SensorError):
    def __init__(self) -> None:
        super().__init__(
            'radio.kind is "none" and there is no [direction_finder]: this sensor has nothing to listen with'
        )
