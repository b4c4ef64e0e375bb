"""Every route, asked by everybody: who is let in is what its permit says."""

from collections.abc import Callable

import pytest

from chalicelib import http
from chalicelib.http import Route
from chalicelib.model import Role
from tests.api import Api
from tests.cast import Cast, Person, new_session
from tests.world import World

WHO: dict[str, tuple[Callable[[Cast], Person] | None, set[Role]]] = {
    "nobody": (None, set()),
    "plain_user": (lambda cast: cast.plain_user, set()),
    "support_user": (lambda cast: cast.support_user, {"support_user"}),
    "site_admin": (lambda cast: cast.site_admin, {"site_admin"}),
    "outsider": (lambda cast: cast.outsider, {"site_admin"}),
    "clinician": (lambda cast: cast.clinician, set()),
    "master": (lambda cast: cast.master, set()),
}
DOOR = {"not_signed_in", "enrollment_required", "role_required", "privilege_required"}
"""The codes of those who are turned away before a route's own rules are asked."""


def expected(route: Route, signed_in: bool, roles: set[Role]) -> str | None:
    """The code with which the permit turns somebody away, or None."""
    if not route.permit.signed_in:
        return None
    if not signed_in:
        return "not_signed_in"
    return "role_required" if route.permit.role and route.permit.role not in roles else None


def filled(route: Route, provider_id: str = "pat") -> str:
    """The route's path with a parameter that fits a username, a token and an id alike."""
    path = route.path.replace("{provider_id}", provider_id)
    return "/".join("pat" if part.startswith("{") else part for part in path.split("/"))


@pytest.mark.parametrize("who", WHO)
def test_every_route_lets_in_whom_its_permit_names(api: Api, cast: Cast, who: str) -> None:
    person_of, roles = WHO[who]
    for route in http.ROUTES:
        token = None
        if person_of is not None:
            person = person_of(cast)
            token = new_session(person.username, person.practice_id)
        answer = api.request(route.method, filled(route), {} if route.command else None, token=token)
        is_problem = answer.headers["Content-Type"] == "application/problem+json"
        code = answer.json_body["code"] if is_problem else None
        assert (code if code in DOOR else None) == expected(route, person_of is not None, roles), route.name
        assert answer.status_code < 500, route.name
        assert is_problem == (answer.status_code >= 400), route.name


@pytest.mark.parametrize("who", ["nobody", "plain_user", "support_user"])
def test_who_is_turned_away_changes_nothing(api: Api, cast: Cast, world: World, who: str) -> None:
    person_of, roles = WHO[who]
    token = person_of(cast).token if person_of else None
    bodies = {"/license-orders": {"physician": 1, "midlevel": 0, "agreement_version": "x", "agreement_accepted": True}}
    before = world.everything()
    for route in http.ROUTES:
        if expected(route, token is not None, roles):
            path = filled(route)
            api.request(route.method, path, bodies.get(path, {}), token=token, key="some-key")
    assert world.everything() == before


def test_the_public_routes_are_a_short_list() -> None:
    rooms = {route.room for route in http.ROUTES if not route.permit.signed_in}
    assert rooms <= {"system", "identity"}
    assert {route.name for route in http.ROUTES if not route.permit.signed_in and route.room == "identity"} == {
        "POST /sign-up",
        "POST /sessions",
        "GET /owner-verifications/{token}",
        "POST /owner-verifications/{token}",
        "POST /password-resets",
        "GET /password-resets/{token}",
        "POST /password-resets/{token}",
    }
