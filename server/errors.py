"""Why the watching program cannot run or be reached."""


class ServerError(Exception):
    """The server cannot do what it was asked."""


class NotReachable(ServerError):
    """Something that should answer does not."""

    def __init__(self, *, what: str, reason: str) -> None:
        super().__init__(f"{what}: {reason}")
        self.what, self.reason = what, reason


class PageAddressTaken(NotReachable):
    def __init__(self, *, host: str, port: int, reason: str) -> None:
        super().__init__(
            what=f"the pages cannot be served on {host}:{port}",
            reason=f"{reason}; stop what uses it, or set another host or port in [web]",
        )
        self.host, self.port, self.reason = host, port, reason


class DataInUse(NotReachable):
    def __init__(self, *, folder: str) -> None:
        super().__init__(what=folder, reason="in use by another server; stop that one, or set another data folder")
        self.folder = folder
