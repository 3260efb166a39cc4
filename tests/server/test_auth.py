import concurrent.futures
import statistics
import time

import pytest
from sqlalchemy import func, select, update

from server import auth, tables
from server.roles import Role
from server.settings import ServerSettings, Web
from server.web import limits, passwords
from tests.server import web

S = 10**9
WRONG = {"name": "viewer", "password": "wrong password"}
RIGHT = {"name": "viewer", "password": web.PASSWORD}


@pytest.fixture
def engine(tmp_path):
    with web.database(tmp_path) as engine:
        web.put_account(engine, Role.VIEWER)
        yield engine


@pytest.fixture
def client(engine):
    with web.visitor(web.make_app(engine), None) as client:
        yield client


def failures(engine) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(tables.login_failure)).scalar_one()


def sessions(engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.execute(select(tables.session.c.token_sha256)).scalars())


def test_the_right_password_opens_and_only_the_hash_of_the_token_is_kept(engine, client):
    answer = client.post("/login", data=RIGHT)
    token = client.cookies["wavewarden_session"]
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert len(token) >= 43
    assert sessions(engine) != [token]
    assert client.get("/api/v1/me").json()["name"] == "viewer"
    with engine.connect() as connection:
        stored = connection.connection.driver_connection.iterdump()
        assert not any(token in line for line in stored)


def test_the_cookie_is_for_the_browser_alone(client):
    header = client.post("/login", data=RIGHT).headers["set-cookie"].lower()
    assert "httponly" in header
    assert "samesite=lax" in header
    assert "path=/" in header
    assert "secure" not in header


def test_behind_https_the_cookie_is_secure_and_bound_to_the_host(engine):
    app = web.make_app(engine, ServerSettings(web=Web(secure_cookies=True)))
    with web.visitor(app, None) as client:
        header = client.post("/login", data=RIGHT).headers["set-cookie"]
    assert header.startswith("__Host-wavewarden_session=")
    assert "secure" in header.lower()


def test_a_wrong_password_and_an_unknown_name_read_the_same(client):
    one = client.post("/login", data=WRONG)
    other = client.post("/login", data={**WRONG, "name": "nobody"})
    assert one.status_code == other.status_code == 401
    assert one.text.replace("viewer", "") == other.text.replace("nobody", "")


def test_an_unknown_name_takes_as_long_as_a_wrong_password():
    def seconds(password_hash: str | None) -> float:
        start = time.perf_counter()
        passwords.password_fits(password_hash, "wrong password")
        return time.perf_counter() - start

    password_hash = passwords.hash_password(web.PASSWORD)
    known = statistics.median(seconds(password_hash) for _ in range(5))
    unknown = statistics.median(seconds(None) for _ in range(5))
    assert 0.5 < unknown / known < 2.0  # the same work; the rest is the machine's


def test_a_login_makes_a_new_session_and_ends_the_one_before(engine, client):
    client.post("/login", data=RIGHT)
    first = client.cookies["wavewarden_session"]
    client.post("/login", data=RIGHT)
    assert client.cookies["wavewarden_session"] != first
    assert len(sessions(engine)) == 1


def test_a_token_that_was_planted_before_login_is_worth_nothing_after(engine, client):
    client.cookies["wavewarden_session"] = "planted"
    client.post("/login", data=RIGHT)
    client.cookies.clear()
    assert client.get("/api/v1/me", headers={"cookie": "wavewarden_session=planted"}).status_code == 401


def test_ten_wrong_passwords_close_an_account_even_for_the_right_one_and_a_restart_forgives_nothing(engine, client):
    for n in range(limits.BY_ACCOUNT):
        assert client.post("/login", data={**WRONG, "name": "VIEWER" if n % 2 else "viewer"}).status_code == 401
    assert client.post("/login", data=RIGHT).status_code == 429
    with web.visitor(web.make_app(engine), None) as again:
        answer = again.post("/login", data=RIGHT)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 900


def test_thirty_wrong_passwords_close_an_address_for_every_name(client):
    for n in range(limits.BY_ADDRESS):
        assert client.post("/login", data={**WRONG, "name": f"name{n}"}).status_code == 401
    assert client.post("/login", data=RIGHT).status_code == 429


def test_the_account_opens_again_after_a_quarter_of_an_hour(engine, client):
    for _ in range(limits.BY_ACCOUNT):
        client.post("/login", data=WRONG)
    with engine.begin() as connection:
        column = tables.login_failure.c.time_utc_ns
        connection.execute(update(tables.login_failure).values({column: column - limits.WINDOW_NS - S}))
    assert client.post("/login", data=RIGHT).status_code == 303


def test_tries_side_by_side_do_not_slip_through(engine, client):
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: client.post("/login", data=WRONG).status_code, range(24)))
    assert answers.count(401) == limits.BY_ACCOUNT
    assert answers.count(429) == 24 - limits.BY_ACCOUNT


def test_a_crowd_at_the_door_is_sent_away_instead_of_taking_every_thread(engine, client):
    for _ in range(8):
        assert passwords.WAITING.acquire(blocking=False)
    try:
        assert client.post("/login", data=RIGHT).status_code == 503
        assert failures(engine) == 0
    finally:
        passwords.WAITING.release(8)
    assert client.post("/login", data=RIGHT).status_code == 303


def test_right_passwords_are_not_counted(engine, client):
    for _ in range(limits.BY_ACCOUNT + 2):
        assert client.post("/login", data=RIGHT).status_code == 303
    assert failures(engine) == 0


@pytest.mark.parametrize(
    ("address", "block"),
    [("192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"), ("testclient", "testclient")],
)
def test_an_ipv6_household_is_one_address(address, block):
    assert limits.address_block(address) == block


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://testserver.evil.example"])
def test_a_login_sent_by_another_sites_page_is_refused(client, origin):
    assert client.post("/login", data=RIGHT, headers={"origin": origin}).status_code == 403


