"""Parts of what RDS says that are values of their own: open data, other networks, lists of frequencies, and counts."""

import msgspec


class OpenData(msgspec.Struct, frozen=True, kw_only=True):
    """An open data application that group 3A announces."""

    app: int  # application identification: CD46 traffic messages, 4BD7 RadioText+, …
    group: str | None = None  # "8A": where its data comes; None: in no group
    message: int = 0  # the application's own 16 bits


class AfList(msgspec.Struct, frozen=True, kw_only=True):
    """One list of method B: what replaces one transmitter of a network."""

    tuned_hz: float
    same_programme_hz: tuple[float, ...] = ()
    regional_variants_hz: tuple[float, ...] = ()


class OtherNetwork(msgspec.Struct, frozen=True, kw_only=True):
    """What group 14 says of another programme. None: not heard."""

    pi: int
    groups: int  # that spoke of it
    ps: str | None = None
    pty: int | None = None
    tp: bool | None = None
    ta: bool | None = None
    af_hz: tuple[float, ...] = ()
    pin: int | None = None


class RdsAgreement(msgspec.Struct, frozen=True, kw_only=True):
    """How many receptions agreed on each field; 0: it is not known. From two on it is confirmed, the PI from three.

    For names and texts: whole ones; for af: of the frequency stated that came least often; for what may change, like
    flags: the last in a row.
    """

    ps: int = 0
    rt: int = 0
    pty: int = 0
    tp: int = 0
    ta: int = 0
    music: int = 0
    af: int = 0
    clock_time: int = 0
    ecc: int = 0
    language: int = 0
    pin: int = 0
    pty_name: int = 0
    long_ps: int = 0
