"""Which receivers there are, by their name in the settings."""

from collections.abc import Callable

from hardware.clock import Clock
from hardware.pace import AsFastAsRead, Live, Pace
from hardware.radio import Radio, Recorded
from hardware.replay import Replay
from hardware.rtl_tcp import RtlTcp
from hardware.rtlsdr import RtlSdr
from recordings.read import open_recording
from sensor.errors import NoReplayFile
from sensor.plan import FollowRecording, Plan, rounds
from sensor.settings import PlanSettings, RadioSettings, ReplaySettings

Sleep = Callable[[float], object]


def open_radio(settings: RadioSettings, clock: Clock, sleep: Sleep) -> Radio:
    """Raises RadioError, RecordingError, NoReplayFile. `sleep` is how a replay waits."""
    return KINDS[settings.kind](settings, clock, sleep)


def _replay(settings: RadioSettings, clock: Clock, sleep: Sleep) -> Radio:
    asked = settings.replay
    if not asked.file:
        raise NoReplayFile
    recording = open_recording(asked.file, rate_hz=asked.rate_hz, centre_hz=asked.centre_hz, sample_format=asked.format)
    loop_s = (asked.loop_s or 0.0) if asked.loop else None
    return Replay(recording, _pace(asked, clock, sleep), loop_s=loop_s)


def _pace(asked: ReplaySettings, clock: Clock, sleep: Sleep) -> Pace:
    if asked.live:
        return Live(clock, shift_s=asked.shift_s, sleep=sleep)
    return AsFastAsRead(shift_s=asked.shift_s or 0.0)


def _rtlsdr(settings: RadioSettings, clock: Clock, sleep: Sleep) -> Radio:
    asked = settings.rtlsdr
    return RtlSdr(
        serial=asked.serial,
        gain_db=asked.gain_db,
        if_gain_step=asked.if_gain_step,
        ppm=asked.ppm,
        bias_tee=asked.bias_tee,
        library=asked.library,
        clock=clock,
    )


def _rtl_tcp(settings: RadioSettings, clock: Clock, sleep: Sleep) -> Radio:
    asked = settings.rtl_tcp
    return RtlTcp(asked.host, asked.port, gain_db=asked.gain_db, ppm=asked.ppm, clock=clock)


KINDS: dict[str, Callable[[RadioSettings, Clock, Sleep], Radio]] = {
    "rtlsdr": _rtlsdr,
    "rtl_tcp": _rtl_tcp,
    "replay": _replay,
}


def plan_for(radio: Radio, settings: PlanSettings) -> Plan:
    """A replay without a plan of its own follows its recording. Raises BandNotUsable."""
    if isinstance(radio, Recorded) and not settings.bands:
        return FollowRecording(radio)
    return rounds(settings)
