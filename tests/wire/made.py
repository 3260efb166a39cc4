"""Made messages for the tests of wire, link and ingest."""

from dsp.fm.values import FmStation
from dsp.gsm.values import GsmCell, SystemInformation
from dsp.signatures.finding import EvidenceGroup, Finding
from wire.report import Health, Position, PositionSource, Report, Swept, TimeSource

BOOT = "0123456789abcdef0123456789abcdef"


def make_report(*, boot: str = BOOT, seq: int = 1, created_utc_ns: int = 1_700_000_000_000_000_000) -> Report:
    """A report with a value in most places, of about the size a look gives."""
    return Report(
        boot=boot,
        seq=seq,
        time_utc_ns=created_utc_ns,
        time_sigma_ns=1_000_000,
        time_source=TimeSource.NTP,
        created_utc_ns=created_utc_ns,
        created_monotonic_ns=5,
        position=Position(lat_deg=31.2, lon_deg=121.5, sigma_m=5.0, source=PositionSource.SURVEYED),
        swept=(
            Swept(
                service="gsm",
                low_hz=935e6,
                high_hz=937e6,
                seconds=1.0,
                noise_dbfs_200k=-60.0,
                lost_samples=0,
                clipped_share=0.0,
            ),
        ),
        heard=(make_cell(), make_station()),
        findings=(
            Finding(
                name="gsm_empty_neighbours",
                version=1,
                group=EvidenceGroup.TOPOLOGY,
                weight_db=3.0,
                evidence={"lac": 1, "share": 0.5, "name": "x", "seen": True},
                about=0,
            ),
        ),
        health=Health(
            uptime_s=1.0,
            samples_read=1,
            samples_lost=0,
            clipped_share=None,
            noise_dbfs_200k=-60.0,
            gain_db=30.0,
            time_source=TimeSource.NTP,
            time_sigma_ns=None,
            queue_length=0,
        ),
        software="0.1.0",
    )


def make_cell() -> GsmCell:
    return GsmCell(
        freq_hz=935.2e6,
        arfcn=1,
        level_dbfs=-40.0,
        cnr_db=20.0,
        carrier_offset_hz=12.5,
        carrier_offset_sigma_hz=1.0,
        bsic=10,
        frame_number=1234,
        frame_sample=5.5,
        seconds=1.0,
        sch_read=9,
        blocks_read=20,
        blocks_failed=0,
        mcc="460",
        mnc="00",
        lac=4096,
        ci=1,
        system_information=(SystemInformation(kind="3", hex="49061b" + "00" * 20, times=4),),
    )


def make_station() -> FmStation:
    return FmStation(
        freq_hz=100e6, freq_sigma_hz=10.0, level_dbfs=-30.0, cnr_db=30.0, seconds=1.0, ps="<script>", programme=b"\0\1"
    )
