"""POST /staff/tickets/{ticket_id}/approve and /decline: the decision and the deed are one."""

from typing import Any

import pytest

from tests.api import Api
from tests.cast import Cast, Person
from tests.identity.steps import change, login
from tests.licensing.orders import placed
from tests.staff.people import staff_person
from tests.staff.test_tickets import place
from tests.support.steps import filed, said_on, shown
from tests.world import World


@pytest.fixture
def sam(api: Api) -> Person:
    return staff_person("sam")


def approve(api: Api, sam: Person, person: Person, number: int, **body: Any) -> Any:
    return api.post(place(person, number, "approve"), body, sam.token)


def decline(api: Api, sam: Person, person: Person, number: int) -> Any:
    return api.post(place(person, number, "decline"), {"body": "Your contract runs until July."}, sam.token)


def refusal(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json_body["code"]


def fewer(api: Api, cast: Cast) -> int:
    """A ticket for one license less."""
    placed(api, cast, physician=2, midlevel=0)
    return filed(api, cast.site_admin, category="license_decrease", request={"physician": 1})


def test_an_approved_decrease_is_decided_with_its_ticket(api: Api, cast: Cast, sam: Person) -> None:
    number = fewer(api, cast)
    answer = approve(api, sam, cast.site_admin, number, body="Done.")
    assert answer.status_code == 200
    assert (answer.json_body["status"], answer.json_body["decision"]) == ("solved", "approved")
    (decrease,) = api.get("/license-decreases", cast.site_admin.token).json_body["items"]
    assert (decrease["status"], decrease["decided_by"]) == ("approved", "staff:sam")
    ticket = shown(api, cast.site_admin, number)
    assert (ticket["decision"], [each["by"] for each in ticket["approvals"]]) == ("approved", ["staff:sam"])
    assert said_on(api, cast.site_admin, number) == ["Done."]
    types = [each["type"] for each in api.get("/audit?limit=2", cast.site_admin.token).json_body["items"]]
    assert set(types) == {"ticket.decided", "license_decrease.approved"}


def test_a_declined_one_says_why(api: Api, cast: Cast, sam: Person) -> None:
    number = fewer(api, cast)
    assert decline(api, sam, cast.site_admin, number).json_body["decision"] == "declined"
    (decrease,) = api.get("/license-decreases", cast.site_admin.token).json_body["items"]
    assert decrease["status"] == "declined"
    assert said_on(api, cast.site_admin, number) == ["Your contract runs until July."]


def test_a_ticket_is_decided_once(api: Api, cast: Cast, sam: Person, world: World) -> None:
    number = fewer(api, cast)
    approve(api, sam, cast.site_admin, number)
    before = world.everything()
    for again in (approve, decline):
        assert refusal(again(api, sam, cast.site_admin, number)) == (409, "already_decided")
    assert world.everything() == before


def test_a_ticket_that_asks_for_nothing_is_not_decided(api: Api, cast: Cast, sam: Person, world: World) -> None:
    number = filed(api, cast.site_admin)
    before = world.everything()
    for decide in (approve, decline):
        assert refusal(decide(api, sam, cast.site_admin, number)) == (409, "nothing_to_decide")
    assert world.everything() == before


def test_a_repeat_with_its_key_decides_once(api: Api, cast: Cast, sam: Person) -> None:
    path = place(cast.site_admin, fewer(api, cast), "approve")
    first, second = (api.post(path, {}, sam.token, key="once") for _ in range(2))
    assert (second.status_code, second.body) == (first.status_code, first.body)


# --- Roles --------------------------------------------------------------------------------------------------------


def asked(username: str, role: str = "support_user", action: str = "add") -> dict[str, Any]:
    """A ticket for a change of roles."""
    return {"category": "role_change", "request": {"username": username, "role": role, "action": action}}


def test_an_approved_role_holds_from_the_next_request_and_the_audit_names_the_ticket(
    api: Api, cast: Cast, sam: Person
) -> None:
    assert api.get("/users", cast.plain_user.token).status_code == 403
    number = filed(api, cast.site_admin, **asked("pat", "site_admin"))
    assert approve(api, sam, cast.site_admin, number).status_code == 200
    assert login("pat").roles == {"site_admin"}
    refused = api.get("/users", cast.plain_user.token)
    assert refusal(refused) == (403, "enrollment_required"), "two-factor comes first"
    trail = api.get("/audit?limit=2", cast.site_admin.token).json_body["items"]
    added = next(each for each in trail if each["type"] == "role.added")
    assert (added["actor"], added["subject"]) == ("staff:sam", "pat")
    assert added["after"] == {"roles": ["site_admin"], "ticket_id": place(cast.site_admin, number).rpartition("/")[2]}


def test_an_approved_removal_takes_the_role(api: Api, cast: Cast, sam: Person) -> None:
    number = filed(api, cast.site_admin, **asked("sue", "support_user", "remove"))
    assert approve(api, sam, cast.site_admin, number).status_code == 200
    assert not login("sue").roles


def test_a_declined_role_changes_nothing_but_the_ticket(api: Api, cast: Cast, sam: Person) -> None:
    number = filed(api, cast.site_admin, **asked("pat"))
    assert decline(api, sam, cast.site_admin, number).status_code == 200
    assert not login("pat").roles


def test_what_can_not_be_done_is_not_decided(api: Api, cast: Cast, sam: Person, world: World) -> None:
    number = filed(api, cast.site_admin, **asked("ada", "site_admin", "remove"))
    before = world.everything()
    assert refusal(approve(api, sam, cast.site_admin, number)) == (409, "last_site_admin")
    assert world.everything() == before
    held = filed(api, cast.site_admin, **asked("sue"))
    assert refusal(approve(api, sam, cast.site_admin, held)) == (409, "role_held")


def test_only_a_current_site_admins_wish_is_granted(api: Api, cast: Cast, sam: Person, world: World) -> None:
    number = filed(api, cast.site_admin, **asked("pat", "site_admin"))
    change("ada", roles={"support_user"})
    before = world.everything()
    assert refusal(approve(api, sam, cast.site_admin, number)) == (409, "asker_not_site_admin")
    assert world.everything() == before
    assert decline(api, sam, cast.site_admin, number).status_code == 200
    change("ada", roles={"site_admin"})  # as the practice's own row says


def test_a_site_admins_wish_brings_a_username_back(api: Api, cast: Cast, sam: Person) -> None:
    assert api.post("/users/pat/deactivate", None, cast.site_admin.token).status_code == 200
    number = filed(api, cast.site_admin, category="reactivation", request={"username": "pat"})
    assert approve(api, sam, cast.site_admin, number).status_code == 200
    assert login("pat").status == "active"
    trail = api.get("/audit?limit=2", cast.site_admin.token).json_body["items"]
    back = next(each for each in trail if each["type"] == "username.reactivated")
    assert back["after"]["ticket_id"] == place(cast.site_admin, number).rpartition("/")[2]
