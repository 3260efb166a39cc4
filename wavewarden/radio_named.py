"""A radio named on the command line, as the settings name it."""

from typing import Unpack

from sensor.settings import RadioSettings, ReplaySettings, RtlSdrSettings, RtlTcpSettings
from wavewarden.given import Given

RTL_TCP_PORT = 1234
MOST_PORT = 65535


class UnknownRadio(Exception):
    """None of rtlsdr, rtl_tcp://HOST:PORT, replay:FILE."""


def radio_settings(
    name: str,
    *,
    gain_db: float,
    ppm: int,
    serial: str | None,
    library: str | None,
    **given: Unpack[Given],
) -> RadioSettings:
    """Raises UnknownRadio. Rate, centre and format are those of a bare file that is replayed."""
    kind, _, rest = name.partition(":")
    if name == "rtlsdr":
        dongle = RtlSdrSettings(serial=serial, gain_db=gain_db, ppm=ppm, library=library)
        return RadioSettings(kind="rtlsdr", rtlsdr=dongle)
    if kind == "rtl_tcp":
        host, port = _address(rest.removeprefix("//"))
        return RadioSettings(kind="rtl_tcp", rtl_tcp=RtlTcpSettings(host=host, port=port, gain_db=gain_db, ppm=ppm))
    if kind == "replay" and rest:
        rate_hz, centre_hz, sample_format = given["rate_hz"], given["centre_hz"], given["sample_format"]
        said = ReplaySettings(file=rest, rate_hz=rate_hz, centre_hz=centre_hz, format=sample_format, live=False)
        return RadioSettings(kind="replay", replay=said)
    raise UnknownRadio(name)


def _address(rest: str) -> tuple[str, int]:
    host, _, port = rest.rpartition(":") if ":" in rest else (rest, "", "")
    if port and not (port.isascii() and port.isdigit() and 0 < int(port) <= MOST_PORT):
        raise UnknownRadio(rest)
    return host.strip("[]") or "127.0.0.1", int(port or RTL_TCP_PORT)
