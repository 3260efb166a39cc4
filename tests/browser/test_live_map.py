"""The live map as a person meets it."""

import time

import msgspec
import pytest
from playwright.sync_api import expect

from fusion.values import Level
from server.roles import Role
from tests.browser.conftest import PHONE, WIDE
from tests.server import made

pytestmark = [pytest.mark.needs_browser, pytest.mark.xdist_group("browser")]
CASES = "#cases > article.case"


def head_of(page, text: str):
    return page.locator(".case-head", has_text=text)


def no_sideways_scroll(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_the_map_and_the_list_show_the_same_suspects(visit, picture, language, size):
    name = "phone" if size is PHONE else "wide"
    page = visit(language=language, size=size)
    expect(page.locator(CASES)).to_have_count(3)
    expect(page.locator(".pin.emitter.high")).to_have_count(2)
    expect(page.locator("path.region.high")).to_have_count(2)
    expect(page.locator("path.region.watch")).to_have_count(1)  # two pieces, one outline
    expect(page.locator("path.track.high")).to_have_count(1)
    expect(page.locator(".pin.sensor")).to_have_count(5)
    expect(page.locator(".pin.emitter.licensed")).to_have_count(6)
    title = {"zh": "伪基站 947.2 MHz", "en": "Rogue base station 947.2 MHz"}[language]
    expect(page.locator(CASES).first).to_contain_text(title)
    assert no_sideways_scroll(page)
    picture(page, f"map-{language}-{name}", whole=name == "phone")


def test_the_dark_map(visit, picture):
    page = visit(scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 23, 21)"
    page.locator(".case-head").first.click()
    expect(page.locator(".finding").first).to_be_visible()
    picture(page, "map-zh-dark")


def test_signs_differ_in_shape_and_not_only_in_colour(visit):
    page = visit()
    shapes = page.evaluate(
        """[...document.querySelectorAll('.legend svg')].map((svg) =>
             [...svg.children].map((c) => c.tagName + (c.getAttribute('d') ?? c.getAttribute('r') ?? '')).join())"""
    )
    alike = len(shapes) - len(set(shapes))
    assert alike == 1, "only licensed and unknown share a shape: one is hollow"


def test_the_ground_has_a_graticule_with_degrees_a_scale_and_no_flag(visit):
    page = visit()
    labels = page.locator(".graticule-label").all_inner_texts()
    assert any(label.endswith("°N") for label in labels)
    assert any(label.endswith("°E") for label in labels)
    assert page.locator(".leaflet-control-scale-line").inner_text().endswith("m")
    assert page.locator(".leaflet-control-attribution").inner_text() == "Leaflet"
    assert page.locator(".leaflet-tile").count() == 0


def test_a_case_opens_in_place_and_says_why(visit, picture):
    page = visit()
    head = head_of(page, "黑广播 97.44 MHz")
    assert head.get_attribute("aria-expanded") == "false"
    head.click()
    finding = page.locator(".finding").first
    expect(finding).to_contain_text("频率没有许可")
    expect(finding).to_contain_text("+12.0 dB")
    expect(finding).to_contain_text("也可能是")
    finding.locator("summary").click()
    expect(finding).to_contain_text("基线样本数")
    picture(page, "case-open-zh-wide")


def test_a_case_is_reached_and_opened_by_the_keyboard_alone(visit):
    page = visit(size=WIDE)
    page.locator(".case-head").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".finding").first).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.case') !== null")
    marker = page.locator(".pin.emitter.high").first
    marker.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup")).to_be_visible()


def test_a_click_on_a_sign_tells_about_it(visit, picture):
    page = visit()
    page.locator(".pin.sensor[aria-label^='river']").click()
    expect(page.locator(".leaflet-popup")).to_contain_text("削顶")
    page.keyboard.press("Escape")
    head_of(page, "伪基站 947.2 MHz").click()
    page.get_by_role("button", name="在地图上看").click()
    expect(page.locator(".leaflet-popup").last).to_contain_text("正在移动")
    picture(page, "popup-zh-wide")


def test_a_new_case_is_on_the_map_and_in_the_list_within_a_second(visit, site):
    page = visit()
    expect(page.locator(CASES)).to_have_count(3)
    new = made.emitter("e-new", "fm", 88.1e6, licensed=False, fix=made.fix(30.24, 120.17))
    made.put_emitter(site.engine, new)
    made.put_case(site.engine, made.case("c-new", new, "pirate_fm", Level.HIGH, 40.0))
    start = time.monotonic()
    site.news.publish("emitter", "e-new")
    site.news.publish("case", "c-new")
    expect(page.locator(CASES)).to_have_count(4)
    expect(page.locator(".pin.emitter.high")).to_have_count(3)
    assert time.monotonic() - start < 1.0
    expect(page.locator(CASES).first).to_contain_text("88.1 MHz")


