"""A suspect cell, cells of known place, sensors that look at them one after the other: IQ, received, as reports."""

from collections.abc import Iterator
from dataclasses import dataclass

from dsp.gsm.arfcn import downlink_hz
from dsp.gsm.cell import CellMemory
from dsp.gsm.frame import SYMBOL_HZ
from dsp.gsm.receive import receive_gsm
from dsp.signatures.licences import KnownCell, Licences
from fusion.locate.geo import Plane
from fusion.values import FiledReport
from recordings.gsm.spec import GsmBroadcast
from recordings.gsm.transmitter import GsmTransmitter
from recordings.propagation import Propagation
from recordings.world_place import Site
from tests import air
from wire.report import Position, PositionSource, Report, TimeSource

PLANE = Plane(30.6, 104.1)
SUSPECT = Site(east_m=700.0, north_m=-400.0)
CELLS = (Site(east_m=-1800.0, north_m=1500.0), Site(east_m=2100.0, north_m=1400.0))
EARS = (
    air.Ear("north", Site(east_m=300.0, north_m=3200.0), 0.5, 0.0),
    air.Ear("east", Site(east_m=3400.0, north_m=-2300.0), -0.5, 0.004),
    air.Ear("west", Site(east_m=-3300.0, north_m=-1800.0), 0.3, -0.003),
    air.Ear("south", Site(east_m=-500.0, north_m=-3400.0), -0.2, 0.001),
)
ARFCNS, PPM = (92, 90, 94), (0.041, -0.023, 0.012)
BOOT = "0123456789abcdef0123456789abcdef"
BEGIN_NS = 1_790_000_000 * 10**9


@dataclass(frozen=True)
class Watch:
    """Each sensor looks `looks` times for `seconds`, one after the other. clock : what it says of its time"""

    seed: int = 1
    looks: int = 10
    seconds: float = 1.0
    eb_n0_db: float = 10.0
    echoes: Propagation | None = None
    ears: tuple[air.Ear, ...] = EARS
    clock: tuple[TimeSource, int] = (TimeSource.NTP, 4_000_000)

    def reports(self) -> Iterator[FiledReport]:
        senders = [self._sender(number) for number in range(3)]
        window = air.Window(_middle_hz(), 1e6, self.eb_n0_db, SYMBOL_HZ, level=0.15, echoes=self.echoes)
        row = 0
        for order, ear in enumerate(self.ears):
            memory = CellMemory()
            for look in range(self.looks):
                begin_s = 1.0 + (order * self.looks + look) * self.seconds
                (block,) = air.listen(senders, [ear], window, begin_s=begin_s, seconds=self.seconds, seed=self.seed)
                row += 1
                heard = memory.describe(receive_gsm(block))
                yield _filed(row, look, ear, begin_s + self.seconds / 2, heard, clock=self.clock)

    def _sender(self, number: int) -> air.Sender:
        broadcast = GsmBroadcast(
            plmn="460-00",
            arfcn=ARFCNS[number],
            bsic=10 + number,
            lac=5000,
            ci=number + 1,
            frame_number_at_start=123_456 * number + 77 * self.seed,
            symbol_offset=(317.25 * number + 13.5 * self.seed) % 1250,
        )
        return air.Sender(
            str(number),
            (SUSPECT, *CELLS)[number],
            downlink_hz(ARFCNS[number])[0],
            500e3,
            GsmTransmitter(broadcast, seed=100 * self.seed + number),
            PPM[number],
        )


def licences() -> Licences:
    """The cells of known place; the network is listed, the suspect is not in it."""
    return Licences(cells=tuple(_known(number) for number in (1, 2)))


def _known(number: int) -> KnownCell:
    lat_deg, lon_deg = degrees(CELLS[number - 1])
    return KnownCell(
        mcc="460",
        mnc="00",
        lac=5000,
        ci=number + 1,
        arfcn=ARFCNS[number],
        bsic=10 + number,
        lat_deg=lat_deg,
        lon_deg=lon_deg,
    )


def degrees(place: Site) -> tuple[float, float]:
    lat, lon = PLANE.to_degrees(place.east_m, place.north_m)
    return float(lat), float(lon)


def truth_s(a: str, b: str) -> float:
    places = {ear.name: ear.place for ear in EARS}
    return air.path_s(SUSPECT, places[b]) - air.path_s(SUSPECT, places[a])


def _middle_hz() -> float:
    return downlink_hz(ARFCNS[0])[0] + 37e3


def _filed(  # type: ignore[no-untyped-def]
    row: int, look: int, ear: air.Ear, middle_s: float, heard, *, clock: tuple[TimeSource, int]
) -> FiledReport:
    lat_deg, lon_deg = degrees(ear.place)
    report = Report(
        boot=BOOT,
        seq=look + 1,
        time_utc_ns=round(middle_s * 1e9),
        time_sigma_ns=clock[1],
        time_source=clock[0],
        created_utc_ns=BEGIN_NS + round(middle_s * 1e9),
        created_monotonic_ns=round(middle_s * 1e9),
        position=Position(lat_deg=lat_deg, lon_deg=lon_deg, sigma_m=1.0, source=PositionSource.SURVEYED),
        heard=heard,
    )
    return FiledReport(row=row, sensor=ear.name, received_utc_ns=report.created_utc_ns, report=report)
