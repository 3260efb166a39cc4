"""What a multiplex said that somebody else demodulated: a station without its carrier."""

from typing import TYPE_CHECKING

import msgspec

from dsp.fm.rds_fields import RdsFields

if TYPE_CHECKING:
    from dsp.fm.multiplex import MultiplexReception


class FmMultiplex(msgspec.Struct, frozen=True, kw_only=True, tag="fm_multiplex"):
    """The fields are those of dsp.fm.values.FmStation; deviations are unknown: nobody says the scale."""

    seconds: float
    pilot_hz: float | None
    rds_groups: int
    rds_block_error_rate: float | None
    pi: int | None
    pi_groups: int
    ps: str | None
    rt: str | None
    pty: int | None
    silence_share: float | None


def describe(reception: "MultiplexReception") -> FmMultiplex:
    fields = RdsFields().take(reception.rds.groups)
    pi, groups = fields.pi.most_common(1)[0] if fields.pi else (None, 0)
    if pi is None and reception.combined_pi is not None:
        pi = reception.combined_pi.pi
    return FmMultiplex(
        seconds=reception.seconds,
        pilot_hz=reception.pilot.freq_hz if reception.pilot else None,
        rds_groups=len(reception.rds.groups),
        rds_block_error_rate=reception.rds.block_error_rate,
        pi=pi,
        pi_groups=groups,
        ps=fields.name or fields.last_name,
        rt=fields.last_text,
        pty=fields.pty.most_common(1)[0][0] if fields.pty else None,
        silence_share=reception.silence_share,
    )
