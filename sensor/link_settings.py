"""Where a sensor reports to: the `[link]` table of its settings file."""

import msgspec


class LinkSettings(msgspec.Struct, frozen=True, kw_only=True):
    server: str  # address of the server, e.g. "tcp://watch.example:5640"
    server_key: str  # the server's public key, 40 characters: `wavewarden server enrol` prints it
    key: str = "sensor.key"  # file of this sensor's own key, made by `wavewarden sensor enrol`
    window: int = 400  # most reports on their way at once; the server may allow less
    silence_s: float = 15.0  # without any answer for so long the connection is made anew
    first_wait_s: float = 0.5  # before the second attempt to connect; doubles …
    longest_wait_s: float = 60.0  # … up to this
