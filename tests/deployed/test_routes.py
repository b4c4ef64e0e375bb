"""Every route runs in its own room's function, whoever asks; what no route serves never reaches one."""

from typing import Any

import pytest

from chalicelib.http import ROUTES, Route
from deploy import names
from tests.deployed.system import NOBODY, Deployed, Latency
from tests.e2e.running import send

pytestmark = pytest.mark.usefixtures("started")


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_a_route_runs_in_its_own_rooms_function(route: Route, deployed: Deployed) -> None:
    body: Any = None if route.method in ("GET", "DELETE") else {}
    path = route.path.replace("{", "").replace("}", "")
    answer = deployed.call(route.method, path, body, Authorization=f"Bearer {NOBODY}")
    if route.permit.signed_in:
        assert (answer.status, answer.body["code"]) == (401, "not_signed_in")


def test_rooms_do_not_share_the_catch_all(started: dict[str, Latency]) -> None:
    serving = {route.room: names.serving(route.room) for route in ROUTES}
    assert serving.pop("system") == "api_handler"
    assert "api_handler" not in serving.values()
    assert len(set(serving.values())) == len(serving)


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/no/such/path"), ("DELETE", "/health"), ("OPTIONS", "/licenses")]
)
def test_what_no_route_serves_is_a_problem_of_the_gateways(method: str, path: str, deployed: Deployed) -> None:
    answer = send(deployed.url, method, path, None, {})
    assert (answer.status, answer.body["code"]) == (404, "not_found")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.body["request_id"]
