"""A station's RDS under the names that redsea prints, for JSON that its users can read on.

What redsea says group by group stands here once for the station. Frequencies are in kHz, as there.
"""

from datetime import UTC, datetime, timedelta, timezone

import msgspec

from dsp.fm.rds_names import language_name, programme_type_name
from dsp.fm.rds_values import AfList, OpenData, OtherNetwork
from dsp.fm.values import FmStation

_NS = 1_000_000_000


class RedseaItem(msgspec.Struct, frozen=True, kw_only=True):
    day: int
    time: str


class RedseaAfB(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    tuned_frequency: int
    same_programme: tuple[int, ...] = ()
    regional_variants: tuple[int, ...] = ()


class RedseaApp(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    oda_group: str | None = None
    app_id: str


class RedseaNetwork(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    pi: str
    ps: str | None = None
    tp: bool | None = None
    ta: bool | None = None
    prog_type: str | None = None
    alt_frequencies: tuple[int, ...] = ()


class RedseaFields(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is not known is left out."""

    pi: str | None = None
    ps: str | None = None
    prog_type: str | None = None
    tp: bool | None = None
    ta: bool | None = None
    is_music: bool | None = None
    di: dict[str, bool] | None = None
    alt_frequencies_a: tuple[int, ...] = ()
    alt_frequencies_b: tuple[RedseaAfB, ...] = ()
    radiotext: str | None = None
    rt_ab: str | None = None
    clock_time: str | None = None
    prog_item_number: int | None = None
    prog_item_started: RedseaItem | None = None
    country: str | None = None
    language: str | None = None
    pty_name: str | None = None
    long_ps: str | None = None
    open_data_app: tuple[RedseaApp, ...] = ()
    other_network: tuple[RedseaNetwork, ...] = ()


def redsea_fields(station: FmStation) -> RedseaFields:
    pin, flag_b = station.pin, station.rt_flag_b
    return RedseaFields(
        pi=None if station.pi is None else f"0x{station.pi:04X}",
        ps=station.ps,
        prog_type=None if station.pty is None else programme_type_name(station.pty, station.country),
        tp=station.tp,
        ta=station.ta,
        is_music=station.music,
        di=_decoder(station),
        alt_frequencies_a=() if station.af_lists else _khz((*station.af_lf_mf_hz, *station.af_hz)),
        alt_frequencies_b=tuple(_af_b(each) for each in station.af_lists),
        radiotext=station.rt,
        rt_ab=None if flag_b is None else "AB"[flag_b],
        clock_time=_clock(station.clock_time_utc_ns, station.clock_offset_s or 0),
        prog_item_number=pin,
        prog_item_started=None if pin is None else _item(pin),
        country=None if station.country is None else station.country.lower(),
        language=None if station.language is None else language_name(station.language),
        pty_name=station.pty_name,
        long_ps=station.long_ps,
        open_data_app=tuple(_app(each) for each in station.open_data),
        other_network=tuple(_network(each, station.country) for each in station.other_networks),
    )


def _decoder(station: FmStation) -> dict[str, bool] | None:
    said = {
        "stereo": station.di_stereo,
        "artificial_head": station.di_artificial_head,
        "compressed": station.di_compressed,
        "dynamic_pty": station.di_dynamic_pty,
    }
    return {name: on for name, on in said.items() if on is not None} or None


def _khz(frequencies_hz: tuple[float, ...]) -> tuple[int, ...]:
    return tuple(round(freq / 1e3) for freq in frequencies_hz)


def _af_b(found: AfList) -> RedseaAfB:
    return RedseaAfB(
        tuned_frequency=round(found.tuned_hz / 1e3),
        same_programme=_khz(found.same_programme_hz),
        regional_variants=_khz(found.regional_variants_hz),
    )


def _clock(time_utc_ns: int | None, offset_s: int) -> str | None:
    if time_utc_ns is None:
        return None
    zone = timezone(timedelta(seconds=offset_s)) if offset_s else UTC
    return datetime.fromtimestamp(time_utc_ns // _NS, zone).isoformat().replace("+00:00", "Z")


def _item(pin: int) -> RedseaItem:
    return RedseaItem(day=pin >> 11, time=f"{pin >> 6 & 0x1F:02d}:{pin & 0x3F:02d}")


def _app(app: OpenData) -> RedseaApp:
    return RedseaApp(oda_group=app.group, app_id=f"0x{app.app:04X}")


def _network(other: OtherNetwork, country: str | None) -> RedseaNetwork:
    return RedseaNetwork(
        pi=f"0x{other.pi:04X}",
        ps=other.ps,
        tp=other.tp,
        ta=other.ta,
        prog_type=None if other.pty is None else programme_type_name(other.pty, country),
        alt_frequencies=_khz(other.af_hz),
    )
