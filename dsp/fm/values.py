"""What one FM station broadcast and how it was heard: the facts a sensor reports.

Unknown is None: not measurable here, or not heard. Text from the air is hostile: escape it wherever it is shown.
"""

import msgspec

from dsp.fm.deviation_spread import DeviationSpread
from dsp.fm.modulation_minute import ModulationMinute
from dsp.fm.rds_values import AfList, OpenData, OtherNetwork, RdsAgreement


class FmStation(msgspec.Struct, frozen=True, kw_only=True, tag="fm_station"):
    kind: str = "broadcast"  # or "carrier": nothing on it; "narrow", "data": other services, never told as stations
    # the carrier
    freq_hz: float  # as measured, by the sensor's own oscillator
    freq_sigma_hz: float
    level_dbfs: float
    cnr_db: float  # carrier to noise in 200 kHz
    sinr_db: float | None = None  # carrier over everything else in its channel, from its envelope: reflections included
    occupied_hz: float | None = None  # 99 % of the power
    occupied_26db_hz: float | None = None  # between the outermost points 26 dB under the top
    level_dbm: float | None = None  # only from a calibrated sensor
    seconds: float
    # the multiplex
    deviation_hz: float | None = None  # exceeded 0.1 % of the time; None where it cannot be stated
    deviation_reason: str | None = None  # why not: "weak", "neighbour", "clipped", "short" or "reflections"
    deviation_spread: DeviationSpread | None = None  # of every look in which it could be stated, added up
    neighbour_db: float | None = None  # strongest carrier within 400 kHz, over this one; None: there is none
    neighbour_away_hz: float | None = None
    modulation_power_dbr: float | None = None  # of this look
    modulation_minute: ModulationMinute | None = None  # for the mean over any 60 s, BS.412
    pilot_hz: float | None = None
    pilot_deviation_hz: float | None = None
    rds_deviation_hz: float | None = None
    # radio data system, IEC 62106
    rds_groups: int = 0
    rds_block_error_rate: float | None = None
    pi: int | None = None
    pi_groups: int = 0  # groups that carried this PI with a good check, none corrected
    pi_repeats: int = (
        0  # groups of this look whose soft bits, added up, gave this PI with a good check; 0: they did not
    )
    ps: str | None = None
    rt: str | None = None
    pty: int | None = None
    tp: bool | None = None
    ta: bool | None = None
    af_hz: tuple[float, ...] = ()
    clock_time_utc_ns: int | None = None
    clock_offset_s: int | None = None  # of local time, from UTC
    pi_others: tuple[int, ...] = ()  # further PIs of this look, each in three groups or more; regional variants too
    ps_all: tuple[str, ...] = ()  # every name that came twice, of a scrolling one the last 16
    rt_flag_b: bool | None = None
    music: bool | None = None
    di_stereo: bool | None = None
    di_artificial_head: bool | None = None
    di_compressed: bool | None = None
    di_dynamic_pty: bool | None = None
    af_lists: tuple[AfList, ...] = ()  # of method B
    af_lf_mf_hz: tuple[float, ...] = ()
    ecc: int | None = None  # extended country code
    country: str | None = None  # ISO 3166-1, from ecc and pi; not where the transmitter is, but what it says
    language: int | None = None  # IEC 62106 annex J
    pin: int | None = None  # programme item: day, hour, minute
    pty_name: str | None = None
    long_ps: str | None = None
    open_data: tuple[OpenData, ...] = ()
    tmc_groups: int = 0  # 8A in which traffic messages came
    other_networks: tuple[OtherNetwork, ...] = ()
    rds_agreement: RdsAgreement | None = None  # None: no group was read
    ps_repeats: int = 0  # groups whose soft bits, added up place by place, gave this name; 0: they did not
    rt_repeats: int = 0
    pty_repeats: int = 0
    # the programme
    silence_share: float | None = None
    speech_share: float | None = None  # of the time of this look: dsp.fm.content; None: not said
    music_share: float | None = None
    unknown_share: float | None = None  # neither silent nor told apart
    programme: bytes | None = None  # fingerprint of the audio: dsp.fm.programme
    programme_time_utc_ns: int | None = None  # when the fingerprint begins
