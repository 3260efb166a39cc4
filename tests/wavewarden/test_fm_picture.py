import struct
from pathlib import Path

import numpy as np
import pytest

from dsp.signatures.licences import FmLicence
from recordings.fm.spec import FmBroadcast
from tests.dsp.fm.made_window import Sent, rds
from tests.wavewarden.fm_made import GIVEN, block, made_file, noise, station
from tests.wavewarden.running import invoke
from wavewarden import fm_picture, fonts
from wavewarden.fm_ledger import Entry
from wavewarden.fm_panorama import MOST_ROWS, Panorama
from wavewarden.fm_verdict import Verdict

PNG = b"\x89PNG\r\n\x1a\n"


def size(file: Path) -> tuple[int, int]:
    head = file.read_bytes()[:24]
    assert head[:8] == PNG
    width, height = struct.unpack(">II", head[16:24])
    return width, height


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_picture_is_drawn_beside_the_table(monkeypatch, tmp_path, lang):
    said = FmBroadcast(programme="speech", rds=rds(0xC304, ps="$JC_^{"))  # what a formula would choke on
    file = made_file(tmp_path / "x.cf32", [Sent(3e5, 30.0, said)], seconds=1.5)
    picture = tmp_path / "x.png"
    done = invoke(monkeypatch, "fm", "scan", file, *GIVEN, "--picture", picture, lang=lang)
    assert done.exit_code == 0 and str(picture) in done.stderr
    assert size(picture) == (1540, 880) and picture.stat().st_size > 50_000


def test_an_unwritable_picture_is_told(monkeypatch, tmp_path):
    file = made_file(tmp_path / "x.cf32", [Sent(3e5, 30.0, FmBroadcast(programme="music"))], seconds=0.5)
    done = invoke(monkeypatch, "fm", "scan", file, *GIVEN, "--picture", tmp_path / "none" / "x.png")
    assert done.exit_code == 3 and "x.png" in done.stderr and "Traceback" not in done.stderr


def test_each_window_has_the_frequencies_nearer_to_it_than_to_the_next():
    panorama = Panorama()
    for centre_hz in (98e6, 98.8e6, 98e6):
        panorama.add(block(noise(0.1, 120_000), centre_hz=centre_hz))
    (low, low_bins), (high, high_bins) = panorama.shown()
    assert low.freq_hz[low_bins][-1] < 98.4e6 <= high.freq_hz[high_bins][0]
    assert low.freq_hz[0] == pytest.approx(97.4e6) and high.freq_hz[-1] == pytest.approx(99.4e6, abs=2e3)
    assert (low.seconds, high.seconds) == pytest.approx((0.2, 0.1), abs=0.01)


def test_rows_do_not_grow_with_the_recording_and_the_mean_stays_true():
    panorama = Panorama()
    sigma = 0.1
    for _ in range(60):
        panorama.add(block(noise(sigma, 600_000)))  # 0.5 s each, 30 s in all
    ((strip, _),) = panorama.shown()
    assert len(strip.rows) <= MOST_ROWS and strip.seconds == pytest.approx(30.0, abs=0.1)
    assert strip.row_s == pytest.approx(0.1)
    assert 10 * np.log10(strip.mean.sum() * strip.step_hz) == pytest.approx(10 * np.log10(2 * sigma**2), abs=0.1)


def figure(language: str):
    panorama = Panorama()
    panorama.add(block(noise(0.1, 240_000)))
    entries = [
        Entry(station(98.0e6 + 1e5 * k, ps="A\nB", pi=0xC301), FmLicence(freq_hz=98e6, name="A"), verdict)
        for k, verdict in enumerate(Verdict)
    ]
    return fm_picture._figure(panorama, entries, language, "made")


def test_every_verdict_has_its_own_colour_and_shape_and_stands_in_the_legend():
    assert len({colour for colour, _ in fm_picture.MARKS.values()}) == len(Verdict)
    assert len({shape for _, shape in fm_picture.MARKS.values()}) == len(Verdict)
    spectrum = figure("en").axes[0]
    legend = [text.get_text() for text in spectrum.get_legend().get_texts()]
    assert sorted(legend) == ["licensed", "not its own", "receiver ghost", "unknown", "unlicensed"]
    labels = [text.get_text() for text in spectrum.texts]
    assert labels[0] == "98.00 C301 A B" and len(labels) == len(Verdict)
    assert not any(text.get_parse_math() for text in spectrum.texts)


def test_without_a_chinese_font_the_picture_is_in_english(monkeypatch, tmp_path):
    spoken: list[str] = []
    monkeypatch.setattr(fm_picture, "chinese_font", lambda: None)
    whole = fm_picture._figure

    def noted(panorama, entries, language, title):
        spoken.append(language)
        return whole(panorama, entries, language, title)

    monkeypatch.setattr(fm_picture, "_figure", noted)
    panorama = Panorama()
    panorama.add(block(noise(0.1, 60_000)))
    fm_picture.draw(tmp_path / "x.png", panorama, [], "zh", "made")
    assert spoken == ["en"] and size(tmp_path / "x.png") == (1540, 880)


def test_a_chinese_font_is_one_that_is_on_the_machine():
    name = fonts.chinese_font()
    assert name is None or name in fonts.CHINESE
