"""Every route of a section: what it asks for, and who is let in. With every privilege: `test_tenancy.py`."""

from typing import Any

import pytest

from chalicelib import http
from chalicelib.http import Route
from chalicelib.identity.model import Privileges
from chalicelib.model import Privilege
from tests.api import Api
from tests.cast import Cast, Person, give_access, take_access
from tests.contract.test_permits import filled
from tests.identity.reaching import bring_back, end
from tests.world import World

ROUTES = [route for route in http.ROUTES if route.permit.section]
RANKS: dict[Privilege, int] = {"none": 0, "view": 1, "full": 2}
_TAKE = "DELETE /providers/{provider_id}/usernames/{username}"
LET_IN, MISSING = "let in", "There is no such provider account, or none that you reach."


def door(api: Api, route: Route, provider_id: str, who: Person) -> str:
    """How the door answers: with the code of its refusal, or LET_IN. What the room says afterwards is not asked."""
    path, body = filled(route, provider_id), named(route, provider_id)
    answer = api.request(route.method, path, body, token=who.token)
    assert answer.status_code < 500, route.name
    problem: dict[str, Any] = answer.json_body if answer.status_code >= 400 else {"code": "", "detail": ""}
    refused = problem["code"] in ("not_signed_in", "privilege_required") or problem["detail"] == MISSING
    return str(problem["code"]) if refused else LET_IN


def named(route: Route, provider_id: str) -> dict[str, str] | None:
    """A body that names the account wherever the route's permit asks for one."""
    permit = route.permit
    return (
        dict.fromkeys((permit.account, permit.source), provider_id) if permit.source else {} if route.command else None
    )


def needed(route: Route) -> Privilege:
    """The privilege that a route needs for what concerns others. Of oneself nobody is asked for one."""
    return "full" if route.name == _TAKE else route.permit.privilege


def test_there_are_routes_that_view_and_routes_that_need_full() -> None:
    assert {route.permit.privilege for route in ROUTES} == {"view", "full", "none"}


def test_what_only_reads_asks_for_view_and_what_changes_asks_for_full() -> None:
    rooms = [route for route in ROUTES if route.room != "linking"]
    assert {route.name for route in rooms if (route.permit.privilege == "view") != (route.method == "GET")} == set()


def test_who_reaches_an_account_is_shown_to_those_who_manage_it_and_all_may_leave() -> None:
    linking = [route for route in ROUTES if route.room == "linking"]
    assert {route.permit.section for route in linking} == {"profile"}
    any_grant = {route.name for route in linking if route.permit.privilege == "none"}
    assert any_grant == {_TAKE, "GET /providers/{provider_id}/usernames"}  # one's own, and what one has let in
    assert {route.permit.privilege for route in linking if route.name not in any_grant} == {"full"}


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_an_account_is_missing_for_all_others_and_when_it_is_inactive(api: Api, cast: Cast, route: Route) -> None:
    ours, theirs = cast.site_admin.practice_id, cast.outsider.practice_id

    def asked(who: Person, provider_id: str = cast.provider_id) -> str:
        return door(api, route, provider_id, who)

    assert [asked(who) for who in (cast.site_admin, cast.clinician, cast.master)] == [LET_IN] * 3
    assert [asked(who) for who in (cast.plain_user, cast.support_user, cast.outsider)] == ["not_found"] * 3
    assert [asked(who, "prv_none") for who in (cast.site_admin, cast.clinician, cast.master)] == ["not_found"] * 3
    assert [asked(who, cast.their_provider_id) for who in (cast.site_admin, cast.clinician)] == ["not_found"] * 2
    end(ours, cast.provider_id)
    assert [asked(who) for who in (cast.site_admin, cast.master, cast.outsider)] == [LET_IN, "not_found", "not_found"]
    assert asked(cast.clinician) == "not_signed_in"  # it reached nothing else
    bring_back(ours, cast.provider_id)
    take_access("max", ours, cast.provider_id)
    assert asked(cast.master) == "not_found"
    assert asked(cast.master, cast.their_provider_id) == LET_IN
    end(theirs, cast.their_provider_id)
    assert asked(cast.master, cast.their_provider_id) == "not_signed_in"


def test_who_is_not_let_in_changes_nothing(api: Api, cast: Cast, world: World) -> None:
    give_access("max", cast.site_admin.practice_id, cast.provider_id, Privileges())
    before = world.everything()
    for route in ROUTES:
        for who in (cast.master, cast.plain_user, cast.support_user, cast.outsider):
            path = filled(route, cast.provider_id)
            body = named(route, cast.provider_id)
            api.request(route.method, path, body, token=who.token, key="some-key", headers={"If-Match": "*"})
    assert world.everything() == before
