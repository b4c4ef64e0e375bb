"""Every route, asked by everybody: who is let in is what its permit says."""

from collections.abc import Callable

import pytest

from chalicelib import http
from chalicelib.http import Route
from chalicelib.model import Role, StaffRole
from tests.api import Api
from tests.cast import Cast, Person, new_session
from tests.staff.people import staff_person
from tests.world import World


def _locked(api: Api) -> Person:
    """Somebody of staff whose sessions go on, though nobody can sign in as them for a while."""
    for _ in range(6):
        api.post("/staff/sessions", {"username": "lou", "password": "a guess"})
    return staff_person("lou")


def _ended(api: Api) -> Person:
    person = staff_person("ned")
    api.staff("end_staff", name="ned")
    return person


WHO: dict[str, tuple[Callable[[Cast], Person] | None, set[Role]]] = {
    "nobody": (None, set()),
    "plain_user": (lambda cast: cast.plain_user, set()),
    "support_user": (lambda cast: cast.support_user, {"support_user"}),
    "site_admin": (lambda cast: cast.site_admin, {"site_admin"}),
    "outsider": (lambda cast: cast.outsider, {"site_admin"}),
    "clinician": (lambda cast: cast.clinician, set()),
    "master": (lambda cast: cast.master, set()),
}
STAFF: dict[str, tuple[Callable[[Api], Person], set[StaffRole]]] = {
    "support": (lambda _: staff_person("sam", "support"), {"support"}),
    "accounting": (lambda _: staff_person("kim", "accounting"), {"accounting"}),
    "without two-factor": (lambda _: staff_person("new", enrolled=False), {"support"}),
    "locked": (_locked, {"support"}),
    "ended": (_ended, set()),
}
DOOR = {"not_signed_in", "enrollment_required", "role_required", "privilege_required"}
"""The codes of those who are turned away before a route's own rules are asked."""


def expected(route: Route, signed_in: bool, roles: set[Role]) -> str | None:
    """The code with which the permit turns somebody away, or None."""
    if not route.permit.signed_in:
        return None
    if not signed_in or route.permit.staff:
        return "not_signed_in"
    return "role_required" if route.permit.role and route.permit.role not in roles else None


def expected_of_staff(route: Route, who: str, roles: set[StaffRole]) -> str | None:
    """The same for the vendor's people: the customers' routes know them not."""
    if not route.permit.signed_in:
        return None
    if not route.permit.staff or who == "ended":
        return "not_signed_in"
    if who == "without two-factor" and not route.permit.enrolling:
        return "enrollment_required"
    return None if roles & set(route.permit.staff) else "role_required"


def filled(route: Route, provider_id: str = "pat") -> str:
    """The route's path with a parameter that fits a username, a token and an id alike."""
    path = route.path.replace("{provider_id}", provider_id).replace("{copy_id}", f"cpy_1_{provider_id}")
    return "/".join("pat" if part.startswith("{") else part for part in path.split("/"))


@pytest.mark.parametrize("who", WHO)
def test_every_route_lets_in_whom_its_permit_names(api: Api, cast: Cast, who: str) -> None:
    person_of, roles = WHO[who]
    for route in http.ROUTES:
        person = person_of(cast) if person_of else None
        assert turned_away(api, route, person) == expected(route, person is not None, roles), route.name


@pytest.mark.parametrize("who", STAFF)
def test_staff_reach_their_own_routes_by_role_and_no_others(api: Api, cast: Cast, who: str) -> None:
    person_of, roles = STAFF[who]
    person = person_of(api)
    for route in http.ROUTES:
        assert turned_away(api, route, person) == expected_of_staff(route, who, roles), route.name


def turned_away(api: Api, route: Route, person: Person | None) -> str | None:
    """The code with which somebody is turned away at the door of a route, asked with a session of its own."""
    token = new_session(person.username, person.practice_id) if person else None
    answer = api.request(route.method, filled(route), {} if route.command else None, token=token)
    is_problem = answer.headers["Content-Type"] == "application/problem+json"
    assert answer.status_code < 500, route.name
    assert is_problem == (answer.status_code >= 400), route.name
    code = answer.json_body["code"] if is_problem else None
    return code if code in DOOR else None


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
    assert rooms <= {"system", "identity", "staff", "support"}
    assert {route.name for route in http.ROUTES if not route.permit.signed_in and route.room != "system"} == {
        "POST /sign-up",
        "POST /sessions",
        "POST /owner-verifications/{token}",
        "POST /password-resets",
        "POST /password-resets/{token}",
        "POST /emergency-tickets",
        "POST /recoveries",
        "POST /recoveries/{token}",
        "POST /staff/sessions",
        "POST /staff/password-resets/{token}",
    }
