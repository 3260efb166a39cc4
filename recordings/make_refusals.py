"""Why a set of recordings could not be written."""

import errno


class MakeError(OSError):
    """A set that the disk would not take. Its errno is the disk's."""

    def __str__(self) -> str:
        return str(self.strerror)


class NoRoom(MakeError):
    def __init__(self, *, folder: str, need_mb: int, free_mb: int) -> None:
        super().__init__(
            errno.ENOSPC,
            f"{folder}: the recordings need {need_mb} MB and {free_mb} MB are free; make room or name another folder",
        )
        self.folder, self.need_mb, self.free_mb = folder, need_mb, free_mb


class CannotWrite(MakeError):
    def __init__(self, *, folder: str, reason: str, number: int) -> None:
        super().__init__(number, f"{folder}: recordings cannot be written there: {reason}; name another folder")
        self.folder, self.reason = folder, reason
