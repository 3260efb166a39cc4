"""Everything one FM station sends. Names are those of `dsp.fm.values.FmStation` where the field is the same."""

from datetime import datetime
from typing import Literal

import msgspec

ProgrammeKind = Literal["speech", "music", "advert_loop", "silence", "tone"]


class Rds(msgspec.Struct, frozen=True, kw_only=True):
    """Radio data system, IEC 62106."""

    pi: int
    ps: str = ""  # up to 8 characters; IEC 62106 annex E, below 0x20 as they are
    ps_scroll: tuple[str, ...] = ()  # further names, shown in turn after `ps`
    ps_seconds: float = 3.0  # how long each of several names is shown
    rt: str = ""  # up to 64 characters; empty: no group 2A
    pty: int = 0
    tp: bool = False
    ta: bool = False
    music: bool = True
    af_hz: tuple[float, ...] = ()
    ecc: int | None = None  # extended country code in group 1A
    further_groups: tuple[tuple[str, int, int, int], ...] = ()  # any others in turn: "14A", five bits, blocks C and D
    clock_at_start: datetime | None = None  # what its clock says at sample 0; None: no group 4A
    deviation_hz: float = 2000.0  # peak of the shaped subcarrier
    in_quadrature: bool = True  # to the pilot's third harmonic; else in phase


class FmBroadcast(msgspec.Struct, frozen=True, kw_only=True):
    # the programme
    programme: ProgrammeKind = "speech"
    programme_seed: int | None = None  # stations with the same one say the same; None: the transmitter's own
    programme_delay_s: float = 0.0  # how late this station is with it
    loop_s: float = 30.0  # of an advert_loop
    tone_hz: float = 1000.0
    loudness_db: float = 5.0  # drive into the limiter: 0 leaves it alone but for peaks, 12 is a wall of sound
    # the multiplex
    stereo: bool = True
    peak_deviation_hz: float = 75_000.0  # of everything together, never exceeded
    pilot_deviation_hz: float = 6_750.0  # of a stereo multiplex
    preemphasis_us: float = 50.0
    rds: Rds | None = None
