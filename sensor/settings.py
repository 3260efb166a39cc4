"""The sensor's one TOML file; `wavewarden sensor settings` prints it with every key explained."""

from typing import Annotated, Literal

import msgspec

from sensor.link_settings import LinkSettings


class RtlSdrSettings(msgspec.Struct, frozen=True, kw_only=True):
    """A dongle of our own."""

    serial: str | None = None  # which dongle, as `rtl_eeprom` shows it; without it there may be only one
    gain_db: float = 32.8  # tuner gain, kept fixed; the nearest step the tuner has is used and reported
    if_gain_step: int = 11  # IF amplifier step 0–15, kept fixed where the driver can
    ppm: int = 0  # correction of the crystal, whole parts per million
    bias_tee: bool = False  # true feeds 4.5 V to an amplifier at the antenna
    library: str | None = None  # path of another librtlsdr; not needed with `make dongle`


class RtlTcpSettings(msgspec.Struct, frozen=True, kw_only=True):
    """A dongle at another computer that runs rtl_tcp."""

    host: str = "127.0.0.1"  # where rtl_tcp runs; its line is not encrypted
    port: int = 1234  # of rtl_tcp
    gain_db: float = 32.8  # tuner gain, kept fixed
    ppm: int = 0  # correction of the crystal, whole parts per million


class ReplaySettings(msgspec.Struct, frozen=True, kw_only=True):
    """A recording in place of a receiver."""

    file: str = ""  # SigMF, WAV or bare IQ file
    rate_hz: float | None = None  # of a bare file
    centre_hz: float | None = None  # of a bare file
    format: str | None = None  # of a bare file: "cu8", "ci8", "ci16_le" or "cf32_le"
    live: bool = True  # false: as fast as it can be worked through
    loop: bool = False  # true: begin again at the end
    loop_s: float | None = None  # begin again so long after the beginning; without it at once
    shift_s: float | None = None  # added to the recorded times; without it the first sample is now


class RadioSettings(msgspec.Struct, frozen=True, kw_only=True):
    kind: Literal["rtlsdr", "rtl_tcp", "replay", "none"] = "rtlsdr"  # its table counts; "none": no receiver
    rtlsdr: RtlSdrSettings = RtlSdrSettings()
    rtl_tcp: RtlTcpSettings = RtlTcpSettings()
    replay: ReplaySettings = ReplaySettings()


class SurveyedPosition(msgspec.Struct, frozen=True, kw_only=True):
    """Of a sensor that stands still."""

    lat_deg: Annotated[float, msgspec.Meta(ge=-90, le=90)]  # WGS-84
    lon_deg: Annotated[float, msgspec.Meta(ge=-180, le=180)]  # WGS-84
    sigma_m: float = 10.0  # how well it is known
    height_m: float | None = None  # of the antenna over ground


class GnssSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Of a sensor that moves: gpsd on this or another computer."""

    host: str = "127.0.0.1"  # where gpsd runs
    port: int = 2947  # of gpsd
    oldest_s: float = 5.0  # a fix older than this is no position


class Calibration(msgspec.Struct, frozen=True, kw_only=True):
    """Antenna, cable and receiver together, measured against a known field."""

    dbm_at_full_scale: float | None = None  # power at the antenna that fills the converter at 0 dB gain
    gsm_dbm_at_full_scale: float | None = None  # the same, where GSM has an antenna of its own
    fm_dbm_at_full_scale: float | None = None  # the same, where FM has an antenna of its own
    sigma_db: float = 3.0  # how well that is known


AngleCounts = Literal["auto", "clockwise", "counter_clockwise"]


class DirectionFinderSettings(msgspec.Struct, frozen=True, kw_only=True):
    """A KrakenSDR whose DOA data format is "Kraken App"."""

    address: str = "http://127.0.0.1:8081/DOA_value.html"  # of its page, or the path of the file behind it
    every_s: float = 2.0  # between two questions
    heading_deg: float | None = None  # where its first antenna points, from true north; without it as the device says
    turned_deg: float = 0.0  # of the first antenna against the vehicle's nose, clockwise
    declination_deg: float = 0.0  # added to a heading by compass, east positive
    counts: AngleCounts = "auto"  # the way its angle grows; "auto": seen in each line; "clockwise", "counter_clockwise"
    linear: bool = False  # true takes a linear array's word for front or back
    sigma_deg: float | None = None  # how well it finds directions; without it the server learns it


class SampleClockSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Of a recording by a receiver that satellites time: crystal and times. Without it a recording's times are believed
    only among themselves. A dongle has no such clock: what comes over USB is dated to a millisecond."""

    source: Literal["pps", "gnss"] = "pps"  # what times the samples: "pps" or "gnss"
    sigma_ns: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 100  # how well


class BandSettings(msgspec.Struct, frozen=True, kw_only=True):
    service: Literal["gsm", "fm"]  # "gsm" or "fm"
    low_mhz: float  # lowest carrier
    high_mhz: float  # highest carrier
    seconds: float = 2.0  # of one look; GSM needs 1.9 for all its System Information
    visits: int = 1  # looks at each window in one round


class PlanSettings(msgspec.Struct, frozen=True, kw_only=True):
    rate_hz: float = 2.4e6  # width of one look
    bands: tuple[BandSettings, ...] = ()  # none: GSM 935–960 MHz and FM 87–108 MHz; a replay follows its recording


class SensorSettings(msgspec.Struct, frozen=True, kw_only=True):
    name: str = "sensor"  # on this sensor's console; the server knows it by its key
    language: Literal["zh", "en"] = "zh"  # of messages: "zh" or "en"
    data: str = "wavewarden-sensor"  # folder of what the sensor keeps
    outbox: str | None = None  # file of reports not yet acknowledged; without it in `data`
    licences: str | None = None  # TOML file of licensed stations and known cells
    cells: str | None = None  # a long list of known cells, as `wavewarden cells import` writes it
    band_plan: str = "cn"  # who may use which GSM channels: "cn", "de", "none", or the path of a TOML file
    weights: str | None = None  # TOML file of weights of one's own, as `wavewarden weights --out` writes it
    health_s: float = 30.0  # between two health reports
    radio: RadioSettings = RadioSettings()
    position: SurveyedPosition | None = None
    gnss: GnssSettings | None = None
    direction_finder: DirectionFinderSettings | None = None
    calibration: Calibration | None = None
    sample_clock: SampleClockSettings | None = None
    plan: PlanSettings = PlanSettings()
    link: LinkSettings | None = None
