"""The other pages, and what stands on every page."""

import httpx
import msgspec
import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from server import tables
from server.roles import Role
from tests.browser.conftest import PHONE, WIDE
from tests.server import made, web

pytestmark = [pytest.mark.needs_browser, pytest.mark.xdist_group("browser")]
PAGES = (
    "/cases",
    "/cases/c-rogue",
    "/cases/c-pirate",
    "/sensors",
    "/tasks",
    "/accounts",
    "/audit",
    "/docs",
    "/password",
)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_no_page_scrolls_sideways_or_breaks_the_policy(visit, site, picture, language, size):
    name = "phone" if size is PHONE else "wide"
    page = visit(language=language, size=size)
    for path in PAGES:
        page.goto(site.url + path)
        page.wait_for_selector("#state:not([hidden])")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        assert page.evaluate("window.violations") == []
        picture(page, f"{path.strip('/').replace('/', '-')}-{language}-{name}", whole=True)


RUN_OVER = """[...document.querySelectorAll('.facts > div, .top a, .top button')].filter((e) => {
  const parent = e.parentElement.getBoundingClientRect(), own = e.getBoundingClientRect();
  const cut = e.scrollWidth > e.clientWidth + 1 && !e.matches('.who, .brand');
  return own.width > 0 && (cut || own.right > parent.right + 1 || own.right > innerWidth + 1);
}).map((e) => e.textContent.trim())"""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_on_a_phone_nothing_runs_into_its_neighbour_or_off_the_screen(visit, site, language):
    page = visit(language=language, size=PHONE)
    for path in PAGES:
        page.goto(site.url + path)
        page.wait_for_selector("#state:not([hidden])")
        assert page.evaluate(RUN_OVER) == [], path
        expect(page.locator(".who")).to_be_visible()
        expect(page.locator("nav a[href='/audit']")).to_be_in_viewport()


def test_a_login_with_a_wrong_password_says_so_and_nothing_more(visit, watched, picture):
    watched.allowed = "401"  # the browser itself writes it into its console
    page = visit()
    page.get_by_role("button", name="退出").click()
    page.fill("input[name=name]", "nobody")
    page.fill("input[name=password]", "wrong password")
    page.click("button.main")
    expect(page.get_by_role("alert")).to_have_text("用户名或密码不对")
    picture(page, "login-zh-wide")


def test_an_alert_is_acknowledged_with_a_note_and_everybody_sees_by_whom(visit, site, picture):
    page, other = visit(Role.MONITOR), visit(Role.VIEWER)
    expect(other.locator(".alert")).to_have_count(2)
    bar = page.locator(".alert", has_text="伪基站")
    bar.get_by_role("button", name="确认", exact=True).click()
    bar.get_by_role("textbox").fill("已派车 <b>1</b>")
    picture(page, "acknowledge-zh-wide")
    bar.get_by_role("button", name="确认已知悉").click()
    expect(bar).to_contain_text("monitor 已确认")
    expect(other.locator(".alert")).to_have_count(1)
    other.goto(f"{site.url}/cases/c-rogue")
    expect(other.locator(".alert-log")).to_contain_text("已派车 <b>1</b>")


def test_an_alert_that_comes_is_shown_on_whatever_page_is_open(visit, site):
    page = visit(Role.VIEWER)
    page.goto(f"{site.url}/sensors")
    expect(page.locator(".alert")).to_have_count(2)
    id = made.put_alert(site.engine, made.alert_of(made.cases()[2], made.hijack()))
    site.news.publish("alert", str(id))
    expect(page.locator(".alert")).to_have_count(3, timeout=1000)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_times_are_local_and_say_their_zone_with_utc_behind_them(visit, site, language):
    page = visit(language=language)
    page.goto(f"{site.url}/cases/c-rogue")
    time = page.locator(".steps time").first
    expect(time).to_have_text("2026-09-21 22:09:20 UTC+8")
    assert time.get_attribute("title") == "2026-09-21 14:09:20 UTC"


