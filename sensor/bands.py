"""Which service lives where."""

from collections.abc import Iterator

FM_HZ = (64e6, 108.1e6)  # with the bands of Eastern Europe and Japan
GSM_DOWNLINK_HZ = (  # 3GPP TS 45.005 §2: 850, 900 with its extensions and the railways', 1800, 1900
    (869e6, 894e6),
    (918e6, 960e6),
    (1805e6, 1880e6),
    (1930e6, 1990e6),
)
SERVICES = ("gsm", "fm")


def services(low_hz: float, high_hz: float) -> tuple[str, ...]:
    """What may be heard in a window; both where the plan knows neither, as with an unknown centre."""
    return allocated(low_hz, high_hz) or SERVICES


def allocated(low_hz: float, high_hz: float) -> tuple[str, ...]:
    """What the plan says of a window."""
    return tuple(dict.fromkeys(name for name, low, high in _allocations() if low < high_hz and low_hz < high))


def _allocations() -> Iterator[tuple[str, float, float]]:
    yield from (("gsm", low, high) for low, high in GSM_DOWNLINK_HZ)
    yield ("fm", *FM_HZ)
