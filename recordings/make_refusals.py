"""Why a set of recordings could not be written."""


class MakeError(Exception):
    """A set that could not be made."""


class NoRoom(MakeError):
    def __init__(self, *, folder: str, need_mb: int, free_mb: int) -> None:
        super().__init__(
            f"{folder}: the recordings need {need_mb} MB and {free_mb} MB are free; make room or name another folder"
        )
        self.folder, self.need_mb, self.free_mb = folder, need_mb, free_mb


class CannotWrite(MakeError):
    def __init__(self, *, folder: str, reason: str) -> None:
        super().__init__(f"{folder}: recordings cannot be written there: {reason}; name another folder")
        self.folder, self.reason = folder, reason