def test_a_change_without_the_token_is_refused_and_with_it_done(engine):
    with web.visitor(web.make_app(engine), Role.VIEWER) as client:
        token = client.headers.pop("X-CSRF-Token")
        assert client.post("/logout").status_code == 403
        assert client.post("/logout", data={"csrf": "guess"}).status_code == 403
        foreign = {"origin": "https://evil.example", "x-csrf-token": token}
        assert client.post("/logout", headers=foreign).status_code == 403
        assert client.post("/logout", data={"csrf": token}).status_code == 303


def test_after_logout_the_old_token_opens_nothing(engine):
    with web.visitor(web.make_app(engine), Role.VIEWER) as client:
        token = client.cookies["wavewarden_session"]
        client.post("/logout")
        assert client.get("/api/v1/me", headers={"cookie": f"wavewarden_session={token}"}).status_code == 401


def test_a_session_ends_by_itself_when_it_is_not_used(engine):
    app = web.make_app(engine)
    with web.visitor(app, Role.VIEWER) as client:
        with engine.begin() as connection:
            column = tables.session.c.last_used_utc_ns
            connection.execute(update(tables.session).values({column: column - 13 * 3600 * S}))
        assert client.get("/api/v1/me").status_code == 401


def test_where_to_go_after_login_is_always_this_site(client):
    for place in ("https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a\r\nb: c"):
        assert client.post("/login", data={**RIGHT, "next": place}).headers["location"] == "/"
    assert client.post("/login", data={**RIGHT, "next": "/cases?sort=level"}).headers["location"] == "/cases?sort=level"


def test_the_first_administrator_has_a_one_time_password_and_must_choose_another(tmp_path):
    with web.database(tmp_path) as engine:
        password = auth.create_first_administrator(engine)
        assert auth.create_first_administrator(engine) is None
        with web.visitor(web.make_app(engine), None) as client:
            client.post("/login", data={"name": auth.FIRST_NAME, "password": password})
            assert client.get("/", headers={"accept": "text/html"}).headers["location"] == "/password"
            assert client.get("/api/v1/cases").status_code == 403
            page = client.get("/password").text
            csrf = page.split('name="csrf" value="')[1].split('"')[0]
            form = {"csrf": csrf, "old": password, "new": "a longer secret", "again": "a longer secret"}
            for bad in ({"old": "wrong"}, {"again": "other"}, {"new": "short", "again": "short"}):
                assert client.post("/password", data={**form, **bad}).status_code == 422
            assert client.post("/password", data={**form, "new": password, "again": password}).status_code == 422
            before = client.cookies["wavewarden_session"]
            assert client.post("/password", data=form).status_code == 303
            assert client.cookies["wavewarden_session"] != before
            assert client.get("/api/v1/cases").status_code == 200
            assert client.post("/login", data={"name": auth.FIRST_NAME, "password": password}).status_code == 401


CSRF = {"csrf": "the header holds it"}


def shown_password(answer) -> str:
    return answer.text.split("<code>")[1].split("</code>")[0]


def account_id(engine, name: str) -> int:
    with engine.connect() as connection:
        return next(account.id for account in auth.accounts(connection) if account.name == name)


def test_an_administrator_adds_changes_resets_and_disables_accounts_and_all_of_it_is_written_down(engine):
    app = web.make_app(engine, ServerSettings(language="en"))
    with web.visitor(app, Role.ADMINISTRATOR) as admin, web.visitor(app, None) as other:

        def login(password: str) -> int:
            return other.post("/login", data={"name": "李工", "password": password}).status_code

        first = shown_password(admin.post("/accounts", data={"name": "李工", "role": "monitor", **CSRF}))
        assert login(first) == 303
        path = f"/accounts/{account_id(engine, '李工')}"
        assert admin.post(f"{path}/role", data={"role": "viewer", **CSRF}).status_code == 303
        assert other.get("/password").status_code == 401, "a change of role ends the sessions"
        second = shown_password(admin.post(f"{path}/reset", data=CSRF))
        assert (login(first), login(second)) == (401, 303)
        assert admin.post(f"{path}/disable", data=CSRF).status_code == 303
        assert other.get("/password").status_code == 401
        assert login(second) == 401
        log = admin.get("/audit").text
    for said in ("Added an account", "Changed a role", "Reset a password", "Disabled an account", "Login failed"):
        assert said in log
    assert first not in log
    assert second not in log


@pytest.mark.parametrize("name", ["", "a b", "x" * 65, "tab\t", "\u200b"])
def test_a_name_that_cannot_be_typed_again_is_refused(engine, name):
    with pytest.raises(auth.BadName):
        auth.add_account(engine, name, Role.VIEWER)


def test_two_accounts_do_not_share_a_name(engine):
    with pytest.raises(auth.NameTaken):
        auth.add_account(engine, "viewer", Role.VIEWER)


def test_the_last_administrator_cannot_be_disabled_or_demoted(engine):
    auth.create_first_administrator(engine)
    auth.add_account(engine, "root", Role.ADMINISTRATOR)
    with engine.connect() as connection:
        id = next(account.id for account in auth.accounts(connection) if account.name == "root")
    for change in (
        lambda: auth.disable(engine, id, by=auth.COMMAND_LINE),
        lambda: auth.change_role(engine, id, Role.VIEWER, by=auth.COMMAND_LINE),
    ):
        with pytest.raises(auth.LastAdministrator):
            change()


def test_hashes_are_argon2id_with_their_own_salt():
    one, other = passwords.hash_password(web.PASSWORD), passwords.hash_password(web.PASSWORD)
    assert one.startswith("$argon2id$")
    assert one != other