def test_an_open_case_stays_open_while_the_list_changes(visit, site):
    page = visit()
    head_of(page, "黑广播 97.44 MHz").click()
    expect(page.locator(".finding").first).to_be_visible()
    made.put_case(site.engine, msgspec.structs.replace(made.cases()[1], score_db=55.0))
    site.news.publish("case", "c-pirate")
    expect(head_of(page, "证据 55 dB")).to_have_attribute("aria-expanded", "true")
    expect(page.locator(".finding").first).to_be_visible()


def test_a_moving_one_moves_on_the_map(visit, site):
    page = visit()
    marker = page.locator(".pin.emitter.high[aria-label*='947.2']")
    before = marker.bounding_box()
    made.put_emitter(site.engine, msgspec.structs.replace(made.rogue(), fix=made.fix(30.27, 120.18, 300.0)))
    site.news.publish("emitter", "e-rogue")
    page.wait_for_timeout(1000)
    after = marker.bounding_box()
    assert abs(after["x"] - before["x"]) > 50


def fill_of(page, title: str) -> float:
    """Of the region that belongs to the case: the two high ones differ by their area, and large ones lie below."""
    nth = {"97.4": 0, "947.2": 1}[title]
    return float(page.locator("path.region.high").nth(nth).get_attribute("fill-opacity"))


def stands_out(page, title: str, other: str) -> bool:
    return fill_of(page, title) > 0.15 and fill_of(page, other) < 0.05


def test_only_the_suspect_that_is_looked_at_has_a_filled_region(visit, picture):
    page = visit()
    expect(page.locator("path.region.high")).to_have_count(2)
    assert max(fill_of(page, "97.4"), fill_of(page, "947.2")) < 0.05
    head = head_of(page, "黑广播 97.4")
    head.focus()
    assert stands_out(page, "97.4", "947.2")
    page.keyboard.press("Enter")
    expect(page.locator(".finding").first).to_be_visible()
    page.evaluate("document.activeElement.blur()")
    assert stands_out(page, "97.4", "947.2"), "an opened case keeps its fill"
    picture(page, "map-chosen-zh-wide")
    page.locator(".pin.emitter.high[aria-label*='947.2']").hover()
    assert stands_out(page, "947.2", "97.4")


def test_the_legend_explains_only_what_is_drawn(visit, site):
    page = visit()
    licensed = page.locator("#legend [data-sign=licensed]")
    expect(licensed).to_be_visible()
    expect(page.locator("#legend [data-sign=unknown]")).to_be_hidden()
    with site.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM emitter WHERE id LIKE 'e-fm-%%'")
    site.news.publish("emitter", "e-fm-0")
    expect(licensed).to_be_hidden()


def test_one_long_not_heard_is_paler_and_still_there(visit):
    page = visit()
    fresh = float(page.locator("path.region.high").first.get_attribute("stroke-opacity"))
    stale = float(page.locator("path.region.watch").first.get_attribute("stroke-opacity"))
    assert 0.3 < stale < fresh


def test_hostile_names_are_text_on_the_map(visit):
    page = visit()
    page.locator(".pin.emitter.licensed").first.hover()
    head_of(page, "黑广播 97.44 MHz").click()
    expect(page.locator(CASES).nth(1)).to_contain_text("<script>")
    page.get_by_role("button", name="在地图上看").click()
    expect(page.locator(".leaflet-popup")).to_contain_text("<script>")
    assert page.locator("main script, .leaflet-popup script, article img").count() == 0


def test_everything_to_press_is_44_px_high(visit):
    page = visit(size=PHONE)
    page.locator(".case-head").first.click()
    page.wait_for_selector(".finding")
    small = page.evaluate(
        """[...document.querySelectorAll('button, summary, select, a.button, .leaflet-control-zoom a, nav a, .pin')]
             .filter((e) => e.offsetParent && e.getBoundingClientRect().height < 43.5)
             .map((e) => `${e.tagName} ${e.className} ${e.textContent.slice(0, 20)}`)"""
    )
    assert small == []


def test_an_empty_map_says_what_is_happening(chromium, visit, site, picture):
    with site.engine.begin() as connection:
        for table in ("alert", "case_file", "emitter"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
    page = visit(language="zh")
    expect(page.locator("#cases")).to_contain_text("目前没有案件")
    expect(page.locator("#state")).to_contain_text("无可疑")
    picture(page, "map-empty-zh-wide")


@pytest.mark.parametrize(("language", "said"), [("zh", "没有传感器在监听"), ("en", "No sensor is listening")])
def test_nothing_is_called_clear_while_no_sensor_listens(visit, site, language, said):
    with site.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE sensor SET last_report = NULL, last_seen_utc_ns = NULL")
        connection.exec_driver_sql("DELETE FROM case_file")
    page = visit(language=language)
    expect(page.locator("#state > span").first).to_have_text(said)
    expect(page.locator("#cases")).to_contain_text(said)


def test_a_viewer_is_offered_nothing_it_may_not_do(visit):
    page = visit(Role.VIEWER)
    expect(page.locator(".alert")).to_have_count(2)
    assert page.get_by_role("button", name="确认", exact=True).count() == 0
    assert page.locator("nav a").all_inner_texts() == ["地图", "案件", "未成案", "传感器"]
