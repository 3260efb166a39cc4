"""Exit codes of every command. 2 is the command line's own (usage)."""

import enum


class Exit(enum.IntEnum):
    DONE = 0
    FAILED = 1  # something that should not happen: the message says what to report
    USAGE = 2
    BAD_INPUT = 3  # a file, scenario or setting was refused
    NOTHING_HEARD = 4  # the input was good, and held nothing
    UNREACHABLE = 5  # a server, port or device is not there or not free
    NO_SPACE = 6  # the disk refused a write; what was collected before is kept