def test_a_rule_that_many_sensors_say_is_one_card(visit, site, picture):
    case = made.cases()[1]
    first, *rest = case.findings
    weaker = msgspec.structs.replace(first.finding, weight_db=3.0)
    again = tuple(msgspec.structs.replace(first, sensor=f"s-{k}", finding=weaker) for k in range(12))
    made.put_case(site.engine, msgspec.structs.replace(case, findings=(*again, first, *rest)))
    page = visit()
    page.goto(f"{site.url}/cases/{case.id}")
    cards = page.locator(".findings > .finding")
    expect(cards).to_have_count(2)
    expect(cards.first.locator(".weight").first).to_have_text("+12.0 dB")
    expect(cards.first.locator(".said-by .chip")).to_have_count(13)
    expect(cards.first.locator(".others")).to_be_hidden()
    picture(page, "rules-zh-wide", whole=True)
    cards.first.locator("summary").click()
    expect(cards.first.locator(".others > li")).to_have_count(12)
    expect(cards.first.locator(".others > li").first).to_contain_text("+3.0 dB")


def test_the_sensors_page_keeps_itself_current(visit, site):
    page = visit()
    page.goto(f"{site.url}/sensors")
    expect(page.locator(".sensor")).to_have_count(6)
    made.put_sensor(site.engine, 8, "harbour", made.report(30.2, 120.2))
    site.news.publish("sensor", "8")
    expect(page.locator(".sensor", has_text="harbour")).to_be_visible(timeout=4000)


def test_a_snippet_is_asked_for_from_a_case(visit, site):
    page = visit(Role.MONITOR)
    page.goto(f"{site.url}/cases/c-pirate")
    page.get_by_role("link", name="取证").click()
    expect(page.locator("input[name=centre_mhz]")).to_have_value("97.437")
    page.get_by_role("button", name="下达").click()
    expect(page.locator(".row", has_text="97.4370 MHz")).to_contain_text("等待传感器连线")
    with site.engine.connect() as connection:
        assert connection.execute(select(tables.task.c.created_by)).scalar_one() == "monitor"


def test_a_new_account_gets_a_password_that_must_be_changed(visit, site, picture, watched):
    watched.allowed = "401"  # what the page was asking for while its person logged out
    page = visit()
    page.goto(f"{site.url}/accounts")
    page.fill("input[name=name]", "王工")
    page.select_option("form[action='/accounts'] select", "monitor")
    page.get_by_role("button", name="新建账号").click()
    password = page.locator(".given code").inner_text()
    picture(page, "account-new-zh-wide")
    page.get_by_role("button", name="退出").click()
    page.fill("input[name=name]", "王工")
    page.fill("input[name=password]", password)
    page.click("button.main")
    expect(page.get_by_text("请先设置自己的密码")).to_be_visible()
    for name, value in (("old", password), ("new", "一个很长的新密码啊"), ("again", "一个很长的新密码啊")):
        page.fill(f"input[name={name}]", value + "!" * (name != "old"))
    page.click("button.main")
    page.wait_for_selector("#connection.good")
    expect(page.locator(".who")).to_have_text("王工")


def test_a_logout_elsewhere_leads_an_open_page_to_the_door(visit, site, watched):
    watched.allowed = "401"
    page = visit(Role.VIEWER)
    doors: list[str] = []
    page.on("request", lambda request: doors.append(request.url) if request.is_navigation_request() else None)
    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    with httpx.Client(base_url=site.url, cookies=cookies) as other:
        csrf = other.get("/api/v1/me").json()["csrf"]
        other.post("/logout", headers={"x-csrf-token": csrf})
    expect(page.locator("input[name=password]")).to_be_visible(timeout=10000)
    assert [url.partition("?")[0] for url in doors] == [f"{site.url}/login"]


def test_a_lost_connection_is_said_and_found_again(visit, watched):
    page = visit(Role.VIEWER)
    page.context.set_offline(True)
    page.evaluate("document.title")  # the page itself still stands
    page.context.set_offline(False)
    expect(page.locator("#connection")).to_have_text("实时", timeout=10000)
    caused = ("ERR_INTERNET_DISCONNECTED", "refresh failed")  # by whatever was being fetched at that moment
    watched.complaints[:] = [told for told in watched.complaints if not any(part in told for part in caused)]


def test_sound_is_off_until_a_person_wants_it(visit):
    page = visit()
    sound = page.locator("#sound")
    assert sound.get_attribute("aria-pressed") == "false"
    sound.click()
    expect(sound).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(page.locator("#sound")).to_have_attribute("aria-pressed", "true")


def test_the_password_of_the_tests_is_not_in_any_page(visit, site):
    page = visit()
    page.goto(f"{site.url}/accounts")
    assert web.PASSWORD not in page.content()
    assert "$argon2" not in page.content()
