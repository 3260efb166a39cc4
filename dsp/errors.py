"""Why a signal was refused: one root, one class a reason, carrying its numbers."""


class SignalError(Exception):
    """A signal that cannot be worked on, and why."""


class BlockTooShort(SignalError):
    def __init__(self, *, have: int, need: int) -> None:
        super().__init__(f"need {need} samples, have {have}")
        self.have, self.need = have, need


class BadRate(SignalError):
    def __init__(self, *, rate_hz: float, least_hz: float) -> None:
        super().__init__(f"a rate of {rate_hz:g} Hz cannot carry this signal; at least {least_hz:g} Hz is needed")
        self.rate_hz, self.least_hz = rate_hz, least_hz


class BadCentre(SignalError):
    def __init__(self, *, centre_hz: float) -> None:
        super().__init__(f"a centre of {centre_hz} Hz is no frequency")
        self.centre_hz = centre_hz


class NotFinite(SignalError):
    def __init__(self, *, count: int) -> None:
        super().__init__(f"{count} samples are NaN or infinite")
        self.count = count
