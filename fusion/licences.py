"""Who holds a channel: the licences on it, which transmitter they are claimed by, and networks of several sites."""

from collections.abc import Iterable
from dataclasses import dataclass

import pymap3d

from dsp.signatures.licences import FmLicence, KnownCell, Licences, holds
from dsp.signatures.scene import LICENCE_REACH_HZ
from dsp.signatures.station_record import regional_variant
from fusion.values import Emitter


@dataclass(frozen=True, slots=True)
class Holder:
    """The licence a carrier answers to.

    licence   : nearest frequency; among equals the same PI, then the nearest site
    ambiguous : several different programmes are licensed on the channel and nothing tells which this is
    network   : all sites of the same programme on the channel (synchronous FM), by PI, by the list's network, by name
    """

    licence: FmLicence
    ambiguous: bool
    network: tuple[FmLicence, ...]


def on_channel(licences: Licences, freq_hz: float, *, now_ns: int, pi: int | None = None) -> tuple[FmLicence, ...]:
    """Licences that hold then; outside its hours, one holds for who says its PI."""
    return tuple(each for each in licences.near(freq_hz, LICENCE_REACH_HZ) if holds(each, now_ns, pi))


def holder(
    licences: Licences,
    freq_hz: float,
    *,
    now_ns: int,
    pi: int | None = None,
    near: tuple[float, float] | None = None,
) -> Holder | None:
    """None when nobody holds the channel then. `near` is (lat, lon) of where it was heard."""
    candidates = on_channel(licences, freq_hz, now_ns=now_ns, pi=pi)
    if not candidates:
        return None
    matching = [each for each in candidates if pi is not None and licences.names(each, pi)]
    chosen = min(matching or candidates, key=lambda each: (abs(each.freq_hz - freq_hz), _distance_m(each, near)))
    same = tuple(each for each in candidates if same_network(each, chosen))
    return Holder(licence=chosen, ambiguous=not matching and len(same) < len(candidates), network=same)


def same_network(a: FmLicence, b: FmLicence) -> bool:
    if a.network is not None and a.network == b.network:
        return True
    if a.pi is not None and b.pi is not None:
        return regional_variant(a.pi, b.pi)
    return a.name == b.name


def contradicts(pi: int | None, channel: Iterable[FmLicence], licences: Licences) -> bool:
    """The PI is known, so are those of the licences on the channel or of their networks, and it is none of them."""
    listed = tuple(channel)
    if pi is None or not listed or not all(licences.pis(each) for each in listed):
        return False
    return not any(licences.names(each, pi) for each in listed)


def known_cell(licences: Licences, emitter: Emitter) -> KnownCell | None:
    """The row that names this cell, on this channel where the list says one."""
    return next(
        (
            row
            for row in licences.cell_rows(emitter.mcc, emitter.mnc, emitter.lac, emitter.ci)
            if row.arfcn in (None, emitter.arfcn) and row.bsic in (None, emitter.bsic)
        ),
        None,
    )


def network_listed(licences: Licences, emitter: Emitter) -> bool:
    """A list of this network's cells was given, so that absence from it means something."""
    return licences.cells_of(emitter.mcc, emitter.mnc) > 0


def _distance_m(licence: FmLicence, near: tuple[float, float] | None) -> float:
    if near is None or licence.lat_deg is None or licence.lon_deg is None:
        return 0.0
    east, north, _ = pymap3d.geodetic2enu(licence.lat_deg, licence.lon_deg, 0.0, near[0], near[1], 0.0)
    return float((east**2 + north**2) ** 0.5)
