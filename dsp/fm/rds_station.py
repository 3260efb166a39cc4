"""The RDS part of a station's facts, each field with the number of receptions that stand behind it."""

from collections import Counter
from collections.abc import Iterable

import msgspec

from dsp.fm.rds_blocks import Group
from dsp.fm.rds_country import country
from dsp.fm.rds_fields import RdsFields
from dsp.fm.rds_groups import pis_of
from dsp.fm.rds_tally import CONFIRMING
from dsp.fm.rds_values import RdsAgreement
from dsp.fm.values import FmStation

CONFIRMING_GROUPS = 3  # of a PI
_MOST_NAMES = 16
_LEAST_NAME_SHARE = 0.25  # of the name heard most often
_TRAFFIC_MESSAGES = frozenset({0xCD46, 0xCD47, 0x0D45})


def with_rds(station: FmStation, rds: RdsFields, groups: Iterable[Group]) -> FmStation:
    """`station` (its PI already known) with all that `rds` remembers of it. groups: those of this look."""
    rest = rds.rest
    return msgspec.structs.replace(
        station,
        ps=rds.name,
        rt=rds.last_text,
        pty=rds.pty_now.value,
        tp=rds.tp.value,
        ta=rds.ta.value,
        af_hz=rds.frequencies_hz,
        clock_time_utc_ns=rds.clock.time_utc_ns,
        clock_offset_s=rds.clock.offset_s.value,
        pi_others=other_pis(groups, station.pi),
        ps_all=_names(rds),
        rt_flag_b=rds.text_flag_b,
        music=rds.music.value,
        di_stereo=_switch(rds, "stereo"),
        di_artificial_head=_switch(rds, "artificial_head"),
        di_compressed=_switch(rds, "compressed"),
        di_dynamic_pty=_switch(rds, "dynamic_pty"),
        af_lists=rds.af.lists_b,
        af_lf_mf_hz=tuple(sorted(rds.af.heard_lf_mf.confirmed())),
        ecc=rest.ecc.value,
        country=country(rest.ecc.value, station.pi),
        language=rest.language.value,
        pin=rest.pin.value,
        pty_name=rest.type_name.value,
        long_ps=rest.long_name.value,
        open_data=rest.open_data,
        tmc_groups=_traffic_groups(rds),
        other_networks=rest.networks.networks(),
        rds_agreement=_agreement(rds) if rds.kinds else None,
    )


def other_pis(groups: Iterable[Group], pi: int | None) -> tuple[int, ...]:
    """PIs beside `pi` in three unharmed groups or more."""
    times = Counter(each for group in groups for each in pis_of(group)[:1])
    return tuple(sorted(each for each, n in times.items() if n >= CONFIRMING_GROUPS and each != pi))


def _names(rds: RdsFields) -> tuple[str, ...]:
    """Two names of one that scrolls may be joined where groups are lost: that comes more seldom than the names."""
    least = max(CONFIRMING, _LEAST_NAME_SHARE * max(rds.names.values(), default=0))
    return tuple(name for name, times in rds.names.items() if times >= least)[-_MOST_NAMES:]


def _switch(rds: RdsFields, name: str) -> bool | None:
    return rds.decoder[name].value if name in rds.decoder else None


def _traffic_groups(rds: RdsFields) -> int:
    announced = {each.app for each in rds.rest.open_data if each.group == "8A"}
    return rds.kinds["8A"] if announced & _TRAFFIC_MESSAGES else 0


def _agreement(rds: RdsFields) -> RdsAgreement:
    rest = rds.rest
    return RdsAgreement(
        ps=rds.names[rds.name or ""],
        rt=rds.texts[rds.last_text or ""],
        pty=rds.pty_now.times,
        tp=rds.tp.times,
        ta=rds.ta.times,
        music=rds.music.times,
        af=min((rds.af.heard[freq] for freq in rds.frequencies_hz), default=0),
        clock_time=rds.clock.times,
        ecc=rest.ecc.times,
        language=rest.language.times,
        pin=rest.pin.times,
        pty_name=rest.type_name.times,
        long_ps=rest.long_name.times,
    )
