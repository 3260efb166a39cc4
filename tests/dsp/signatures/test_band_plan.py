"""Who may use which channel, and when."""

from datetime import UTC, date, datetime

import pytest

from dsp.gsm.arfcn import downlink_hz
from dsp.signatures.band_plan import BandPlan, Channels
from shell.data import data_names, read_data
from tests.dsp.signatures.made import CHINA


def utc_ns(*day: int) -> int:
    return int(datetime(*day, tzinfo=UTC).timestamp()) * 10**9


def names(arfcn: int, when_ns: int | None = None, plan: BandPlan = CHINA) -> list[str]:
    return [o.name for o in plan.holders(arfcn, downlink_hz(arfcn)[0], when_ns)]


@pytest.mark.parametrize("name", data_names("plans"))
def test_every_plan_reads_names_itself_and_has_no_run_of_channels_backwards(name: str):
    plan = read_data(f"plans/{name}.toml", BandPlan)
    assert plan.name == name
    for operator in plan.operators:
        assert all(mcc in plan.home_mcc for mcc, _ in operator.plmns)
        assert all(channels.first <= channels.last for channels in operator.channels)


def test_channels_of_china_by_their_holders():
    assert names(20) == ["China Mobile"]
    assert names(110) == ["China Unicom"]
    assert names(1010) == ["GSM-R"]
    assert names(980) == []


def test_refarmed_channels_pass_on_their_day():
    assert names(80, utc_ns(2018, 4, 2)) == ["China Mobile"]
    assert names(80, utc_ns(2018, 4, 3)) == ["China Mobile", "China Unicom"]


def test_both_days_named_are_still_in_force_and_without_a_time_nothing_is_ruled_out():
    run = Channels(first=1, last=5, begins=date(2020, 1, 1), ends=date(2020, 12, 31))
    at = downlink_hz(3)[0]
    assert [run.hold(3, at, utc_ns(*day)) for day in ((2019, 12, 31), (2020, 1, 1), (2020, 12, 31), (2021, 1, 1))] == [
        False,
        True,
        True,
        False,
    ]
    assert run.hold(3, at, None)


def test_a_channel_number_with_two_carriers_is_told_apart_by_frequency():
    dcs, pcs = downlink_hz(600)
    assert CHINA.holders(600, dcs, None)
    assert not CHINA.holders(600, pcs, None)
