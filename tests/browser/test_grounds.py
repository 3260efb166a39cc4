"""Bearings on the map, the case's table of evidence, the form for a bearing, and pointing at a place."""

import re

import pytest
from playwright.sync_api import expect

from server import audit
from server.roles import Role
from tests.browser.conftest import PHONE, WIDE
from tests.server import grounds_made, made
from tests.server.test_grounds import put_vehicle_in

pytestmark = [pytest.mark.needs_browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def grounds(site):
    made.put_emitter(site.engine, grounds_made.located_pirate())
    put_vehicle_in(site.engine)


@pytest.mark.usefixtures("grounds")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_bearings_of_an_opened_case_are_drawn_and_named(visit, picture, language):
    page = visit(language=language)
    expect(page.locator("path.bearing")).to_have_count(0)
    page.locator(".case-head", has_text="97.4").click()
    expect(page.locator("path.bearing")).to_have_count(8)  # a line and a start for each of four
    expect(page.locator("path.bearing.aside")).to_have_count(2)
    person = {"zh": "人员 9", "en": "person 9"}[language]
    expect(page.locator(".leaflet-tooltip", has_text=person)).to_be_visible()
    expect(page.locator("path.next-stop")).to_have_count(1)
    page.get_by_role("button", name={"zh": "在地图上看", "en": "Show on the map"}[language]).click()
    page.locator(".leaflet-popup-close-button").click()
    picture(page, f"bearings-{language}")
    page.locator(".case-head", has_text="97.4").click()
    expect(page.locator("path.bearing")).to_have_count(0)


@pytest.mark.usefixtures("grounds")
@pytest.mark.parametrize(("language", "size"), [("zh", WIDE), ("en", WIDE), ("zh", PHONE)])
def test_the_case_says_who_says_what_and_where_to_go_next(visit, site, picture, language, size):
    page = visit(language=language, size=size)
    page.goto(f"{site.url}/cases/c-pirate")
    section = page.locator("#grounds")
    expect(section.locator("tr.aside")).to_have_count(1)
    expect(section.locator(".plans li")).to_have_count(1)
    expect(section.locator(".plans")).to_contain_text("van-9")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    section.scroll_into_view_if_needed()
    name = "phone" if size is PHONE else "wide"
    picture(page, f"grounds-{language}-{name}", whole=True)


@pytest.mark.usefixtures("grounds")
def test_a_place_is_pointed_at_by_hand_or_with_the_keyboard_and_a_bearing_taken_down(visit, site):
    page = visit(role=Role.MONITOR, language="en")
    for way in ("click", "key"):
        page.goto(f"{site.url}/?pick=c-pirate")
        expect(page.locator(".pick-note")).to_be_visible()
        if way == "click":
            page.locator(".folium-map").click(position={"x": 300, "y": 300})
        else:
            page.locator(".folium-map").press("Enter")
        expect(page).to_have_url(re.compile(r"/cases/c-pirate\?lat=.*#bearing"), timeout=20_000)
        assert page.locator("input[name=lat_deg]").input_value().startswith("30.")
    page.fill("input[name=azimuth_deg]", "215")
    page.click("#bearing button.main")
    expect(page).to_have_url(re.compile("/cases/c-pirate#grounds"), timeout=20_000)
    page.goto(f"{site.url}/?pick=c-pirate")
    expect(page.locator(".pick-note")).to_be_visible()
    page.locator(".folium-map").press("Escape")
    expect(page).to_have_url(re.compile("/cases/c-pirate#bearing"), timeout=20_000)


@pytest.mark.usefixtures("grounds")
@pytest.mark.parametrize(("language", "button"), [("zh", "撤回"), ("en", "Take back")])
def test_a_bearing_typed_in_wrong_is_taken_back_with_a_button(visit, site, picture, language, button):
    person = grounds_made.typed_in()
    made.put_sensor(site.engine, 109, person.sensor, person.report)
    page = visit(role=Role.ENFORCEMENT, language=language)
    page.goto(f"{site.url}/cases/c-pirate")
    row = page.locator("#grounds tr", has_text={"zh": "人员 9", "en": "person 9"}[language]).last
    picture(page, f"take-back-{language}", whole=True)
    row.get_by_role("button", name=button).click()
    expect(page).to_have_url(re.compile("/cases/c-pirate#bearings"), timeout=20_000)
    with site.engine.connect() as connection:
        entries = audit.entries(connection)
    assert (entries[0].what, entries[0].subject) == ("bearing_withdrawn", grounds_made.REFLECTED)
