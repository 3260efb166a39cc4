"""What a self-test found: of each sensor, and of each licensed emitter that was located as if it were unknown."""

import msgspec


class UsualLevel(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """What a sensor usually hears of one licensed emitter."""

    emitter: str
    level_dbm: float


class SensorTest(msgspec.Struct, frozen=True, kw_only=True):
    """One sensor.

    why             : None: it fits; else why it is left out, catalogue key self_test.why.<why>
    level_error_db  : of all its levels over the town's, as it stands; None: too few links
    site_error_m    : from where it says it is to where its levels would have it; None: the place it claims is as good
    evidence_nats   : what speaks against it, by the strongest of the tests
    clock_error_s   : of its arrival times of licensed emitters; None: none were measured
    """

    sensor: str
    links: int
    why: str | None = None
    level_error_db: float | None = None
    level_sigma_db: float | None = None
    site_error_m: float | None = None
    scatter_db: float | None = None
    clock_error_s: float | None = None
    clock_sigma_s: float | None = None
    evidence_nats: float = 0.0
    good_nights: int = 0  # in a row, while it is left out
    nights_out: int = 0
    lat_deg: float | None = None  # where it said it is, when its levels were last as usual
    lon_deg: float | None = None
    usual: tuple[UsualLevel, ...] = ()


class EmitterTest(msgspec.Struct, frozen=True, kw_only=True):
    """A licensed emitter, located by sensors calibrated on all others. error_m None: no point was given."""

    emitter: str
    name: str
    service: str
    freq_hz: float
    sensors: int
    error_m: float | None
    area_km2: float
    held: bool  # the region held its site


class SelfTest(msgspec.Struct, frozen=True, kw_only=True):
    time_utc_ns: int
    sensors: tuple[SensorTest, ...]
    emitters: tuple[EmitterTest, ...]

    @property
    def left_out(self) -> dict[str, str]:
        """Sensors that fixes do without, and why."""
        return {test.sensor: test.why for test in self.sensors if test.why is not None}
