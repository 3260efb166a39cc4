import pytest
from fastapi.routing import APIRoute
from starlette.routing import Mount

from server.roles import ROUTES, Role
from tests.server import made, web

FILLED = {"{id}": "1", "{code}": "zh", "{layer}": "base", "{z}": "1", "{x}": "0", "{y}": "0"}
PEOPLE = [None, *Role]


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    with web.database(tmp_path_factory.mktemp("roles")) as engine:
        made.fill(engine)
        app = web.make_app(engine)
        app.state.site.news.close()  # so that /events answers and ends
        yield app


def fill(path: str) -> str:
    for name, value in FILLED.items():
        path = path.replace(name, value)
    return path


def routes_of(app) -> set[tuple[str, str]]:
    found = set()
    for route in web.all_routes(app):
        if isinstance(route, APIRoute):
            found |= {(method, route.path) for method in route.methods}
        else:
            assert isinstance(route, Mount) and route.path.startswith("/static"), f"an unknown kind of route: {route}"
    return found


def test_every_route_stands_in_the_table_and_the_table_holds_nothing_else(app):
    assert routes_of(app) == set(ROUTES)


@pytest.mark.parametrize("person", PEOPLE, ids=lambda role: role.text if role else "nobody")
def test_a_role_opens_exactly_the_routes_of_the_table(app, person):
    with web.visitor(app, person) as client:
        for (method, path), needed in ROUTES.items():
            if path == "/logout":
                continue
            status = client.request(method, fill(path), headers={"accept": "application/json"}).status_code
            if needed is None:
                assert status not in (401, 403), (method, path, status)
            elif person is None:
                assert status == 401, (method, path, status)
            elif person < needed:
                assert status == 403, (method, path, status)
            else:
                assert status not in (401, 403, 500), (method, path, status)


def test_a_route_that_is_not_in_the_table_is_refused_to_everybody(tmp_path):
    with web.database(tmp_path) as engine:
        app = web.make_app(engine)

        @app.get("/new")
        def new() -> str:
            return "open"

        with web.visitor(app, Role.ADMINISTRATOR) as client:
            assert client.get("/new").status_code == 403
